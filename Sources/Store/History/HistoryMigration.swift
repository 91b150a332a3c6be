import Glibc

/// From version 6 on: the rows of the table `history` become segments, in the transaction of the migration.
enum HistoryMigration {
  /// Bytes on the disk that a row may need while both forms are there: once in the log (WAL), once in the file. Some 5 each are usual; values
  /// that are no decimals need up to 20.
  static let bytesPerRow: Int64 = 24
  /// Beside the rows: what else is written at a start.
  static let reserve: Int64 = 16 << 20

  /// - Parameter progress: called at the beginning and after each segment.
  /// - Throws: `.diskFull` before anything is written, when there is not enough room.
  /// - Complexity: O(rows · log rows), one segment's rows in memory.
  static func run(_ db: Database, progress: (MigrationProgress) -> Void = { _ in }) throws(StoreError) {
    let total = try db.integer("SELECT coalesce((SELECT max(id) FROM history) - (SELECT min(id) FROM history) + 1, 0)")
    try checkRoom(for: total, free: DiskSpace(of: db.path)?.free, file: db.path)
    let size = Int(HistoryTable.segmentSize(sensors: Int(try db.integer("SELECT count(*) FROM sensor"))))
    let s = try db.statement("SELECT id, slot, time, arrival, seq, value FROM history ORDER BY id")
    var rows: [HistoryRow] = []
    rows.reserveCapacity(min(size, Int(total)))
    var done: Int64 = 0
    progress(MigrationProgress(done: 0, total: total))
    while try s.step() {
      // Gaps are kept: others name places by these numbers.
      rows.append(
        HistoryRow(
          ordinal: s.int(0), slot: s.int(1), time: s.int(2), arrival: s.int(3), sequence: s.int(4),
          value: s.isNull(5) ? .nan : s.double(5)))
      if rows.count >= size {
        done += Int64(rows.count)
        try HistoryTable.writeSegment(rows, db)
        rows.removeAll(keepingCapacity: true)
        progress(MigrationProgress(done: done, total: total))
      }
    }
    s.reset()
    try HistoryTable.writeSegment(rows, db)
    db.forgetStatement(s)
    try db.execute("DROP TABLE history")
    progress(MigrationProgress(done: total, total: total))
  }

  /// Refuses before the first byte what would end with a full disk after minutes.
  ///
  /// - Parameter free: bytes for whom the service runs as; nil when the system does not say: then it is tried.
  static func checkRoom(for rows: Int64, free: Int64?, file: String) throws(StoreError) {
    let needed = rows * bytesPerRow + reserve
    guard let free, rows > 0, free < needed else { return }
    let (n, f) = ((needed + 999_999) / 1_000_000, free / 1_000_000)
    let japanese = "履歴 \(rows) 件の移し替えに \(n) MB、空きは \(f) MB"
    let english = "converting \(rows) rows of history needs \(n) MB, \(f) MB are free; the file was not changed"
    throw .diskFull(operation: "\(file): \(japanese) / \(english)")
  }
}
