import Readings
import TestSupport
import Testing

@testable import Store

/// Deliveries as the page lists them: by state, event, endpoint and town, in pages, with the id under which each goes out.
struct DeliveryListTests {
  private let home: TemporaryDirectory
  private let store: Store
  private let deliveries: DeliveryStore
  private let reader: StoreReader
  private static let other = SensorID("x/y/z/flow")!

  /// Three changes of one event in town a, then one event of town x; two endpoints that get all.
  init() throws {
    home = try TemporaryDirectory()
    store = try Store(directory: home.path)
    var batch = StoreTests.batch(
      0..<1,
      transitions: [
        StoreTests.transition(.opened, at: 1), StoreTests.transition(.updated, at: 2), StoreTests.transition(.closed, at: 3),
      ], isNew: true)
    var foreign = StoreTests.transition(.opened, at: 4)
    foreign.slot = 1
    batch.newSensors.append((1, Self.other))
    batch.transitions.append(foreign)
    try store.commit(batch)
    deliveries = try DeliveryStore(directory: home.path)
    for name in ["a", "b"] {
      try deliveries.register(endpoint: name, fromStart: true)
      _ = try deliveries.enqueue(endpoint: name, kinds: [.burst], now: 5)
    }
    reader = try StoreReader(directory: home.path)
  }

  private func list(_ change: (inout DeliveryFilter) -> Void = { _ in }) throws -> [DeliveryEntry] {
    var filter = DeliveryFilter()
    change(&filter)
    return try reader.deliveries(filter)
  }

  @Test func eachFilterShowsItsOwnAndPagesJoin() throws {
    let all = try list()
    #expect(all.count == 8 && all.map(\.id) == all.map(\.id).sorted(by: >))
    #expect(try list { $0.endpoint = "b" }.allSatisfy { $0.endpoint == "b" } && list { $0.endpoint = "b" }.count == 4)
    let event = try #require(all.last?.eventKey)
    let own = try list { $0.event = event }
    #expect(own.count == 6 && own.allSatisfy { $0.eventKey == event && $0.sensor == StoreTests.id && $0.kind == .burst })
    #expect(Set(own.map(\.change)) == [.opened, .updated, .closed])
    #expect(try list { $0.municipalities = ["x"] }.map(\.sensor) == [Self.other, Self.other])
    #expect(try list { $0.municipalities = ["none"] }.isEmpty)
    try deliveries.record(all[0].id, .failed(status: 500, error: "HTTP 500"), now: 9)
    try deliveries.record(all[1].id, .delivered(status: 204), now: 10)
    try deliveries.drop(all[2].id)
    for (state, n) in [(DeliveryState.pending, 5), (.failed, 1), (.delivered, 1), (.dropped, 1)] {
      #expect(try list { $0.state = state }.count == n, "\(state)")
      #expect(try list { $0.state = state }.allSatisfy { $0.state == state })
    }
    let failed = try #require(try list { $0.state = .failed }.first)
    #expect(failed.lastStatus == 500 && failed.lastError == "HTTP 500" && failed.delivered == nil && failed.attempts == 1)
    #expect(try list { $0.state = .delivered }.first?.delivered == Timestamp(milliseconds: 10))
    var (paged, before): ([Int64], Int64?) = ([], nil)
    repeat {
      let page = try list {
        $0.limit = 3
        $0.before = before
      }
      paged += page.map(\.id)
      before = page.last?.id
    } while before != nil
    #expect(paged == all.map(\.id))
  }

  @Test func theIdIsTheOneThatGoesOut() throws {
    let key = StoreTests.transition(.opened, at: 1).transitionKey(sensor: StoreTests.id)
    let event = StoreTests.transition(.opened, at: 1).eventKey(sensor: StoreTests.id)
    let mine = try list { $0.endpoint = "a" }.reversed().map { $0 }
    #expect(mine[0].webhookID == key && Set(mine.map(\.webhookID)).count == 4)
    try deliveries.join(mine[1...2].map(\.id), to: mine[0].id)
    #expect(try list { $0.endpoint = "a" }.reversed().prefix(3).map(\.webhookID) == Array(repeating: key + "_g", count: 3))
    try deliveries.remind(endpoint: "b", event: event, due: 7, now: 7)
    let reminder = try #require(try list().first)
    let last = StoreTests.transition(.closed, at: 3).transitionKey(sensor: StoreTests.id)
    #expect(reminder.isReminder && reminder.webhookID == last + "_r1")
  }

  @Test func aReplayTakesTheWholeGroupBack() throws {
    let mine = try list { $0.endpoint = "a" }.reversed().map { $0 }
    try deliveries.join([mine[1].id], to: mine[0].id)
    try deliveries.record(mine[0].id, .failed(status: nil, error: "x"), now: 8)
    // By the number of a part: alone it would never go out.
    #expect(try deliveries.replay(mine[1].id, now: 9))
    #expect(try list { $0.endpoint = "a" }.allSatisfy { $0.state == .pending })
    #expect(try deliveries.nextDue(endpoint: "a", now: 9)?.id == mine[2].id)
    #expect(try !deliveries.replay(mine[1].id, now: 9) && !deliveries.replay(999, now: 9))
    try deliveries.record(mine[0].id, .failed(status: nil, error: "x"), now: 10)
    try deliveries.record(try #require(list { $0.endpoint = "b" }.first).id, .failed(status: nil, error: "x"), now: 10)
    #expect(try deliveries.replayAll(endpoint: "b", now: 11) == 1)
    #expect(try list { $0.state = .failed }.count == 2)
    #expect(try deliveries.replayAll(endpoint: nil, now: 11) == 1)
    #expect(try deliveries.replayAll(endpoint: nil, now: 11) == 0 && list { $0.state = .failed }.isEmpty)
  }

  @Test func endpointsSayHowTheyStandForATown() throws {
    let newest = try #require(try list { $0.endpoint = "a" }.first)
    try deliveries.record(newest.id, .failed(status: 410, error: "gone"), now: 20)
    try deliveries.disable(endpoint: "a", reason: "gone")
    let first = try #require(try list { $0.endpoint = "b" }.last)
    try deliveries.record(first.id, .delivered(status: 200), now: 30)
    let all = try reader.endpoints()
    #expect(all.map(\.name) == ["a", "b"] && all.map(\.disabled) == ["gone", nil])
    #expect(all.map(\.pending) == [3, 3] && all.map(\.failed) == [1, 0])
    #expect(all.map(\.lastDelivered) == [nil, Timestamp(milliseconds: 30)])
    let town = try reader.endpoints(municipalities: ["x"])
    #expect(town.map(\.pending) == [0, 1] && town.map(\.failed) == [1, 0] && town.allSatisfy { $0.lastDelivered == nil })
    #expect(try deliveries.state(of: newest.id) == .failed)
    #expect(try deliveries.state(of: newest.id, municipalities: ["a"]) == nil && deliveries.state(of: 999) == nil)
    #expect(try deliveries.hasEndpoint("a") && !deliveries.hasEndpoint("c"))
  }
}
