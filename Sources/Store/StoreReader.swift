import Glibc
import Readings

/// Reads the data directory from any thread, through a connection of its own. WAL: it never waits for the writer nor the writer for it.
public final class StoreReader: Sendable {
  private let connection: SharedDatabase

  /// The database must exist: open the `Store` first.
  public init(directory: String) throws(StoreError) { connection = try SharedDatabase(reading: directory) }

  /// The reader of a directory, or nil where there is no database yet.
  public static func ifPresent(directory: String) throws(StoreError) -> StoreReader? {
    guard access(Store.file(in: directory), F_OK) == 0 else { return nil }
    try Schema.inspect(Store.file(in: directory))
    return try StoreReader(directory: directory)
  }

  var statementCount: Int { connection.statementCount }

  /// As `read`; all that `body` reads is of one moment.
  func readTogether<T: Sendable>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
    try read { db throws(StoreError) in
      try db.execute("BEGIN")
      let result = Result<T, StoreError> { () throws(StoreError) in try body(db) }
      try db.execute("COMMIT")
      return try result.get()
    }
  }

  func read<T: Sendable>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T { try connection.with(body) }

  public func sensors() throws(StoreError) -> [StoredSensor] { try read { db throws(StoreError) in try SensorTable.all(db) } }

  /// The readings of a sensor in `from ..< to`, by event time.
  public func history(_ slot: SensorSlot, from: Timestamp, to: Timestamp) throws(StoreError) -> [(time: Timestamp, value: Double)] {
    try read { db throws(StoreError) in
      var out: [(time: Timestamp, value: Double)] = []
      try StoreReader.scan(db, slot, from, to) { out.append(($0, $1)) }
      return out
    }
  }

  static func scan(
    _ db: Database, _ slot: SensorSlot, _ from: Timestamp, _ to: Timestamp, _ body: (Timestamp, Double) -> Void
  ) throws(StoreError) {
    for v in try HistoryReader.values(db, Int64(slot), from: from, to: to) { body(v.time, v.value) }
  }

  /// First and last event time stored for a sensor.
  public func extent(_ slot: SensorSlot) throws(StoreError) -> (first: Timestamp, last: Timestamp)? {
    try read { db throws(StoreError) in
      try HistoryReader.extents(db, only: Int64(slot))[Int64(slot)].map {
        (Timestamp(milliseconds: $0.from), Timestamp(milliseconds: $0.to))
      }
    }
  }

  // MARK: - Events

  /// Which events to list; newest opening first.
  public struct EventFilter: Sendable {
    public var openOnly = false
    public var slot: SensorSlot?
    /// Only those that were open at some time in `from ..< to`.
    public var from: Timestamp?
    public var to: Timestamp?
    /// Only those opened before this, for paging.
    public var openedBefore: Timestamp?
    /// Only those that come after this place in the list: the last one of the page before.
    public var after: EventPlace?
    public var leaksOnly = false
    public var kind: EventKind?
    /// Only those of these municipalities; empty = of all.
    public var municipalities: Set<String> = []
    public var limit = 100
    public init() {}
  }

  public func events(_ filter: EventFilter) throws(StoreError) -> [StoredEvent] {
    var conditions = ["1"]
    if filter.openOnly { conditions.append("e.is_open = 1") }
    if filter.slot != nil { conditions.append("e.slot = ?2") }
    if filter.from != nil { conditions.append("coalesce(e.closed, 9223372036854775807) >= ?3") }
    if filter.to != nil { conditions.append("e.onset < ?4") }
    if filter.openedBefore != nil { conditions.append("e.opened < ?5") }
    if filter.after != nil { conditions.append("(e.opened, e.event_key) < (?6, ?7)") }
    if filter.leaksOnly { conditions.append("e.kind IN (\(EventTable.leakKinds))") }
    if filter.kind != nil { conditions.append("e.kind = ?10") }
    if !filter.municipalities.isEmpty { conditions.append("n.municipality IN (SELECT value FROM json_each(?9))") }
    let clause = conditions.joined(separator: " AND ") + " ORDER BY e.opened DESC, e.event_key DESC LIMIT ?8"
    return try read { db throws(StoreError) in try StoreReader.events(db, clause, filter) }
  }

  public func event(key: String) throws(StoreError) -> StoredEvent? {
    try read { db throws(StoreError) in try StoreReader.events(db, "e.event_key = ?1 LIMIT ?8", EventFilter(), key: key).first }
  }

  private static func events(_ db: Database, _ clause: String, _ filter: EventFilter, key: String? = nil) throws(StoreError)
    -> [StoredEvent]
  {
    let columns = EventTable.transitionColumns.split(separator: ", ").map { "t.\($0)" }.joined(separator: ", ")
    let s = try db.statement(
      """
      SELECT \(columns), e.is_open, e.opened, e.closed, n.municipality, n.zone, n.sensor, n.quantity
      FROM event e JOIN sensor n ON n.slot = e.slot
      JOIN transition t ON t.seq = (SELECT max(seq) FROM transition x WHERE x.event_key = e.event_key)
      WHERE \(clause)
      """)
    defer { s.reset() }
    if let key { s.bind(1, key) }
    if let slot = filter.slot { s.bind(2, Int64(slot)) }
    if let from = filter.from { s.bind(3, from.milliseconds) }
    if let to = filter.to { s.bind(4, to.milliseconds) }
    if let before = filter.openedBefore { s.bind(5, before.milliseconds) }
    if let after = filter.after {
      s.bind(6, after.opened.milliseconds)
      s.bind(7, after.eventKey)
    }
    s.bind(8, max(1, min(filter.limit, 10_000)))
    if let kind = filter.kind { s.bind(10, Int64(kind.rawValue)) }
    // Segments of sensor ids need no escapes.
    if !filter.municipalities.isEmpty { s.bind(9, "[" + filter.municipalities.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]") }
    var out: [StoredEvent] = []
    while try s.step() {
      guard let last = EventTable.transition(s), let id = sensor(s, 21) else { continue }
      out.append(
        StoredEvent(
          eventKey: s.text(2), sensor: id, slot: last.slot, isOpen: s.int(18) != 0, opened: Timestamp(milliseconds: s.int(19)),
          closed: s.isNull(20) ? nil : Timestamp(milliseconds: s.int(20)), last: last))
    }
    return out
  }

  private static func sensor(_ s: Statement, _ c: Int32) -> SensorID? {
    guard let q = Quantity(rawValue: UInt8(truncatingIfNeeded: s.int(c + 3))) else { return nil }
    return SensorID(municipality: s.text(c), zone: s.text(c + 1), sensor: s.text(c + 2), quantity: q)
  }

  /// The life of one event, oldest first.
  public func transitions(ofEvent key: String) throws(StoreError) -> [OutboxRow] {
    try read { db throws(StoreError) in try StoreReader.outbox(db, "t.event_key = ?1 ORDER BY t.seq", text: key) }
  }

  // MARK: - Outbox

  /// Transitions after `seq`, in order; without those that came of imported history.
  public func outbox(after seq: Int64, limit: Int) throws(StoreError) -> [OutboxRow] {
    try read { db throws(StoreError) in
      try StoreReader.outbox(db, "t.seq > ?1 AND t.imported = 0 ORDER BY t.seq LIMIT ?2", number: seq, limit: max(1, limit))
    }
  }

  /// One transition by its place in the outbox.
  public func outboxRow(_ seq: Int64) throws(StoreError) -> OutboxRow? {
    try read { db throws(StoreError) in try StoreReader.outbox(db, "t.seq = ?1", number: seq).first }
  }

  static func outbox(
    _ db: Database, _ clause: String, text: String? = nil, number: Int64? = nil, limit: Int? = nil
  ) throws(StoreError) -> [OutboxRow] {
    let columns = EventTable.transitionColumns.split(separator: ", ").map { "t.\($0)" }.joined(separator: ", ")
    let s = try db.statement(
      "SELECT \(columns), n.municipality, n.zone, n.sensor, n.quantity FROM transition t JOIN sensor n ON n.slot = t.slot WHERE \(clause)")
    defer { s.reset() }
    if let text { s.bind(1, text) }
    if let number { s.bind(1, number) }
    if let limit { s.bind(2, limit) }
    var out: [OutboxRow] = []
    while try s.step() {
      guard let t = EventTable.transition(s), let id = sensor(s, 18) else { continue }
      out.append(OutboxRow(seq: s.int(0), eventKey: s.text(2), transitionKey: s.text(1), sensor: id, transition: t))
    }
    return out
  }

  /// Figures of the database: rows of history, events, bytes on disk.
  public func figures() throws(StoreError) -> (readings: Int64, events: Int64, bytes: Int64) {
    try read { db throws(StoreError) in
      (
        try HistoryTable.top(db), try db.integer("SELECT count(*) FROM event"),
        try db.integer("PRAGMA page_count") * (try db.integer("PRAGMA page_size"))
      )
    }
  }
}
