import Readings

/// Works that recur, as somebody entered them on the page.
public struct StoredWork: Hashable, Sendable {
  /// 0 before it is stored.
  public var id: Int64 = 0
  public var name: String
  /// `municipality/zone`
  public var zones: [String]
  public var sensors: [SensorID]
  public var recurrence: Recurrence
  /// Who entered it.
  public var person: String
  /// When, wall clock.
  public var added = Timestamp(milliseconds: 0)

  public init(name: String, zones: [String], sensors: [SensorID], recurrence: Recurrence, person: String) {
    self.name = name
    self.zones = zones
    self.sensors = sensors
    self.recurrence = recurrence
    self.person = person
  }
}

/// Works that recur and have not been ended.
enum WorkTable {
  static func all(_ db: Database) throws(StoreError) -> [StoredWork] {
    let s = try db.statement(
      """
      SELECT id, name, zones, sensors, start, length, weekdays, weeks, days, first, last, person, said FROM work WHERE ended = 0 ORDER BY id
      """)
    defer { s.reset() }
    var out: [StoredWork] = []
    while try s.step() {
      var r = Recurrence(start: Int(s.int(4)), length: Int(s.int(5)))
      r.weekdays = set(s.int(6))
      r.weeks = set(s.int(7))
      r.days = set(s.int(8))
      r.first = s.isNull(9) ? nil : Int32(truncatingIfNeeded: s.int(9))
      r.last = s.isNull(10) ? nil : Int32(truncatingIfNeeded: s.int(10))
      var work = StoredWork(
        name: s.text(1), zones: s.text(2).split(separator: " ").map(String.init),
        sensors: s.text(3).split(separator: " ").compactMap { SensorID(String($0)) }, recurrence: r, person: s.text(11))
      work.id = s.int(0)
      work.added = Timestamp(milliseconds: s.int(12))
      out.append(work)
    }
    return out
  }

  static func add(_ w: StoredWork, at: Timestamp, _ db: Database) throws(StoreError) -> Int64 {
    let s = try db.statement(
      """
      INSERT INTO work (name, zones, sensors, start, length, weekdays, weeks, days, first, last, person, said)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    s.bind(1, w.name)
    s.bind(2, w.zones.joined(separator: " "))
    s.bind(3, w.sensors.map(\.description).joined(separator: " "))
    s.bind(4, w.recurrence.start)
    s.bind(5, w.recurrence.length)
    s.bind(6, bits(w.recurrence.weekdays))
    s.bind(7, bits(w.recurrence.weeks))
    s.bind(8, bits(w.recurrence.days))
    s.bind(9, w.recurrence.first.map(Int.init))
    s.bind(10, w.recurrence.last.map(Int.init))
    s.bind(11, w.person)
    s.bind(12, at.milliseconds)
    try s.run()
    return db.lastRowID
  }

  /// - Returns: false when there is no such work, or it has been ended already.
  static func end(_ id: Int64, _ db: Database) throws(StoreError) -> Bool {
    let s = try db.statement("UPDATE work SET ended = 1 WHERE id = ? AND ended = 0")
    s.bind(1, id)
    try s.run()
    return db.changes > 0
  }

  private static func bits(_ numbers: Set<Int>) -> Int64 {
    numbers.reduce(0) { (0..<63).contains($1) ? $0 | 1 << Int64($1) : $0 }
  }

  private static func set(_ bits: Int64) -> Set<Int> { Set((0..<63).filter { bits & (1 << Int64($0)) != 0 }) }
}

extension StoreReader {
  /// Works that recur and were entered on the page, oldest first; without those that have been ended.
  public func recurringWorks() throws(StoreError) -> [StoredWork] { try read { db throws(StoreError) in try WorkTable.all(db) } }
}

extension Store {
  public func recurringWorks() throws(StoreError) -> [StoredWork] { try WorkTable.all(db) }
}
