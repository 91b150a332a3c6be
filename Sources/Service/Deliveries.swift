import Alerts
import Readings
import Settings
import Store

/// The store's durable queues as the delivery workers see them.
struct SinkQueue: DeliveryQueue {
  let deliveries: DeliveryStore
  let reader: StoreReader
  let messages: MessageMaker
  /// Event kinds and message types that this endpoint wants.
  let types: Set<String>

  func nextDue(endpoint: String, now: Int64) throws -> PendingDelivery? {
    while true {
      _ = try deliveries.enqueue(endpoint: endpoint, kinds: AlertMessage.toldKinds, now: now)
      guard let row = try deliveries.nextDue(endpoint: endpoint, now: now) else { return nil }
      guard let stored = try reader.outboxRow(row.seq) else {
        try deliveries.record(row.id, .failed(status: nil, error: "outbox row \(row.seq) is gone"), now: now)
        continue
      }
      let message = messages.message(stored)
      guard let type = message.type, types.contains(type) else {
        try deliveries.record(row.id, .delivered(status: 0), now: now)
        continue
      }
      return PendingDelivery(id: row.id, attempts: row.attempts, message: message)
    }
  }

  func nextTime(endpoint: String) throws -> Int64? { try deliveries.nextTime(endpoint: endpoint) }

  func record(_ id: Int64, endpoint: String, _ next: DeliveryMachine.Next, now: Int64) throws {
    switch next {
    case .delivered(let status): try deliveries.record(id, .delivered(status: status), now: now)
    case .retry(let due, let slow, let status, let error):
      try deliveries.record(id, .retry(due: due, status: status, error: error), now: now)
      if slow { try deliveries.slow(endpoint: endpoint, until: due) }
    case .failed(let status, let error): try deliveries.record(id, .failed(status: status, error: error), now: now)
    case .disable(let status, let error):
      try deliveries.record(id, .failed(status: status, error: error), now: now)
      try deliveries.disable(endpoint: endpoint, reason: error)
    }
  }
}

/// Outbox rows as messages with names and price.
struct MessageMaker: Sendable {
  let profiles: ProfileBook

  func message(_ row: OutboxRow) -> AlertMessage {
    AlertMessage(
      seq: row.seq, eventKey: row.eventKey, transitionKey: row.transitionKey, sensor: row.sensor, names: profiles.names(row.sensor),
      transition: row.transition, yenPerCubicMetre: profiles.settings.utility.priceYenPerM3, calendar: profiles.calendar)
  }
}
