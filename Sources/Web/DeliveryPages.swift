/// What was sent to whom, and what could not be.
public protocol DeliveryPages: Sendable {}
