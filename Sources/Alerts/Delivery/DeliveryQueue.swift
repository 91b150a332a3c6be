/// The durable queue that a worker serves. Implemented over the store by the service.
public protocol DeliveryQueue: Sendable {
  /// The next delivery due at `now` (Unix ms): its id, the attempts made so far, and what to tell. Nil when there is none.
  func nextDue(endpoint: String, now: Int64) throws -> PendingDelivery?
  /// Unix milliseconds of the next thing to do, nil for nothing.
  func nextTime(endpoint: String) throws -> Int64?
  func record(_ id: Int64, endpoint: String, _ next: DeliveryMachine.Next, now: Int64) throws
  /// The wall clock was set back by so many milliseconds: what is due comes as much earlier by it.
  func clockWentBack(endpoint: String, by milliseconds: Int64) throws
}

/// A delivery to make.
public struct PendingDelivery: Sendable {
  public let id: Int64
  /// Attempts made so far.
  public let attempts: Int
  public let notice: Notice

  public init(id: Int64, attempts: Int, notice: Notice) {
    self.id = id
    self.attempts = attempts
    self.notice = notice
  }
}
