import Readings

/// Which rows of the history were imported from files, and what is therefore told to nobody.
enum ImportTable {
  /// Notes imported rows; joins them to those right before.
  static func note(_ rows: ClosedRange<Int64>, _ db: Database) throws(StoreError) {
    let join = try db.statement("UPDATE import SET last = ? WHERE last = ?")
    join.bind(1, rows.upperBound)
    join.bind(2, rows.lowerBound - 1)
    try join.run()
    guard db.changes == 0 else { return }
    let s = try db.statement("INSERT INTO import (first, last) VALUES (?, ?)")
    s.bind(1, rows.lowerBound)
    s.bind(2, rows.upperBound)
    try s.run()
  }

  /// Stretches of imported rows that end after `position`, in order.
  static func ranges(after position: Int64, _ db: Database) throws(StoreError) -> [ClosedRange<Int64>] {
    let s = try db.statement("SELECT first, last FROM import WHERE last > ? ORDER BY first")
    defer { s.reset() }
    s.bind(1, position)
    var out: [ClosedRange<Int64>] = []
    while try s.step() { out.append(s.int(0)...s.int(1)) }
    return out
  }

  /// Whether a transition of live readings is only an echo of an import.
  ///
  /// Silence since the last imported reading is the time between the file and the first message, not a fault of the meter. And the end of
  /// a fault that nobody was told of is no news either. Leaks are news: one that goes on after the import is told as it develops.
  /// - Complexity: O(log rows) for faults, O(1) for leaks.
  static func isSilent(_ t: Transition, eventKey: String, _ db: Database) throws(StoreError) -> Bool {
    guard t.kind.isHealth else { return false }
    if t.change == .opened { return t.kind == .gap ? try isImported(t.slot, at: t.onset, db) : false }
    let s = try db.statement("SELECT imported FROM transition WHERE event_key = ? ORDER BY seq LIMIT 1")
    defer { s.reset() }
    s.bind(1, eventKey)
    return try s.step() && s.int(0) != 0
  }

  private static func isImported(_ slot: SensorSlot, at time: Timestamp, _ db: Database) throws(StoreError) -> Bool {
    // Without imports, as nearly always, the sensor's rows need not be looked for: that reads the journal anew.
    let any = try db.statement("SELECT 1 FROM import LIMIT 1")
    defer { any.reset() }
    guard try any.step() else { return false }
    let s = try db.statement("SELECT 1 FROM import WHERE first <= ?1 AND last >= ?1")
    defer { s.reset() }
    for row in try HistoryReader.at(db, Int64(slot), time) {
      s.bind(1, row.ordinal)
      let isImported = try s.step()
      s.reset()
      if isImported { return true }
    }
    return false
  }
}

extension Store {
  /// The history after `position` in stretches that were imported or received; the last one ends at `Int64.max`.
  public func stretches(after position: Int64) throws(StoreError) -> [(last: Int64, isImported: Bool)] {
    var out: [(last: Int64, isImported: Bool)] = []
    var from = position
    for r in try ImportTable.ranges(after: position, db) {
      if r.lowerBound - 1 > from { out.append((r.lowerBound - 1, false)) }
      out.append((r.upperBound, true))
      from = r.upperBound
    }
    out.append((.max, false))
    return out
  }
}
