import Readings

/// What people said of meters and events.
enum ActionTable {
  private static let columns = "id, slot, kind, time, first, last, event_key, person, note, said"

  /// - Returns: its number.
  static func insert(_ r: ActionRecord, _ db: Database) throws(StoreError) -> Int64 {
    let s = try db.statement(
      "INSERT INTO action (slot, kind, time, first, last, event_key, person, note, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    s.bind(1, Int64(r.action.slot))
    s.bind(2, Int64(r.action.kind.rawValue))
    s.bind(3, r.action.time.milliseconds)
    s.bind(4, r.action.from.milliseconds)
    s.bind(5, r.action.to.milliseconds)
    s.bind(6, r.eventKey)
    s.bind(7, r.person)
    s.bind(8, r.note)
    s.bind(9, r.said.milliseconds)
    try s.run()
    return db.lastRowID
  }

  static func record(_ id: Int64, _ db: Database) throws(StoreError) -> ActionRecord? {
    let s = try db.statement("SELECT \(columns) FROM action WHERE id = ?")
    defer { s.reset() }
    s.bind(1, id)
    return try s.step() ? read(s) : nil
  }

  /// Newest first.
  static func list(slot: SensorSlot?, event: String?, limit: Int, _ db: Database) throws(StoreError) -> [ActionRecord] {
    let s = try db.statement(
      "SELECT \(columns) FROM action WHERE (?1 IS NULL OR slot = ?1) AND (?2 IS NULL OR event_key = ?2) ORDER BY id DESC LIMIT ?3")
    defer { s.reset() }
    s.bind(1, slot.map(Int.init))
    s.bind(2, event)
    s.bind(3, max(1, min(limit, 10_000)))
    var out: [ActionRecord] = []
    while try s.step() {
      if let r = read(s) { out.append(r) }
    }
    return out
  }

  static func list(_ filter: StoreReader.ActionFilter, _ db: Database) throws(StoreError) -> [ActionRecord] {
    var conditions = ["1"]
    if filter.kind != nil { conditions.append("kind = ?1") }
    // What has no window is a moment.
    if filter.from != nil { conditions.append("last >= ?2 AND (last > ?2 OR first = last)") }
    if filter.to != nil { conditions.append("first < ?3") }
    if filter.since != nil { conditions.append("said >= ?4") }
    let s = try db.statement(
      "SELECT \(columns) FROM action WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?5")
    defer { s.reset() }
    if let kind = filter.kind { s.bind(1, Int64(kind.rawValue)) }
    if let from = filter.from { s.bind(2, from.milliseconds) }
    if let to = filter.to { s.bind(3, to.milliseconds) }
    if let since = filter.since { s.bind(4, since.milliseconds) }
    s.bind(5, max(1, min(filter.limit, 100_000)))
    var out: [ActionRecord] = []
    while try s.step() {
      if let r = read(s) { out.append(r) }
    }
    return out
  }

  private static func read(_ s: Statement) -> ActionRecord? {
    guard let kind = ActionKind(rawValue: UInt8(truncatingIfNeeded: s.int(2))) else { return nil }
    let action = OperatorAction(
      slot: SensorSlot(truncatingIfNeeded: s.int(1)), kind: kind, time: Timestamp(milliseconds: s.int(3)),
      from: Timestamp(milliseconds: s.int(4)), to: Timestamp(milliseconds: s.int(5)))
    var r = ActionRecord(
      action: action, eventKey: s.isNull(6) ? nil : s.text(6), person: s.text(7), note: s.text(8), said: Timestamp(milliseconds: s.int(9)))
    r.id = s.int(0)
    return r
  }
}

extension StoreReader {
  /// What people said of a meter, or of one event, newest first.
  public func actions(slot: SensorSlot? = nil, event: String? = nil, limit: Int = 100) throws(StoreError) -> [ActionRecord] {
    try read { db throws(StoreError) in try ActionTable.list(slot: slot, event: event, limit: limit, db) }
  }

  /// Which actions to list, of all meters.
  struct ActionFilter: Sendable {
    var kind: ActionKind?
    var from: Timestamp?
    var to: Timestamp?
    var since: Timestamp?
    var limit: Int
  }

  /// What people said of all meters, newest first.
  /// - Parameters:
  ///   - from: with `to`, only those whose window lies at least in part in `from ..< to`; what has no window is a moment (event time).
  ///   - since: only those said at or after it (wall clock).
  ///   - limit: 1…100,000
  public func actions(
    kind: ActionKind?, from: Timestamp? = nil, to: Timestamp? = nil, since: Timestamp? = nil, limit: Int = 1000
  ) throws(StoreError) -> [ActionRecord] {
    let filter = ActionFilter(kind: kind, from: from, to: to, since: since, limit: limit)
    return try read { db throws(StoreError) in try ActionTable.list(filter, db) }
  }
}

extension Store {
  /// The key of a meter's newest leak, open or not.
  public func newestLeak(of slot: SensorSlot) throws(StoreError) -> String? {
    let s = try db.statement(
      "SELECT event_key FROM event WHERE slot = ? AND kind IN (\(EventTable.leakKinds)) ORDER BY opened DESC LIMIT 1"
    )
    defer { s.reset() }
    s.bind(1, Int64(slot))
    return try s.step() ? s.text(0) : nil
  }

  /// Whether exactly that window of work was planned for a meter, though it may have been cancelled since.
  /// - Parameter since: wall clock; one that was planned before it and cancelled counts no more. nil = such a one counts, too.
  public func hasWork(_ slot: SensorSlot, _ window: Range<Timestamp>, since: Timestamp? = nil) throws(StoreError) -> Bool {
    let s = try db.statement(
      """
      SELECT 1 FROM action p WHERE slot = ?1 AND kind = \(ActionKind.plannedWork.rawValue) AND first = ?2 AND last = ?3
        AND (?4 IS NULL OR said >= ?4 OR NOT EXISTS (SELECT 1 FROM action c WHERE c.slot = ?1 AND c.id > p.id
          AND c.kind = \(ActionKind.workCancelled.rawValue) AND c.first <= ?2 AND c.last >= ?3))
      """)
    defer { s.reset() }
    s.bind(1, Int64(slot))
    s.bind(2, window.lowerBound.milliseconds)
    s.bind(3, window.upperBound.milliseconds)
    s.bind(4, since.map { Int($0.milliseconds) })
    return try s.step()
  }

  /// Whether that event is one of this sensor.
  public func hasEvent(_ key: String, of slot: SensorSlot) throws(StoreError) -> Bool {
    let s = try db.statement("SELECT 1 FROM event WHERE event_key = ? AND slot = ?")
    defer { s.reset() }
    s.bind(1, key)
    s.bind(2, Int64(slot))
    return try s.step()
  }

  /// Marks as ended what a rebuilt detector no longer holds open: events of an engine that judged otherwise.
  /// - Parameters:
  ///   - keys: events that are open in the detector.
  ///   - time: event time of the end.
  /// - Returns: how many.
  public func endEvents(except keys: Set<String>, at time: Timestamp) throws(StoreError) -> Int {
    var ended: [String] = []
    let s = try db.statement("SELECT event_key FROM event WHERE is_open = 1 AND slot >= 0")
    while try s.step() {
      if !keys.contains(s.text(0)) { ended.append(s.text(0)) }
    }
    s.reset()
    guard !ended.isEmpty else { return 0 }
    try db.transaction { () throws(StoreError) in
      let end = try db.statement("UPDATE event SET is_open = 0, closed = max(updated, ?) WHERE event_key = ?")
      for key in ended {
        end.bind(1, time.milliseconds)
        end.bind(2, key)
        try end.run()
      }
    }
    return ended.count
  }
}
