import Alerts
import Readings
import Settings
import Store
import Synchronization
import TestSupport
import Testing

@testable import Service

/// What a receiver at the broker is given besides the message: how the meter stands at that moment. Real settings, store and queue.
struct BrokerQueueTests {
  private static let start = Timestamp(seconds: 1_760_000_000)
  private static let flow = SensorID("ina/nishi/m1/flow")
  private static let total = SensorID("ina/nishi/m1/total")

  private final class Connection: Sendable { let number = Mutex<Int?>(nil) }

  private final class Desk {
    let home: TemporaryDirectory
    let store: Store
    let deliveries: DeliveryStore
    let queue: BrokerQueue
    let connection = Connection()

    init(_ routing: String = "") throws {
      home = try TemporaryDirectory()
      let settings = try MizumoriSettings.parse(
        "data: {directory: data}\nalerts: {mqtt: [{name: a, \(routing)}]}", name: "s.yaml", directory: home.path)
      store = try Store(directory: settings.data.directory)
      deliveries = try DeliveryStore(directory: settings.data.directory)
      try deliveries.register(endpoint: "a", fromStart: true)
      let messages = MessageMaker(profiles: ProfileBook(settings))
      let plain = SinkQueue(
        deliveries: deliveries, reader: try StoreReader(directory: settings.data.directory), messages: messages,
        policy: settings.receiverPolicy(try #require(settings.alerts.sinks.first)))
      queue = BrokerQueue(plain, deliveries: deliveries, messages: messages) { [connection] in connection.number.withLock { $0 } }
      var batch = IngestBatch()
      batch.newSensors = [(0, try #require(flow)), (1, try #require(total))]
      try store.commit(batch)
    }

    func happen(_ slot: SensorSlot, _ kind: EventKind, _ change: EventChange, _ second: Int64, _ excess: Double = 3) throws {
      var batch = IngestBatch()
      batch.transitions = [
        Transition(
          slot: slot, kind: kind, change: change, severity: .major, evidence: [.cusum], time: start.adding(seconds: second), onset: start,
          firstOnset: start, expected: 8, observed: 11, excess: excess, volume: 12, confidence: 0.9, isGrowing: false)
      ]
      try store.commit(batch)
    }

    /// What goes out next at `now`, and whether it arrives.
    func send(_ now: Int64, fails: Bool = false) throws -> AlertMessage? {
      guard let d = try queue.nextDue(endpoint: "a", now: now) else { return nil }
      try queue.record(
        d.id, endpoint: "a", fails ? .retry(due: now + 300_000, slow: false, status: nil, error: "away") : .delivered(status: 0), now: now)
      guard case .alert(let m) = d.notice else { return nil }
      return m
    }
  }

  /// The attempt to tell the opening comes again after the end was told: by then nothing is open.
  @Test func aLateOpeningDoesNotStand() throws {
    let desk = try Desk()
    try desk.happen(0, .burst, .opened, 0)
    let first = try #require(try desk.send(1000, fails: true))
    #expect(first.openLeaks?.map(\.eventKey) == [first.eventKey])
    try desk.happen(0, .burst, .closed, 60)
    let end = try #require(try desk.send(2000))
    #expect(end.transition.change == .closed && end.openLeaks?.isEmpty == true)
    let late = try #require(try desk.send(400_000))
    #expect(late.transition.change == .opened && late.deliveryID == first.deliveryID && late.openLeaks?.isEmpty == true)
  }

  /// Flow and register of one meter, and two kinds of leaks: the end of one is not the end of all.
  @Test func theEndOfOneLeakIsNotTheEndOfAll() throws {
    let desk = try Desk()
    try desk.happen(0, .burst, .opened, 0)
    try desk.happen(0, .incipient, .opened, 1, 1)
    try desk.happen(1, .burst, .opened, 2, 2)
    for _ in 0..<3 { _ = try #require(try desk.send(1000)) }
    try desk.happen(0, .incipient, .updated, 30, 1.5)
    #expect(try #require(try desk.send(1500)).openLeaks?.count == 3)
    try desk.happen(0, .burst, .closed, 60)
    let end = try #require(try desk.send(2000))
    // With the newest figures.
    #expect(end.openLeaks?.map(\.transition.excess).sorted() == [1.5, 2])
    try desk.happen(1, .burst, .closed, 61)
    try desk.happen(0, .incipient, .closed, 62)
    #expect(try #require(try desk.send(3000)).openLeaks?.count == 0)
    #expect(try #require(try desk.send(3000)).openLeaks?.isEmpty == true)
    #expect(try desk.send(3000) == nil)
  }

  /// A leak that the settings keep from the receiver, whose end it would not hear of either.
  @Test func whatItIsNotToldDoesNotStand() throws {
    let desk = try Desk("kinds: [burst]")
    try desk.happen(0, .incipient, .opened, 0)
    try desk.happen(0, .burst, .opened, 1)
    let m = try #require(try desk.send(1000))
    #expect(m.openLeaks?.map(\.transition.kind) == [.burst])
    #expect(try desk.send(1000) == nil)
  }

  /// Tried in vain, it is due when the broker is back, once for each connection; what waits for the end of quiet hours goes on waiting.
  @Test func theReturnOfTheBrokerIsNotMissed() throws {
    // 1_760_000_000 s is 2025-10-09 17:53 in Japan.
    let now = Self.start.milliseconds
    let desk = try Desk("quiet_hours: \"18:00-19:00\"")
    desk.connection.number.withLock { $0 = 0 }
    try desk.happen(0, .incipient, .opened, 0)
    #expect(try desk.send(now, fails: true) != nil)
    #expect(try desk.send(now + 10_000) == nil)
    desk.connection.number.withLock { $0 = nil }
    #expect(try desk.send(now + 20_000) == nil)
    desk.connection.number.withLock { $0 = 1 }
    #expect(try desk.send(now + 30_000, fails: true) != nil)
    #expect(try desk.send(now + 30_000) == nil)
    try desk.happen(0, .incipient, .updated, 600)
    #expect(try desk.send(now + 500_000) != nil)
    desk.connection.number.withLock { $0 = 2 }
    #expect(try desk.send(now + 600_000) == nil)
    #expect(try desk.send(now + 4_100_000)?.transition.change == .updated)
  }
}
