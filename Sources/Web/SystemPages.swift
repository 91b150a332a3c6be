/// The state of the service itself, and who may use it.
public protocol SystemPages: Sendable {}
