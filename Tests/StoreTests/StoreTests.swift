import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

struct StoreTests {
  static let id = SensorID(municipality: "a", zone: "b", sensor: "c", quantity: .flow)!
  static let t0 = Timestamp(seconds: 1_760_000_000)

  static func reading(_ n: Int) -> Reading {
    Reading(slot: 0, time: t0.adding(seconds: Int64(n) * 60), arrival: t0, value: Double(n), sequence: Int64(n))
  }

  static func transition(_ change: EventChange, at n: Int64, onset: Int64 = 0) -> Transition {
    Transition(
      slot: 0, kind: .burst, change: change, severity: .major, evidence: [.cusum, .nightMinimum], time: t0.adding(seconds: n),
      onset: t0.adding(seconds: onset), firstOnset: t0, expected: 10, observed: 14, excess: 4, volume: 2.5, confidence: 0.9, isGrowing: true
    )
  }

  static func batch(_ range: Range<Int>, transitions: [Transition] = [], isNew: Bool = false) -> IngestBatch {
    var b = IngestBatch()
    if isNew { b.newSensors = [(0, id)] }
    b.entries = HistoryEntries(range.map { .reading(reading($0)) })
    b.transitions = transitions
    return b
  }

  @Test func whatWasCommittedIsThereAfterOpeningAgain() throws {
    let home = try TemporaryDirectory()
    do {
      let store = try Store(directory: home.path)
      try store.commit(StoreTests.batch(0..<100, transitions: [StoreTests.transition(.opened, at: 60)], isNew: true))
      try store.commit(
        StoreTests.batch(
          100..<150, transitions: [StoreTests.transition(.updated, at: 90, onset: 30), StoreTests.transition(.closed, at: 99)]))
      #expect(store.position == 150)
    }
    let store = try Store(directory: home.path)
    #expect(store.position == 150)
    #expect(try store.sensors().map(\.id) == [StoreTests.id])
    #expect(try store.newestTimes()[0] == StoreTests.reading(149).time)
    var replayed: [HistoryEntry] = []
    try store.replay(after: 40) { replayed.append($0) }
    #expect(replayed == (40..<150).map { .reading(StoreTests.reading($0)) })
    #expect(try store.contains(StoreTests.reading(7)))
    #expect(try !store.contains(StoreTests.reading(500)))

    let reader = try StoreReader(directory: home.path)
    let events = try reader.events(.init())
    #expect(events.count == 1)
    #expect(events[0].last == StoreTests.transition(.closed, at: 99))
    #expect(events[0].closed == StoreTests.t0.adding(seconds: 99) && !events[0].isOpen)
    #expect(events[0].opened == StoreTests.t0.adding(seconds: 60))
    #expect(try reader.transitions(ofEvent: events[0].eventKey).map(\.transition.change) == [.opened, .updated, .closed])
    #expect(try reader.outbox(after: 1, limit: 10).map(\.seq) == [2, 3])
  }

  @Test func ticksKeepTheirPlace() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    var b = StoreTests.batch(0..<2, isNew: true)
    b.entries = HistoryEntries([.reading(StoreTests.reading(0)), .tick(StoreTests.t0), .reading(StoreTests.reading(1))])
    try store.commit(b)
    var replayed: [HistoryEntry] = []
    try store.replay(after: 0) { replayed.append($0) }
    #expect(replayed == Array(b.entries))
    #expect(try StoreReader(directory: home.path).history(0, from: .distantPast, to: Timestamp(seconds: 9_999_999_999)).count == 2)
  }

  @Test func theSameTransitionTwiceIsOne() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<1, transitions: [StoreTests.transition(.opened, at: 1)], isNew: true))
    var again = IngestBatch()
    again.transitions = [StoreTests.transition(.opened, at: 1), StoreTests.transition(.closed, at: 2)]
    try store.commit(again)
    try store.commit(again)
    #expect(try StoreReader(directory: home.path).outbox(after: 0, limit: 10).count == 2)
  }

  @Test func aBatchIsWholeOrNotThere() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<10, isNew: true))
    // A sensor registered twice breaks the transaction in its middle.
    var bad = StoreTests.batch(10..<20)
    bad.newSensors = [(0, StoreTests.id)]
    #expect(throws: StoreError.self) { try store.commit(bad) }
    #expect(store.position == 10)
    try store.commit(StoreTests.batch(10..<20))
    #expect(store.position == 20)
  }

  @Test func aFullDiskIsRetryableAndWritesNothing() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<10, isNew: true))
    try store.limitPages(toSpare: 2)
    var big = IngestBatch()
    for n in 10..<50_000 {
      var r = StoreTests.reading(n)
      r.value = Double(n).squareRoot()
      big.entries.append(.reading(r))
    }
    let error = #expect(throws: StoreError.self) { try store.commit(big) }
    #expect(error?.isRetryable == true)
    #expect(store.position == 10)
    try store.limitPages(toSpare: 100_000)
    try store.commit(big)
    #expect(store.position == 50_000)
  }

  /// A transaction that does not wait for the disk leaves a connection that does, whether it is kept or taken back.
  @Test func onlyOneTransactionDoesNotWait() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    func settings() throws -> [Int64] { try [store.db.integer("PRAGMA synchronous"), store.db.integer("PRAGMA wal_autocheckpoint")] }
    let usual = try settings()
    #expect(usual == [2, 2000])
    var within: [Int64] = []
    try store.db.unsyncedTransaction { () throws(StoreError) in
      within = [try store.db.integer("PRAGMA synchronous"), try store.db.integer("PRAGMA wal_autocheckpoint")]
      try store.db.execute("INSERT INTO sensor_status (slot) VALUES (1)")
    }
    #expect(within == [1, 0])
    #expect(try settings() == usual)
    let error = #expect(throws: StoreError.self) {
      try store.db.unsyncedTransaction { () throws(StoreError) in
        try store.db.execute("INSERT INTO sensor_status (slot) VALUES (2)")
        throw .io(operation: "test", detail: "taken back")
      }
    }
    #expect(error?.isRetryable == false)
    #expect(try settings() == usual)
    #expect(try store.db.integer("SELECT sum(slot) FROM sensor_status") == 1)
  }

  @Test func aCopyTakenInTheMiddleIsAConsistentPrefix() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<10, isNew: true))
    for n in 1..<30 {
      try store.commit(StoreTests.batch((n * 10)..<(n * 10 + 10), transitions: [StoreTests.transition(.updated, at: Int64(n))]))
      let copy = try TemporaryDirectory()
      for file in ["mizumori.db", "mizumori.db-wal"] {
        try FileManager.default.copyItem(atPath: "\(home.path)/\(file)", toPath: "\(copy.path)/\(file)")
      }
      let opened = try Store(directory: copy.path)
      #expect(opened.position == Int64(n * 10 + 10))
      #expect(try StoreReader(directory: copy.path).outbox(after: 0, limit: 100).count == n)
    }
  }

  /// Of the checkpoints that are intact, newest first.
  static func positions(_ store: Store) throws -> [Int64] {
    var out: [Int64] = []
    var name = Int64.max
    while let c = try store.checkpoint(before: name) {
      out.append(c.position)
      name = c.id
    }
    return out
  }

  @Test func checkpointsFallBackToTheOneBefore() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    for n in 1...4 { try store.saveCheckpoint([UInt8(n), 2, 3], position: Int64(n)) }
    #expect(try StoreTests.positions(store) == [4, 3])
    let db = try Database(path: Store.file(in: home.path), readOnly: false)
    try db.execute("UPDATE checkpoint SET state = x'00' WHERE position = 4")
    #expect(try StoreTests.positions(store) == [3])
    guard case .bytes(let bytes) = try store.checkpoint()?.state else {
      Issue.record("no small state")
      return
    }
    #expect(bytes == [3, 2, 3])
  }

  @Test func aSecondProcessIsRefused() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    let error = #expect(throws: StoreError.self) { try Store(directory: home.path) }
    #expect(error == .locked(directory: home.path, pid: "\(getpid())"))
    withExtendedLifetime(store) {}
  }

  @Test func whatIsNotOursIsRefused() throws {
    let home = try TemporaryDirectory()
    try "not a database, but long enough to look like a file".write(toFile: Store.file(in: home.path), atomically: true, encoding: .utf8)
    let error = #expect(throws: StoreError.self) { try Store(directory: home.path) }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func bucketsKeepMinimumAndMaximum() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<1000, isNew: true))
    let reader = try StoreReader(directory: home.path)
    let buckets = try reader.buckets(0, from: StoreTests.t0, to: StoreTests.reading(1000).time, points: 10)
    #expect(buckets.count == 10)
    #expect(buckets.map(\.count) == Array(repeating: 100, count: 10))
    #expect(buckets[3].minimum == 300 && buckets[3].maximum == 399 && buckets[3].mean == 349.5)
  }
}

extension Store {
  /// A disk with room for so many more pages: SQLite itself then says SQLITE_FULL.
  func limitPages(toSpare pages: Int) throws {
    let count = try db.integer("PRAGMA page_count")
    try db.execute("PRAGMA max_page_count=\(count + Int64(pages))")
  }
}
