import Readings

/// Events and their transitions; the transitions are the outbox.
enum EventTable {
  static let transitionColumns =
    "seq, transition_key, event_key, slot, kind, change, severity, evidence, time, onset, first_onset, expected, observed, excess, volume, confidence, growing, action, pressure_slot, pressure_time, pressure_drop"

  /// The kinds that are leaks, for `kind IN (…)`.
  static let leakKinds = EventKind.allCases.filter(\.isLeak).map { String($0.rawValue) }.joined(separator: ", ")

  /// Stores one transition and brings its event up to date. One that is already there changes nothing.
  /// - Parameter isImported: whether it came of imported readings; see `ImportTable.isSilent` for what else is told to nobody.
  static func record(_ t: Transition, sensor: SensorID, isImported: Bool, _ db: Database) throws(StoreError) {
    let key = t.eventKey(sensor: sensor)
    let isSilent = isImported ? true : try ImportTable.isSilent(t, eventKey: key, db)
    let s = try db.statement(
      """
      INSERT OR IGNORE INTO transition (transition_key, event_key, slot, kind, change, severity, evidence, time, onset, first_onset,
        expected, observed, excess, volume, confidence, growing, imported, action, pressure_slot, pressure_time, pressure_drop)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    s.bind(1, t.transitionKey(sensor: sensor))
    s.bind(2, key)
    s.bind(3, Int64(t.slot))
    s.bind(4, Int64(t.kind.rawValue))
    s.bind(5, Int64(t.change.rawValue))
    s.bind(6, Int64(t.severity.rawValue))
    s.bind(7, Int64(t.evidence.rawValue))
    s.bind(8, t.time.milliseconds)
    s.bind(9, t.onset.milliseconds)
    s.bind(10, t.firstOnset.milliseconds)
    for (i, v) in [t.expected, t.observed, t.excess, t.volume, t.confidence].enumerated() { s.bind(Int32(11 + i), v) }
    s.bind(16, Int64(t.isGrowing ? 1 : 0))
    s.bind(17, Int64(isSilent ? 1 : 0))
    s.bind(18, Int64(t.action?.rawValue ?? 0))
    if let fall = t.pressure {
      s.bind(19, Int64(fall.slot))
      s.bind(20, fall.time.milliseconds)
      s.bind(21, fall.size)
    } else {
      for k in 19...21 { s.bindNull(Int32(k)) }
    }
    try s.run()
    if db.changes > 0 { try upsert(t, key: key, db) }
  }

  private static func upsert(_ t: Transition, key: String, _ db: Database) throws(StoreError) {
    let s = try db.statement(
      """
      INSERT INTO event (event_key, slot, kind, is_open, severity, opened, onset, updated, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?8)
      ON CONFLICT (event_key) DO UPDATE SET is_open = ?4, severity = max(severity, ?5), onset = ?7, updated = ?6, closed = ?8
      """)
    s.bind(1, key)
    s.bind(2, Int64(t.slot))
    s.bind(3, Int64(t.kind.rawValue))
    s.bind(4, Int64(t.change == .closed ? 0 : 1))
    s.bind(5, Int64(t.severity.rawValue))
    s.bind(6, t.time.milliseconds)
    s.bind(7, t.onset.milliseconds)
    if t.change == .closed { s.bind(8, t.time.milliseconds) } else { s.bindNull(8) }
    try s.run()
  }

  /// Reads a transition from a row whose columns start with `transitionColumns` at `first`.
  static func transition(_ s: Statement, first c: Int32 = 0) -> Transition? {
    guard let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: s.int(c + 4))),
      let change = EventChange(rawValue: UInt8(truncatingIfNeeded: s.int(c + 5)))
    else { return nil }
    var t = Transition(
      slot: SensorSlot(s.int(c + 3)), kind: kind, change: change,
      severity: Severity(rawValue: UInt8(truncatingIfNeeded: s.int(c + 6))) ?? .info,
      evidence: Evidence(rawValue: UInt32(truncatingIfNeeded: s.int(c + 7))), time: Timestamp(milliseconds: s.int(c + 8)),
      onset: Timestamp(milliseconds: s.int(c + 9)), firstOnset: Timestamp(milliseconds: s.int(c + 10)), expected: s.double(c + 11),
      observed: s.double(c + 12), excess: s.double(c + 13), volume: s.double(c + 14), confidence: s.double(c + 15),
      isGrowing: s.int(c + 16) != 0, action: ActionKind(rawValue: UInt8(truncatingIfNeeded: s.int(c + 17))))
    if !s.isNull(c + 18) {
      t.pressure = PressureFall(
        slot: SensorSlot(s.int(c + 18)), time: Timestamp(milliseconds: s.int(c + 19)), size: s.double(c + 20))
    }
    return t
  }
}

extension Store {
  /// The latest transition of the service's own event of that kind that is open.
  public func openServiceEvent(_ kind: EventKind) throws(StoreError) -> Transition? {
    let s = try db.statement(
      """
      SELECT \(EventTable.transitionColumns) FROM transition
      WHERE event_key = (SELECT event_key FROM event WHERE slot = ? AND kind = ? AND is_open = 1) ORDER BY seq DESC LIMIT 1
      """)
    defer { s.reset() }
    s.bind(1, Int64(SensorID.serviceSlot))
    s.bind(2, Int64(kind.rawValue))
    return try s.step() ? EventTable.transition(s) : nil
  }
}
