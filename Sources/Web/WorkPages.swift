/// Planned work: what is, was and will be, once and again.
public protocol WorkPages: Sendable {}
