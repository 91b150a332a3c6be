import Readings
import TestSupport
import Testing

@testable import Store

/// What is imported is kept as history and stands in no outbox.
struct ImportTableTests {
  private func imported(_ range: Range<Int>, transitions: [Transition] = [], isNew: Bool = false) -> IngestBatch {
    var b = StoreTests.batch(range, transitions: transitions, isNew: isNew)
    b.isImported = true
    return b
  }

  @Test func noOutboxRowAndNoDelivery() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(imported(0..<3, transitions: [StoreTests.transition(.opened, at: 1)], isNew: true))
    let deliveries = try DeliveryStore(directory: home.path)
    try deliveries.register(endpoint: "all", fromStart: true)
    let reader = try StoreReader(directory: home.path)
    #expect(try reader.outbox(after: 0, limit: 10).isEmpty)
    #expect(try deliveries.enqueue(endpoint: "all", kinds: Set(EventKind.allCases), now: 5) == 0)
    #expect(try reader.events(.init()).map(\.isOpen) == [true])
    // The leak goes on: from here on it is news.
    try store.commit(StoreTests.batch(3..<4, transitions: [StoreTests.transition(.closed, at: 3)]))
    #expect(try reader.outbox(after: 0, limit: 10).map(\.transition.change) == [.closed])
    #expect(try reader.events(.init()).map(\.isOpen) == [false])
  }

  @Test func stretchesFollowTheOrderOfArrival() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    func stretches(_ after: Int64) throws -> [String] {
      try store.stretches(after: after).map { "\($0.last == .max ? 0 : $0.last) \($0.isImported)" }
    }
    #expect(try stretches(0) == ["0 false"])
    try store.commit(StoreTests.batch(0..<2, isNew: true))
    try store.commit(imported(2..<4))
    try store.commit(imported(4..<5))
    try store.commit(StoreTests.batch(5..<7))
    try store.commit(imported(7..<9))
    #expect(try stretches(0) == ["2 false", "5 true", "7 false", "9 true", "0 false"])
    #expect(try stretches(3) == ["5 true", "7 false", "9 true", "0 false"])
    #expect(try stretches(9) == ["0 false"])
    // Together they are the whole history, once each.
    var (from, count) = (Int64(0), 0)
    for s in try store.stretches(after: 0) {
      try store.replay(after: from, through: s.last) { _ in count += 1 }
      from = s.last
    }
    #expect(count == 9)
  }

  @Test func aDatabaseOfTheFirstSchemaIsBroughtUpToDate() throws {
    let home = try TemporaryDirectory()
    try oldDatabase(home.path)
    let store = try Store(directory: home.path)
    #expect(try store.sensors().map(\.id.description) == ["m/z/s/flow"])
    let reader = try StoreReader(directory: home.path)
    #expect(try reader.outbox(after: 0, limit: 10).map(\.transition.kind) == [.burst])
    #expect(try reader.figures().readings == 1)
  }

  private func oldDatabase(_ directory: String) throws {
    let db = try Database(path: Store.file(in: directory), readOnly: false)
    try db.execute(Schema.migrations[0])
    try db.execute(
      """
      PRAGMA application_id=\(Schema.applicationID); PRAGMA user_version=1;
      INSERT INTO sensor VALUES (0, 'm', 'z', 's', 0, 5);
      INSERT INTO history VALUES (1, 0, 5, 5, -1, 2.5);
      INSERT INTO transition VALUES (1, 't', 'e', 0, \(EventKind.burst.rawValue), 1, 1, 0, 5, 5, 5, 1, 2, 1, 0, 1, 0);
      """)
  }
}
