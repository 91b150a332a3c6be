/// What a connection keeps of the history in memory: where segments lie, and the journal's readings by sensor.
///
/// The journal is bounded (`HistoryTable.segmentSize`), and so is this: 32 bytes a row.
final class HistoryCache {
  /// A row of the journal.
  struct Row {
    var ordinal: Int64
    var time: Int64
    var sequence: Int64
    var value: Double
  }

  private(set) var segments: [HistoryTable.Segment] = []
  private var journal: [Int64: [Row]] = [:]
  private var first: Int64 = 0
  private var last: Int64 = 0
  /// Parts in which readings were looked for, and how many rows they have: a sender that repeats a day asks for the same ones.
  private var parts: [Int64: [HistoryRow]] = [:]
  private var partRows = 0
  /// Rows of parts that are kept at most, 48 bytes each.
  private static let mostPartRows = 131_072

  /// Forgets all: after a transaction that was taken back, rows may have been seen that never were.
  func forget() {
    segments = []
    (parts, partRows) = ([:], 0)
    forgetJournal()
  }

  private func forgetJournal() {
    journal = [:]
    (first, last) = (0, 0)
  }

  /// The journal's rows of a sensor, in order of arrival. After `follow`.
  func journal(_ slot: Int64) -> [Row] { journal[slot] ?? [] }

  /// As `HistoryTable.part`, remembered.
  func part(_ slot: Int64, of segment: HistoryTable.Segment, _ db: Database) throws(StoreError) -> [HistoryRow] {
    let name = segment.part(of: slot)
    if let known = parts[name] { return known }
    let rows = try HistoryTable.part(slot, of: segment, db)
    if partRows + rows.count > HistoryCache.mostPartRows { (parts, partRows) = ([:], 0) }
    parts[name] = rows
    partRows += rows.count + 1
    return rows
  }

  /// First and last event times of the sensors in the journal.
  var journalExtents: [Int64: (from: Int64, to: Int64)] {
    journal.filter { $0.key >= 0 }.mapValues { rows in
      rows.reduce(into: (from: Int64.max, to: Int64.min)) { $0 = (min($0.from, $1.time), max($0.to, $1.time)) }
    }
  }

  /// Takes over new segments, which never change.
  func followSegments(_ db: Database) throws(StoreError) {
    let s = try db.statement("SELECT number, first, last, count, from_time, to_time FROM segment WHERE number > ? ORDER BY number")
    defer { s.reset() }
    s.bind(1, segments.last?.number ?? 0)
    while try s.step() {
      segments.append(
        HistoryTable.Segment(number: s.int(0), first: s.int(1), last: s.int(2), count: s.int(3), from: s.int(4), to: s.int(5)))
    }
  }

  /// Brings all of it up to what the connection sees. Within a snapshot.
  /// - Complexity: O(rows that came since)
  func follow(_ db: Database) throws(StoreError) {
    try followSegments(db)
    let oldest = try db.integer("SELECT coalesce(min(first), 0) FROM journal")
    if oldest != first {
      forgetJournal()
      first = oldest
    }
    guard oldest > 0 else { return }
    var newest = last
    var fresh: [HistoryRow] = []
    do {
      try HistoryTable.journal(db, after: last, through: .max) {
        fresh.append($0)
        newest = $0.ordinal
        return true
      }
    } catch {
      forget()
      throw error
    }
    last = newest
    for r in fresh { journal[r.slot, default: []].append(Row(ordinal: r.ordinal, time: r.time, sequence: r.sequence, value: r.value)) }
  }
}
