/// Daily, monthly and annual reports, and the billed volume that they need.
public protocol ReportPages: Sendable {}
