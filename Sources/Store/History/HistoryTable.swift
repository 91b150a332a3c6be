import Readings

/// The two forms of the history: the journal, a block a commit in order of arrival, and behind it segments, a block a sensor.
///
/// A segment takes a stretch of the journal's place in one transaction, so each row is at every moment in exactly one of them.
enum HistoryTable {
  /// A stretch of the history that lies by sensors.
  struct Segment: Sendable {
    var number: Int64
    var first: Int64
    var last: Int64
    /// Rows: fewer than ordinals, where an older version left gaps.
    var count: Int64
    /// Event times of its readings, Unix ms; `from` > `to` without any.
    var from: Int64
    var to: Int64

    func part(of slot: Int64) -> Int64 { number << 32 | (slot + HistorySlot.bias) }
  }

  /// The last ordinal, 0 before the first.
  static func top(_ db: Database) throws(StoreError) -> Int64 {
    let journal = try db.integer("SELECT max(last) FROM journal WHERE first = (SELECT max(first) FROM journal)")
    return journal > 0 ? journal : try segmentTop(db)
  }

  /// The last ordinal that lies in a segment.
  static func segmentTop(_ db: Database) throws(StoreError) -> Int64 {
    try db.integer("SELECT last FROM segment WHERE number = (SELECT max(number) FROM segment)")
  }

  /// Appends rows to the journal.
  /// - Parameters:
  ///   - rows: in order, without gaps.
  ///   - first: the first one's ordinal, which follows the last one there is.
  static func append(_ rows: [HistoryRow], first: Int64, _ db: Database) throws(StoreError) {
    let s = try db.statement("INSERT INTO journal (first, last, data) VALUES (?, ?, ?)")
    var i = 0
    while i < rows.count {
      let end = min(i + JournalCodec.most, rows.count)
      s.bind(1, first + Int64(i))
      s.bind(2, first + Int64(end) - 1)
      s.bind(3, JournalCodec.encode(rows[i..<end]))
      try s.run()
      i = end
    }
  }

  /// Writes rows as the next segment. In a transaction.
  /// - Parameter rows: ascending by ordinal, of any sensors.
  static func writeSegment(_ rows: [HistoryRow], _ db: Database) throws(StoreError) {
    try rows.withUnsafeBufferPointer { rows throws(StoreError) in try writeSegment(rows, db) }
  }

  private static func writeSegment(
    _ rows: UnsafeBufferPointer<HistoryRow>, first: Int64? = nil, _ db: Database
  ) throws(StoreError) {
    guard let origin = rows.first?.ordinal, let end = rows.last?.ordinal else { return }
    let first = first ?? origin
    var segment = Segment(
      number: try db.integer("SELECT coalesce(max(number), 0) + 1 FROM segment"), first: first, last: first + end - origin,
      count: Int64(rows.count), from: .max, to: .min)
    let parts = Array(RowsBySensor(rows))
    var start = 0
    while start < parts.count {
      // Rows that are no readings come first, and have no extent.
      let count = parts[start].slot < 0 || parts.count - start < rowsAtOnce ? 1 : rowsAtOnce
      try write(parts[start..<start + count], of: &segment, origin: origin, db)
      start += count
    }
    let s = try db.statement("INSERT INTO segment (number, first, last, count, from_time, to_time) VALUES (?, ?, ?, ?, ?, ?)")
    let values = [segment.number, segment.first, segment.last, segment.count, segment.from, segment.to]
    for (n, v) in values.enumerated() { s.bind(Int32(n + 1), v) }
    try s.run()
  }

  /// Rows that a statement inserts where there are so many: a statement costs SQLite more than a row.
  private static let rowsAtOnce = 32

  /// Writes parts of readings, or a single one of what is none.
  private static func write(
    _ parts: ArraySlice<RowsBySensor.Part>, of segment: inout Segment, origin: Int64, _ db: Database
  ) throws(StoreError) {
    let insert = try db.statement("INSERT INTO part (id, data) VALUES \(places("(?, ?)", parts.count))")
    let extent = try db.statement(
      """
      INSERT INTO extent (slot, from_time, to_time) VALUES \(places("(?, ?, ?)", parts.count)) ON CONFLICT (slot)
      DO UPDATE SET from_time = min(from_time, excluded.from_time), to_time = max(to_time, excluded.to_time)
      """)
    for (n, part) in zip(Int32(0)..., parts) {
      insert.bind(2 * n + 1, segment.part(of: part.slot))
      insert.bind(2 * n + 2, PartCodec.encode(part, first: origin))
      var (from, to) = (Int64.max, Int64.min)
      part.forEach { (from, to) = (min(from, $0.time), max(to, $0.time)) }
      extent.bind(3 * n + 1, part.slot)
      extent.bind(3 * n + 2, from)
      extent.bind(3 * n + 3, to)
      if part.slot >= 0 || part.slot == HistorySlot.reverse { (segment.from, segment.to) = (min(segment.from, from), max(segment.to, to)) }
    }
    try insert.run()
    if let part = parts.first, part.slot >= 0 { try extent.run() } else { extent.reset() }
  }

  private static func places(_ row: String, _ count: Int) -> String { Array(repeating: row, count: count).joined(separator: ", ") }

  /// Rows of a segment at least: some 64 of each sensor, within what may be held in memory (48 bytes a row).
  static func segmentSize(sensors: Int) -> Int64 { Int64(max(65_536, min(524_288, sensors * 64))) }

  /// Makes a segment of the oldest `size` rows of the journal, up to the end of a block, in a transaction of its own.
  /// - Parameter rows: room for them, which the caller may keep; its content means nothing.
  /// - Complexity: O(size + slots)
  static func compact(size: Int64, room rows: inout [HistoryRow], _ db: Database) throws(StoreError) {
    rows.removeAll(keepingCapacity: true)
    rows.reserveCapacity(Int(size) + JournalCodec.most)
    try takeBlocks(until: size, into: &rows, db)
    guard let last = rows.last?.ordinal else { return }
    try db.transaction { () throws(StoreError) in
      try writeSegment(rows, db)
      try forget(through: last, db)
    }
  }

  /// Makes segments of a batch that has not been in the journal, of `size` rows at most, and of what is in the journal one before it or, with
  /// few rows, one with the beginning of the batch. In a transaction.
  /// - Parameters:
  ///   - batch: with ordinals from 0.
  ///   - first: the ordinal that the first one gets, which follows the last one there is.
  /// - Complexity: O(rows + slots)
  static func lay(_ batch: [HistoryRow], first: Int64, size: Int, _ db: Database) throws(StoreError) {
    var rows: [HistoryRow] = []
    try takeBlocks(until: .max, into: &rows, db)
    let joined = rows.isEmpty ? 0 : min(max(0, size - rows.count), batch.count)
    for var row in batch[..<joined] {
      row.ordinal += first
      rows.append(row)
    }
    if !rows.isEmpty {
      try writeSegment(rows, db)
      try forget(through: first, db)
    }
    try batch.withUnsafeBufferPointer { batch throws(StoreError) in
      for start in stride(from: joined, to: batch.count, by: size) {
        let end = min(start + size, batch.count)
        try writeSegment(UnsafeBufferPointer(rebasing: batch[start..<end]), first: first + Int64(start), db)
      }
    }
  }

  /// The oldest rows of the journal: whole blocks, until there are `size`.
  private static func takeBlocks(until size: Int64, into rows: inout [HistoryRow], _ db: Database) throws(StoreError) {
    var next: Int64?
    let s = try db.statement(blockQuery)
    while rows.count < size, try appendBlock(s, &next, from: 0, through: .max, to: &rows, db) {}
  }

  /// Removes the blocks of the journal that begin up to `last`.
  private static func forget(through last: Int64, _ db: Database) throws(StoreError) {
    let s = try db.statement("DELETE FROM journal WHERE first <= ?")
    s.bind(1, last)
    try s.run()
  }

  // MARK: - Blocks

  /// The journal's rows after `position`, up to and with `last`, until `body` says no.
  /// - Returns: false when it did.
  @discardableResult
  static func journal(
    _ db: Database, after position: Int64, through last: Int64, _ body: (HistoryRow) -> Bool
  ) throws(StoreError) -> Bool {
    // The block that `position` lies in holds the rows after it.
    let start = try db.statement("SELECT coalesce(max(first), 0) FROM journal WHERE first <= ?")
    start.bind(1, position)
    let from = try start.step() ? start.int(0) : 0
    start.reset()
    // One block a query: `body` may read the history, too.
    let s = try db.statement(blockQuery)
    var rows: [HistoryRow] = []
    var next: Int64?
    while true {
      rows.removeAll(keepingCapacity: true)
      guard try appendBlock(s, &next, from: from, through: last, to: &rows, db) else { return true }
      for row in rows where row.ordinal > position && row.ordinal <= last {
        guard body(row) else { return false }
      }
    }
  }

  private static let blockQuery = "SELECT first, last, data FROM journal WHERE first >= ? AND first <= ? ORDER BY first LIMIT 1"

  /// Appends the rows of one block.
  /// - Parameters:
  ///   - next: where the block before ended, so that a missing one is noticed; nil for the first, which begins at `from` or after it.
  /// - Returns: false when there is none that begins up to `last`.
  private static func appendBlock(
    _ s: Statement, _ next: inout Int64?, from: Int64, through last: Int64, to rows: inout [HistoryRow], _ db: Database
  ) throws(StoreError) -> Bool {
    s.bind(1, next ?? from)
    s.bind(2, last)
    defer { s.reset() }
    guard try s.step() else { return false }
    let first = s.int(0)
    if let next, first != next { throw .corrupt(file: db.path, detail: "journal \(next) is missing") }
    let after = s.int(1) + 1
    next = after
    let isWhole = s.withBlob(2) { bytes in JournalCodec.decode(bytes, first: first) { rows.append($0) } }
    guard isWhole, rows.last?.ordinal == after - 1 else { throw .corrupt(file: db.path, detail: "journal \(first)") }
    return true
  }

  /// The rows of one sensor in a segment, in order of arrival.
  static func part(_ slot: Int64, of segment: Segment, _ db: Database) throws(StoreError) -> [HistoryRow] {
    let s = try db.statement("SELECT data FROM part WHERE id = ?")
    defer { s.reset() }
    s.bind(1, segment.part(of: slot))
    guard try s.step() else { return [] }
    guard let rows = s.withBlob(0, { PartCodec.decode($0, slot: slot, first: segment.first) }) else {
      throw .corrupt(file: db.path, detail: "segment \(segment.number), sensor \(slot)")
    }
    return rows
  }

  /// All rows of a segment in order of arrival.
  static func rows(of segment: Segment, _ db: Database) throws(StoreError) -> [HistoryRow] {
    let s = try db.statement("SELECT id, data FROM part WHERE id BETWEEN ? AND ?")
    defer { s.reset() }
    s.bind(1, segment.number << 32)
    s.bind(2, segment.number << 32 | 0xffff_ffff)
    var out: [HistoryRow] = []
    while try s.step() {
      let slot = (s.int(0) & 0xffff_ffff) - HistorySlot.bias
      guard let rows = s.withBlob(1, { PartCodec.decode($0, slot: slot, first: segment.first) }) else {
        throw .corrupt(file: db.path, detail: "segment \(segment.number), sensor \(slot)")
      }
      out.append(contentsOf: rows)
    }
    return try inOrder(out, segment, db)
  }

  /// Each row goes to the place that its ordinal says; a row that has none is damage.
  private static func inOrder(_ rows: [HistoryRow], _ segment: Segment, _ db: Database) throws(StoreError) -> [HistoryRow] {
    guard rows.count == segment.count else { throw .corrupt(file: db.path, detail: "segment \(segment.number) lacks rows") }
    let span = segment.last - segment.first
    if span + 1 != Int64(rows.count) {
      // Gaps of a database of an older version.
      return rows.sorted { $0.ordinal < $1.ordinal }
    }
    var places = [Int32](repeating: -1, count: rows.count)
    for (n, r) in rows.enumerated() {
      let place = r.ordinal - segment.first
      guard place >= 0, place <= span, places[Int(place)] < 0 else {
        throw .corrupt(file: db.path, detail: "segment \(segment.number): rows that are not its own")
      }
      places[Int(place)] = Int32(n)
    }
    return places.map { rows[Int($0)] }
  }
}
