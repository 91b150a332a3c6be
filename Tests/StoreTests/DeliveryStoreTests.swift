import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

struct DeliveryStoreTests {
  private func prepared() throws -> (TemporaryDirectory, Store, DeliveryStore) {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<1, transitions: [StoreTests.transition(.opened, at: 1)], isNew: true))
    let deliveries = try DeliveryStore(directory: home.path)
    return (home, store, deliveries)
  }

  @Test func aNewEndpointGetsWhatComesFromNowOn() throws {
    let (_, store, d) = try prepared()
    try d.register(endpoint: "a")
    try d.register(endpoint: "all", fromStart: true)
    #expect(try d.enqueue(endpoint: "a", kinds: [.burst], now: 5) == 0)
    #expect(try d.enqueue(endpoint: "all", kinds: [.burst], now: 5) == 1)
    var b = IngestBatch()
    b.transitions = [StoreTests.transition(.closed, at: 3)]
    try store.commit(b)
    #expect(try d.enqueue(endpoint: "a", kinds: [.gap], now: 5) == 0)
    #expect(try d.enqueue(endpoint: "all", kinds: [.burst], now: 5) == 1)
    #expect(try d.nextDue(endpoint: "all", now: 5)?.seq == 1)
  }

  /// A long backlog is queued in parts, and whole.
  @Test func aLongBacklogIsQueuedWhole() throws {
    let (_, store, d) = try prepared()
    try d.register(endpoint: "a", fromStart: true)
    var b = IngestBatch()
    b.transitions = (2...(2 * DeliveryStore.part + 50)).map { StoreTests.transition(.updated, at: Int64($0)) }
    try store.commit(b)
    #expect(try d.enqueue(endpoint: "a", kinds: [.burst], now: 5) == 2 * DeliveryStore.part + 50)
    #expect(try d.enqueue(endpoint: "a", kinds: [.burst], now: 6) == 0)
  }

  /// What is asked of each alert of a storm must not look at all the others: readings wait for the transaction.
  @Test(arguments: [DeliveryStanding.ofEvent, DeliveryStanding.waitingDigest, DeliveryStanding.openings])
  func noAlertLooksAtAllOthers(sql: String) throws {
    let (home, _, _) = try prepared()
    let db = try Database(path: Store.file(in: home.path), readOnly: true)
    let plan = try db.statement("EXPLAIN QUERY PLAN " + sql)
    var tables: [String] = []
    while try plan.step() { tables.append(plan.text(3)) }
    let own = [
      "transition_by_event (event_key=?", "transition_by_meter (slot=? AND kind=?", "(endpoint=? AND seq=?", "PRIMARY KEY (rowid=?",
      // In their order, and the first is enough.
      "delivery_digest (endpoint=?", "delivery_queued (endpoint=? AND queued>?",
    ]
    #expect(tables.contains { $0.hasPrefix("SEARCH") })
    for table in tables where table.hasPrefix("SEARCH") || table.hasPrefix("SCAN") {
      #expect(own.contains { table.contains($0) }, "\(table)")
    }
  }

  @Test func anAttemptWithoutOutcomeIsStillPending() throws {
    let (home, _, d) = try prepared()
    try d.register(endpoint: "a", fromStart: true)
    _ = try d.enqueue(endpoint: "a", kinds: [.burst], now: 5)
    let first = try #require(try d.nextDue(endpoint: "a", now: 5))
    // The process dies here. Another one sees the same delivery.
    #expect(try DeliveryStore(directory: home.path).nextDue(endpoint: "a", now: 5)?.id == first.id)
  }

  @Test func retryFailReplayDeliver() throws {
    let (_, _, d) = try prepared()
    try d.register(endpoint: "a", fromStart: true)
    _ = try d.enqueue(endpoint: "a", kinds: [.burst], now: 5)
    let row = try #require(try d.nextDue(endpoint: "a", now: 5))
    try d.record(row.id, .retry(due: 100, status: 500, error: "HTTP 500"), now: 6)
    #expect(try d.nextDue(endpoint: "a", now: 99) == nil)
    #expect(try d.nextTime(endpoint: "a") == 100)
    #expect(try d.nextDue(endpoint: "a", now: 100)?.attempts == 1)
    try d.record(row.id, .failed(status: nil, error: "gone"), now: 101)
    #expect(try d.nextDue(endpoint: "a", now: 1000) == nil)
    #expect(try d.failed(endpoint: "a").map(\.lastError) == ["gone"])
    try d.replay(row.id, now: 200)
    #expect(try d.nextDue(endpoint: "a", now: 200)?.attempts == 0)
    try d.record(row.id, .delivered(status: 204), now: 201)
    #expect(try d.nextTime(endpoint: "a") == nil)
    #expect(try d.failed(endpoint: "a").isEmpty)
  }

  @Test func disabledAndSlowEndpointsRest() throws {
    let (_, _, d) = try prepared()
    for name in ["a", "b"] {
      try d.register(endpoint: name, fromStart: true)
      _ = try d.enqueue(endpoint: name, kinds: [.burst], now: 5)
    }
    try d.disable(endpoint: "a", reason: "410")
    #expect(try d.nextDue(endpoint: "a", now: 10) == nil)
    #expect(try d.nextDue(endpoint: "b", now: 10) != nil)
    try d.enable(endpoint: "a")
    #expect(try d.nextDue(endpoint: "a", now: 10) != nil)
    try d.slow(endpoint: "b", until: 50)
    #expect(try d.nextDue(endpoint: "b", now: 49) == nil)
    #expect(try d.nextDue(endpoint: "b", now: 50) != nil)
  }
}
