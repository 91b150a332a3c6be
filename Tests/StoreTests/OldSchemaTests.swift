import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

/// A data directory of every schema that was released, the present one too, opens with all that was in it.
struct OldSchemaTests {
  private static let tests = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  static let versions = Array(1...Schema.version)

  @Test(arguments: versions) func opens(version: Int) throws {
    let home = try TemporaryDirectory()
    do {
      let old = try Database(path: Store.file(in: home.path), readOnly: false)
      try Self.fill(old, version: version)
    }
    let store = try Store(directory: home.path)
    #expect(try store.sensors().count == 2)
    let reader = try StoreReader(directory: home.path)
    let all = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: .max)
    #expect(try reader.history(0, from: all.lowerBound, to: all.upperBound).count == 60)
    // Places in the history are what they were.
    #expect(store.position == (version < 3 ? 120 : version < 6 ? 121 : version < 7 ? 124 : 129))
    var replayed: [HistoryEntry] = []
    try store.replay(after: 0) { replayed.append($0) }
    #expect(replayed.count == Int(store.position))
    #expect(replayed.prefix(120).enumerated().allSatisfy { n, entry in entry == Self.entry(n) })
    if version >= 6 { try rowsOfVersion6(replayed, store) }
    if version >= 7 { try rowsOfVersion7(replayed, store) }
    try DamageCheck(directory: home.path).run()
    #expect(try reader.outbox(after: 0, limit: 10).map(\.transitionKey) == ["msg_a1", "msg_a2", "msg_b1"])
    let deliveries = try DeliveryStore(directory: home.path)
    #expect(try deliveries.endpoints().map { [$0.pending, $0.failed] } == [[1, 1]])
    #expect(try deliveries.nextDue(endpoint: "hook", now: .max)?.attempts == 2)
    #expect(try deliveries.replay(2, now: 0))
    #expect(try reader.events(StoreReader.EventFilter()).count == (version < 5 ? 2 : 3))
    #expect(try reader.actions().map(\.person) == (version < 3 ? [] : ["山田"]))
    // What belongs to the new schema works on it.
    try deliveries.join([2], to: 3)
    #expect(try deliveries.members(of: 3).map(\.id) == [2, 3])
    #expect(try reader.days(from: 0, to: .max).isEmpty)
    let rollup = try RollupStore<Difference>(directory: home.path, settings: .japan)
    while try rollup.step().isBehind {}
    #expect(try reader.days(from: 0, to: .max).map(\.hours) == [2, 2])
    try DeskStore(directory: home.path).setBilled(municipality: "t", month: 24_000, volume: 5, by: "", at: all.lowerBound)
    #expect(try reader.billed(municipality: "t", months: 23_999..<24_001) == [24_000: 5])
  }

  /// Makes what `version` left behind, each version's rows before the next version's tables: so they lie in a database that has been
  /// migrated on its way.
  private static func fill(_ db: Database, version: Int) throws {
    for n in 1...version {
      for file in ["faults/fixtures/schema\(n).sql", "StoreTests/schemas/rows\(n).sql"] {
        try db.execute(String(contentsOfFile: "\(tests)/\(file)", encoding: .utf8))
      }
    }
  }

  /// A migration comes with its fixture: what it makes is kept there as it was released, and is not changed afterwards.
  @Test(arguments: versions) func theFixtureIsWhatTheMigrationMakes(version: Int) throws {
    let (home, other) = (try TemporaryDirectory(), try TemporaryDirectory())
    let released = try Database(path: Store.file(in: home.path), readOnly: false)
    try Self.fill(released, version: version)
    #expect(try released.integer("PRAGMA user_version") == version)
    let made = try Database(path: Store.file(in: other.path), readOnly: false)
    for n in 0..<version {
      try made.execute(Schema.migrations[n])
      if n == 6 { try HistoryMigration.run(made) }
    }
    #expect(try Self.objects(made) == Self.objects(released))
  }

  /// Tables and indexes, however their text is broken into lines.
  private static func objects(_ db: Database) throws -> [String] {
    let s = try db.statement("SELECT coalesce(sql, name) FROM sqlite_master ORDER BY name")
    defer { s.reset() }
    var out: [String] = []
    while try s.step() { out.append(s.text(0).split(whereSeparator: \.isWhitespace).joined(separator: " ")) }
    return out
  }

  /// The n-th row of rows1.sql.
  private static func entry(_ n: Int) -> HistoryEntry {
    let time = Timestamp(milliseconds: 1_760_000_000_000 + Int64(n / 2) * 60_000)
    return .reading(
      Reading(
        slot: SensorSlot(n % 2), time: time, arrival: time.adding(milliseconds: 250), value: Double(10 + (n / 2 * 7 + n % 2) % 5),
        sequence: Int64(n / 2)))
  }

  private func rowsOfVersion6(_ replayed: [HistoryEntry], _ store: Store) throws {
    guard case .reading(let odd) = replayed[121], case .reading(let late) = replayed[123] else {
      Issue.record("\(replayed.suffix(3))")
      return
    }
    #expect(odd.value.isNaN && odd.sequence == 60 && odd.arrival.since(odd.time) == 250)
    #expect(replayed[122] == .ahead(1, arrival: Timestamp(milliseconds: 1_760_003_460_000)))
    #expect(late.value == 0.30000000000000004 && late.arrival.milliseconds == 1_760_003_461_000)
    #expect(try store.contains(late))
  }

  /// Blocks of the journal as version 7 wrote them, in bytes.
  private func rowsOfVersion7(_ replayed: [HistoryEntry], _ store: Store) throws {
    let time = Timestamp(milliseconds: 1_760_003_520_500)
    func reading(_ n: Int64, _ value: Double) -> HistoryEntry {
      let t = time.adding(milliseconds: n)
      return .reading(Reading(slot: 1, time: t, arrival: t.adding(milliseconds: 250), value: value, sequence: 62 + n))
    }
    let last = Array(replayed.suffix(5))
    #expect(
      last == [
        reading(0, -0.0), reading(1, 12.5), .tick(time.adding(milliseconds: 5000)), .ahead(1, arrival: time.adding(milliseconds: 6000)),
        reading(2, 1e300),
      ])
    guard case .reading(let zero)? = last.first else { return }
    #expect(zero.value.sign == .minus)
    #expect(try store.contains(zero))
  }

  /// More rows than a segment has, with a gap in their numbers.
  @Test func aLongHistoryBecomesSegments() throws {
    let home = try TemporaryDirectory()
    do {
      let old = try Database(path: Store.file(in: home.path), readOnly: false)
      for n in 1...6 { try old.execute(String(contentsOfFile: "\(Self.tests)/faults/fixtures/schema\(n).sql", encoding: .utf8)) }
      try old.execute(
        """
        INSERT INTO sensor VALUES (0, 'm', 'z', 's', 0, 5);
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 149999)
        INSERT INTO history SELECT i + 1 + (i >= 1000) * 10, 0, i * 60000, i * 60000 + 5, i, i / 10.0 FROM n;
        """)
    }
    let store = try Store(directory: home.path)
    #expect(store.position == 150_010)
    #expect(try store.db.integer("SELECT count(*) FROM segment") == 3)
    var (count, isSame) = (0, true)
    try store.replay(after: 0) { entry in
      if case .reading(let r) = entry {
        isSame = isSame && r.sequence == Int64(count) && r.value == Double(count) / 10 && r.time.milliseconds == Int64(count) * 60_000
      }
      count += 1
    }
    #expect(count == 150_000 && isSame)
    count = 0
    try store.replay(after: 1005, through: 1011) { _ in count += 1 }
    #expect(count == 1)
    try DamageCheck(directory: home.path).run()
    try store.commit(StoreTests.batch(200_000..<200_001))
    #expect(store.position == 150_011)
    #expect(try StoreReader(directory: home.path).position(of: 0, at: Timestamp(milliseconds: 60_000 * 1000)) == 1011)
  }

  @Test func aConversionTellsHowFarItIs() throws {
    let home = try TemporaryDirectory()
    try Self.version6(home, rows: 140_000)
    var told: [MigrationProgress] = []
    _ = try Store(directory: home.path, onMigration: { told.append($0) })
    #expect(told.map(\.done) == [0, 65_536, 131_072, 140_000])
    #expect(told.allSatisfy { $0.total == 140_000 } && told.map(\.percent) == [0, 46, 93, 100])
    told = []
    _ = try Store(directory: home.path, onMigration: { told.append($0) })
    #expect(told.isEmpty)
  }

  /// Too little room is an error that says how much is needed; without rows, or where the system says nothing, it is tried.
  @Test func aConversionWithoutRoomIsRefused() throws {
    let need = 1000 * HistoryMigration.bytesPerRow + HistoryMigration.reserve
    try HistoryMigration.checkRoom(for: 1000, free: need, file: "f")
    try HistoryMigration.checkRoom(for: 1000, free: nil, file: "f")
    try HistoryMigration.checkRoom(for: 0, free: 0, file: "f")
    #expect {
      try HistoryMigration.checkRoom(for: 1000, free: need - 1, file: "f")
    } throws: {
      ($0 as? StoreError)?.isRetryable == true && "\($0)".contains("1000")
    }
  }

  private static func version6(_ home: TemporaryDirectory, rows: Int) throws {
    let old = try Database(path: Store.file(in: home.path), readOnly: false)
    for n in 1...6 { try old.execute(String(contentsOfFile: "\(tests)/faults/fixtures/schema\(n).sql", encoding: .utf8)) }
    try old.execute(
      """
      INSERT INTO sensor VALUES (0, 'm', 'z', 's', 0, 5);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
      INSERT INTO history SELECT i, 0, i * 60000, i * 60000 + 5, i, i / 10.0 FROM n;
      """)
  }
}
