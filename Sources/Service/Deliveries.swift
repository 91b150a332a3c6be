import Alerts
import Readings
import Settings
import Store
import Synchronization

/// The durable queue of one endpoint as its delivery worker sees it: the policy decides what is told, this keeps it.
final class SinkQueue: DeliveryQueue {
  private let deliveries: DeliveryStore
  private let reader: StoreReader
  private let messages: MessageMaker
  private let policy: ReceiverPolicy
  /// Whether messages about leaks show the flow of the last day.
  private let drawsCourse: Bool
  private let state = Mutex(State())

  private struct State: Sendable {
    var gauge = StormGauge()
    /// Unix ms of the last look for reminders.
    var reminded = Int64.min
  }

  /// How often open leaks are looked through for reminders, ms.
  private static let reminderPeriod: Int64 = 60_000

  init(deliveries: DeliveryStore, reader: StoreReader, messages: MessageMaker, policy: ReceiverPolicy, drawsCourse: Bool = false) {
    self.deliveries = deliveries
    self.reader = reader
    self.messages = messages
    self.policy = policy
    self.drawsCourse = drawsCourse
  }

  func nextDue(endpoint: String, now: Int64) throws -> PendingDelivery? {
    _ = try deliveries.enqueue(endpoint: endpoint, kinds: AlertMessage.toldKinds, now: now, span: ReceiverPolicy.flappingSpan) {
      row, standing in
      self.place(row, standing, now: now)
    }
    try remind(endpoint, now)
    while let row = try deliveries.nextDue(endpoint: endpoint, now: now) {
      var members = try deliveries.members(of: row.id)
      if row.attempts == 0, members.count == 1 {
        guard try isStillWanted(row) else {
          try deliveries.drop(row.id)
          continue
        }
        if policy.isGrouping, !row.isDigest, try group(row, now) { members = try deliveries.members(of: row.id) }
      }
      let told = try members.compactMap { member in try reader.outboxRow(member.seq).map { try message($0, member) } }
      guard let first = told.first else {
        try deliveries.record(row.id, .failed(status: nil, error: "outbox row \(row.seq) is gone"), now: now)
        continue
      }
      let notice = told.count == 1 ? Notice.alert(first) : .group(GroupNotice(told, isDigest: row.isDigest))
      return PendingDelivery(id: row.id, attempts: row.attempts, notice: notice)
    }
    return nil
  }

  func nextTime(endpoint: String) throws -> Int64? { try deliveries.nextTime(endpoint: endpoint) }

  func record(_ id: Int64, endpoint: String, _ next: DeliveryMachine.Next, now: Int64) throws {
    switch next {
    case .delivered(let status):
      let isGroup = policy.isGrouping ? try deliveries.members(of: id).count > 1 : false
      state.withLock { $0.gauge.note(isGroup: isGroup, now: now) }
      try deliveries.record(id, .delivered(status: status), now: now)
    case .retry(let due, let slow, let status, let error):
      try deliveries.record(id, .retry(due: due, status: status, error: error), now: now)
      if slow { try deliveries.slow(endpoint: endpoint, until: due) }
    case .failed(let status, let error): try deliveries.record(id, .failed(status: status, error: error), now: now)
    case .disable(let status, let error):
      try deliveries.record(id, .failed(status: status, error: error), now: now)
      try deliveries.disable(endpoint: endpoint, reason: error)
    }
  }

  func clockWentBack(endpoint: String, by milliseconds: Int64) throws {
    try deliveries.advanceQueue(endpoint: endpoint, by: milliseconds)
    state.withLock { $0 = State() }
  }

  // MARK: - Steps

  private func place(_ row: OutboxRow, _ known: DeliveryStanding, now: Int64) -> DeliveryPlacement {
    var standing = ReceiverPolicy.Standing()
    // What waits for somebody's acknowledgement has not been told yet.
    standing.isFollowUp = policy.unacknowledgedAfter > 0 ? known.isAttempted : known.isQueued
    standing.digestOfEvent = known.digestOfEvent
    standing.digestOfMeter = known.digestOfMeter
    standing.recentOpenings = known.recentOpenings
    standing.isInDigest = known.isInDigest
    let message = messages.message(row)
    switch policy.place(message, standing, now: now) {
    case .notTold: return .notTold
    case .queue(let due):
      return .queue(due: policy.isGrouping ? state.withLock { $0.gauge.earliest(due, isUrgent: message.isLargeBurst) } : due)
    case .digest(let due): return .digest(due: due)
    case .join(let id): return .join(id)
    }
  }

  private func message(_ row: OutboxRow, _ delivery: DeliveryRow) throws -> AlertMessage {
    var m = messages.message(row)
    if drawsCourse, m.transition.kind.isLeak, m.transition.change != .closed {
      m.course = try reader.hourlyMeans(m.transition.slot, before: m.transition.time, hours: 24)
    }
    if delivery.round > 0 {
      m.occasion = .reminder(delivery.round)
    } else if policy.unacknowledgedAfter > 0, m.transition.change == .opened || m.transition.change == .escalated {
      m.occasion = .unacknowledged(minutes: Int(policy.unacknowledgedAfter / 60_000))
    }
    return m
  }

  /// A reminder, or what waited for an acknowledgement, is needless once the leak has ended or somebody has said something of it.
  private func isStillWanted(_ row: DeliveryRow) throws -> Bool {
    guard row.round > 0 || policy.unacknowledgedAfter > 0, let stored = try reader.outboxRow(row.seq),
      stored.transition.change != .closed
    else { return true }
    guard try reader.event(key: stored.eventKey)?.isOpen == true else { return false }
    // A leak that has grown after it was acknowledged needs a new acknowledgement.
    let since = stored.transition.change == .escalated ? row.queued : .min
    return try !reader.actions(event: stored.eventKey).contains { $0.said.milliseconds >= since }
  }

  /// Puts what waits together when it is much.
  /// - Returns: whether it was.
  private func group(_ row: DeliveryRow, _ now: Int64) throws -> Bool {
    let waiting = try deliveries.waiting(endpoint: row.endpoint, until: now + policy.groupWait)
    guard waiting.count > (state.withLock { $0.gauge.limit(now: now) }) else { return false }
    let wanted = try waiting.filter { try $0.id == row.id || isStillWanted($0) }
    try deliveries.join(wanted.map(\.id), to: row.id)
    return true
  }

  private func remind(_ endpoint: String, _ now: Int64) throws {
    let isTime = state.withLock { s in
      guard policy.repeatInterval > 0, s.reminded == .min || now - s.reminded >= SinkQueue.reminderPeriod else { return false }
      s.reminded = now
      return true
    }
    guard isTime else { return }
    for leak in try deliveries.unacknowledged(endpoint: endpoint) {
      guard let due = policy.reminder(told: leak.told, now: now) else { continue }
      try deliveries.remind(endpoint: endpoint, event: leak.eventKey, due: due, now: now)
    }
  }
}

/// Outbox rows as messages with names and price.
struct MessageMaker: Sendable {
  let profiles: ProfileBook
  /// Names the gauge that saw pressure fall; nil where it is not known which sensor has which slot.
  var directory: SensorDirectory?

  func message(_ row: OutboxRow) -> AlertMessage {
    var message = AlertMessage(
      seq: row.seq, eventKey: row.eventKey, transitionKey: row.transitionKey, sensor: row.sensor, names: profiles.names(row.sensor),
      transition: row.transition, yenPerCubicMetre: profiles.settings.utility.priceYenPerM3, calendar: profiles.calendar)
    message.pressureName = row.transition.pressure.flatMap { directory?[$0.slot] }.map { profiles.names($0).sensor }
    return message
  }
}
