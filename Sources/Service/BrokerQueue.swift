import Alerts
import Readings
import Store
import Synchronization

/// The queue of a receiver at the broker. Its messages say besides how their meters stand now, for that is retained; and it tries again as
/// soon as the broker is back, for the service knows when that is.
final class BrokerQueue: DeliveryQueue {
  private let queue: SinkQueue
  private let deliveries: DeliveryStore
  private let messages: MessageMaker
  private let connection: @Sendable () -> Int?
  private let last = Mutex<Int?>(nil)

  /// - Parameter connection: numbers the service's own connections to the broker; nil while there is none.
  init(_ queue: SinkQueue, deliveries: DeliveryStore, messages: MessageMaker, connection: @escaping @Sendable () -> Int?) {
    self.queue = queue
    self.deliveries = deliveries
    self.messages = messages
    self.connection = connection
  }

  func nextDue(endpoint: String, now: Int64) throws -> PendingDelivery? {
    if isNewConnection() { try deliveries.retryNow(endpoint: endpoint, now: now) }
    guard let due = try queue.nextDue(endpoint: endpoint, now: now) else { return nil }
    func complete(_ m: AlertMessage) throws -> AlertMessage {
      guard m.transition.kind.isLeak else { return m }
      var m = m
      m.openLeaks = try deliveries.openLeaks(endpoint: endpoint, device: m.sensor, delivery: due.id).map(messages.message)
      return m
    }
    let notice: Notice =
      switch due.notice {
      case .alert(let m): .alert(try complete(m))
      case .group(let g): .group(GroupNotice(try g.messages.map(complete), isDigest: g.isDigest))
      case .test: due.notice
      }
    return PendingDelivery(id: due.id, attempts: due.attempts, notice: notice)
  }

  func nextTime(endpoint: String) throws -> Int64? { try queue.nextTime(endpoint: endpoint) }

  func record(_ id: Int64, endpoint: String, _ next: DeliveryMachine.Next, now: Int64) throws {
    try queue.record(id, endpoint: endpoint, next, now: now)
  }

  func clockWentBack(endpoint: String, by milliseconds: Int64) throws { try queue.clockWentBack(endpoint: endpoint, by: milliseconds) }

  private func isNewConnection() -> Bool {
    let current = connection()
    return last.withLock { last in
      guard let current, current != last else { return false }
      last = current
      return true
    }
  }
}
