import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

/// The history reads the same wherever its rows lie: in the journal, in segments, or across the border.
struct CompactHistoryTests {
  private static let all = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: .max)
  private static let sensors = 5

  /// Readings of five meters, some late, some no number, some at the same moment, with marks between them.
  private static func entries(_ g: inout SeededGenerator, _ range: Range<Int>) -> [HistoryEntry] {
    range.map { n in
      let slot = SensorSlot.random(in: 0..<SensorSlot(sensors), using: &g)
      let late = Int.random(in: 0..<10, using: &g) == 0 ? Int64.random(in: 0...3_600_000, using: &g) : 0
      let time = StoreTests.t0.adding(milliseconds: Int64(n) * 12_000 - late)
      switch Int.random(in: 0..<30, using: &g) {
      case 0: return .tick(time)
      case 1: return .ahead(slot, arrival: time)
      case 2:
        let flow = -Double(Float.random(in: 1e-3...1e5, using: &g))
        return .reverse(
          Reading(slot: slot, time: time, arrival: time.adding(milliseconds: late + 200), value: flow, sequence: Reading.reverse))
      default:
        let value = Int.random(in: 0..<40, using: &g) == 0 ? Double.nan : HistoryCodecTests.value(&g)
        return .reading(Reading(slot: slot, time: time, arrival: time.adding(milliseconds: late + 200), value: value, sequence: Int64(n)))
      }
    }
  }

  private static func fill(_ store: Store, seed: UInt64, entries count: Int) throws -> [HistoryEntry] {
    var g = SeededGenerator(seed: seed)
    var batch = IngestBatch()
    batch.newSensors = (0..<sensors).map { (SensorSlot($0), SensorID(municipality: "m", zone: "z", sensor: "\($0)", quantity: .flow)!) }
    var out: [HistoryEntry] = []
    while out.count < count {
      batch.entries = HistoryEntries(entries(&g, out.count..<min(count, out.count + Int.random(in: 1...40, using: &g))))
      out += batch.entries
      try store.commit(batch)
      batch.newSensors = []
    }
    return out
  }

  /// As text: a NaN is not equal to itself.
  private static func text(_ entries: some Sequence<HistoryEntry>) -> [String] {
    entries.map { entry in
      guard case .reading(let r) = entry else { return "\(entry)" }
      return "\(r.slot) \(r.time) \(r.arrival) \(r.sequence) \(r.value.isNaN ? "NaN" : "\(r.value.bitPattern)")"
    }
  }

  /// Everything that readers say of a database.
  private static func said(_ home: String) throws -> [String] {
    let reader = try StoreReader(directory: home)
    var out: [String] = []
    for slot in 0..<SensorSlot(sensors) {
      let values = try reader.history(slot, from: all.lowerBound, to: all.upperBound)
      out += values.map { "\(slot) \($0.time) \($0.value.bitPattern)" }
      let middle = StoreTests.t0.adding(seconds: 12_000)
      out += try reader.history(slot, from: middle, to: middle.adding(seconds: 3600)).map { "\($0.time) \($0.value)" }
      out.append("\(String(describing: try reader.extent(slot)))")
      for n in 0..<10 {
        let place = try reader.position(of: slot, at: StoreTests.t0.adding(seconds: Int64(n) * 3000))
        out.append("\(String(describing: place))")
      }
      out += try reader.buckets(slot, from: StoreTests.t0, to: middle, points: 10).map { "\($0)" }
      out += try reader.read { db throws(StoreError) in
        try HistoryReader.newest(db, Int64(slot), before: middle, through: 1500, limit: 50).map { "\($0)" }
      }
    }
    try reader.replay(after: 137, through: 1901) { out += text([$0]) }
    out.append("\(try reader.figures().readings)")
    return out
  }

  @Test(arguments: [UInt64(3), 11, 29]) func readersSeeNoBorder(seed: UInt64) throws {
    let (one, other) = (try TemporaryDirectory(), try TemporaryDirectory())
    let store = try Store(directory: one.path)
    let entries = try CompactHistoryTests.fill(store, seed: seed, entries: 2000)
    let compacted = try Store(directory: other.path)
    _ = try CompactHistoryTests.fill(compacted, seed: seed, entries: 2000)
    let before = try CompactHistoryTests.said(one.path)
    // A reader that was there before sees the rows move, and nothing change.
    let reader = try StoreReader(directory: other.path)
    let values = try reader.history(1, from: CompactHistoryTests.all.lowerBound, to: CompactHistoryTests.all.upperBound).map(\.time)
    var room: [HistoryRow] = []
    for _ in 0..<3 {
      try HistoryTable.compact(size: 500, room: &room, compacted.db)
      #expect(try CompactHistoryTests.said(other.path) == before, "seed \(seed)")
      #expect(
        try reader.history(1, from: CompactHistoryTests.all.lowerBound, to: CompactHistoryTests.all.upperBound).map(\.time) == values)
      try DamageCheck(directory: other.path).run()
    }
    #expect(try HistoryTable.segmentTop(compacted.db) >= 1500)
    var replayed: [HistoryEntry] = []
    try compacted.replay(after: 0) { replayed.append($0) }
    #expect(CompactHistoryTests.text(replayed) == CompactHistoryTests.text(entries), "seed \(seed)")
    for case .reading(let r) in entries {
      #expect(try compacted.contains(r))
    }
    for case .reverse(let r) in entries {
      #expect(try compacted.contains(r))
    }
    var unknown = StoreTests.reading(0)
    unknown.sequence = 1_000_000
    #expect(try !compacted.contains(unknown))
    #expect(try compacted.newestTimes() == store.newestTimes())
  }

  /// Readings of two meters in turn, or first all of one and then all of the other, with values that take all their bits.
  private static func batch(_ range: Range<Int>, inTurn: Bool, _ g: inout SeededGenerator) -> IngestBatch {
    var batch = IngestBatch()
    if range.lowerBound == 0 {
      batch.newSensors = (0..<2).map { (SensorSlot($0), SensorID(municipality: "m", zone: "z", sensor: "\($0)", quantity: .flow)!) }
    }
    for n in range {
      var r = StoreTests.reading(n)
      r.slot = inTurn ? SensorSlot(n % 2) : n < (range.lowerBound + range.upperBound) / 2 ? 0 : 1
      r.value = Double.random(in: 0...1, using: &g)
      batch.entries.append(.reading(r))
    }
    return batch
  }

  /// The journal is laid by sensors by the commits themselves, and its size is bounded.
  @Test func commitsKeepTheJournalShort() throws {
    let home = try TemporaryDirectory()
    let size = HistoryTable.segmentSize(sensors: 2)
    var g = SeededGenerator(seed: 2)
    do {
      let store = try Store(directory: home.path)
      for n in 0..<10 {
        try store.commit(CompactHistoryTests.batch((n * 20_000)..<((n + 1) * 20_000), inTurn: true, &g))
        #expect(try store.position - HistoryTable.segmentTop(store.db) < size)
      }
      #expect(try store.db.integer("SELECT count(*) FROM segment") == 2)
    }
    let store = try Store(directory: home.path)
    #expect(store.position == 200_000)
    try store.commit(CompactHistoryTests.batch(200_000..<200_002, inTurn: true, &g))
    var n: Int64 = 0
    try store.replay(after: 0) { entry in
      if case .reading(let r) = entry, r.sequence == n { n += 1 }
    }
    #expect(n == 200_002)
    #expect(try store.newestTimes()[1] == StoreTests.reading(200_001).time)
    #expect(try StoreReader(directory: home.path).history(0, from: StoreTests.t0, to: StoreTests.reading(200_002).time).count == 100_001)
  }

  /// What comes by sensors already does without the journal, and takes along what is in it. It reads the same as rows that came one by one.
  @Test(arguments: [UInt64(4), 12]) func batchesBySensorAreLaidAtOnce(seed: UInt64) throws {
    let (one, other) = (try TemporaryDirectory(), try TemporaryDirectory())
    let (store, single) = (try Store(directory: one.path), try Store(directory: other.path))
    var (g, n) = (SeededGenerator(seed: seed), 0)
    var entries = try CompactHistoryTests.fill(store, seed: seed, entries: 300)
    _ = try CompactHistoryTests.fill(single, seed: seed, entries: 300)
    for round in 0..<4 {
      var batch = IngestBatch()
      // The first and the last take rows of the journal along; the third is larger than a segment.
      for slot in (0..<SensorSlot(round == 2 ? 25 : 5)).shuffled(using: &g) {
        for _ in 0..<4000 {
          n += 1
          let time = StoreTests.t0.adding(milliseconds: Int64(n) * 1000)
          batch.entries.append(
            .reading(
              Reading(slot: slot % 5, time: time, arrival: time, value: HistoryCodecTests.value(&g), sequence: Int64(n))))
        }
      }
      try store.commit(batch)
      #expect(try HistoryTable.segmentTop(store.db) == store.position)
      #expect(try store.db.integer("SELECT count(*) FROM journal") == 0)
      entries += batch.entries
      for start in stride(from: 0, to: batch.entries.count, by: 10_000) {
        var part = IngestBatch()
        part.entries = HistoryEntries(Array(batch.entries[start..<(start + 10_000)]))
        try single.commit(part)
      }
      if round == 2 {
        let few = CompactHistoryTests.entries(&g, n..<(n + 50))
        for store in [store, single] {
          var part = IngestBatch()
          part.entries = HistoryEntries(few)
          try store.commit(part)
        }
        entries += few
      }
    }
    #expect(try store.db.integer("SELECT max(count) FROM segment") <= HistoryTable.segmentSize(sensors: 5))
    try DamageCheck(directory: one.path).run()
    #expect(try CompactHistoryTests.said(one.path) == CompactHistoryTests.said(other.path), "seed \(seed)")
    var replayed: [HistoryEntry] = []
    try store.replay(after: 0) { replayed.append($0) }
    #expect(CompactHistoryTests.text(replayed) == CompactHistoryTests.text(entries), "seed \(seed)")
    #expect(try store.newestTimes() == single.newestTimes())
  }

  /// No room for a segment: what was committed is there, commits go on, and the segment is made later.
  @Test(arguments: [true, false]) func withoutRoomForASegmentCommitsGoOn(inTurn: Bool) throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    var g = SeededGenerator(seed: 1)
    func commit(_ range: Range<Int>, inTurn: Bool) throws {
      try store.commit(CompactHistoryTests.batch(range, inTurn: inTurn, &g))
    }
    try commit(0..<60_000, inTurn: true)
    // Enough for a batch, but not for all that is in the journal.
    try store.limitPages(toSpare: inTurn ? 40 : 100)
    let next = inTurn ? 66_000 : 78_000
    try commit(60_000..<next, inTurn: inTurn)
    #expect(store.position == next)
    #expect(try HistoryTable.segmentTop(store.db) == 0)
    try commit(next..<(next + 1), inTurn: true)
    try store.limitPages(toSpare: 100_000)
    try commit((next + 1)..<(next + 5000), inTurn: true)
    #expect(try HistoryTable.segmentTop(store.db) > 65_000)
    var n = 0
    try store.replay(after: 0) { _ in n += 1 }
    #expect(n == next + 5000)
  }

  /// A transaction that was taken back has left nothing in the memory of its connection.
  @Test func whatWasTakenBackIsNotRemembered() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<10, isNew: true))
    struct Stop: Error {}
    #expect(throws: StoreError.self) {
      try store.db.transaction { () throws(StoreError) in
        try HistoryTable.append((11...20).map { .reading(StoreTests.reading($0 + 100), at: Int64($0)) }, first: 11, store.db)
        #expect(try store.contains(StoreTests.reading(115)))
        throw .io(operation: "test", detail: "taken back")
      }
    }
    #expect(try !store.contains(StoreTests.reading(115)))
    try store.commit(StoreTests.batch(10..<20))
    #expect(try store.contains(StoreTests.reading(15)) && store.contains(StoreTests.reading(5)))
  }

  @Test(arguments: ["journal", "part"]) func aDamagedBlockIsFoundAndNotPassedOver(table: String) throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    _ = try CompactHistoryTests.fill(store, seed: 5, entries: 1000)
    var room: [HistoryRow] = []
    try HistoryTable.compact(size: 500, room: &room, store.db)
    try store.db.execute("UPDATE \(table) SET data = zeroblob(length(data)) WHERE rowid = (SELECT max(rowid) FROM \(table))")
    store.close()
    let reads: [() throws -> Void] = [
      { try DamageCheck(directory: home.path).run() }, { try store.replay(after: 0) { _ in } },
      { _ = try Store(directory: home.path, checksIntegrity: true, isSuspect: true) },
    ]
    for read in reads {
      let error = #expect(throws: StoreError.self) { try read() }
      guard case .corrupt = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func aLostBlockIsFound() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    _ = try CompactHistoryTests.fill(store, seed: 5, entries: 1000)
    var room: [HistoryRow] = []
    try HistoryTable.compact(size: 500, room: &room, store.db)
    try store.db.execute("DELETE FROM part WHERE id = (SELECT max(id) FROM part)")
    #expect(throws: StoreError.self) { try DamageCheck(directory: home.path).run() }
  }
}
