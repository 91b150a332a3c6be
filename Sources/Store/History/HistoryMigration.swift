/// From version 6 on: the rows of the table `history` become segments, in the transaction of the migration.
enum HistoryMigration {
  /// - Complexity: O(rows · log rows), one segment's rows in memory.
  static func run(_ db: Database) throws(StoreError) {
    let size = Int(HistoryTable.segmentSize(sensors: Int(try db.integer("SELECT count(*) FROM sensor"))))
    let s = try db.statement("SELECT id, slot, time, arrival, seq, value FROM history ORDER BY id")
    var rows: [HistoryRow] = []
    while try s.step() {
      // Gaps are kept: others name places by these numbers.
      rows.append(
        HistoryRow(
          ordinal: s.int(0), slot: s.int(1), time: s.int(2), arrival: s.int(3), sequence: s.int(4),
          value: s.isNull(5) ? .nan : s.double(5)))
      if rows.count >= size {
        try HistoryTable.writeSegment(&rows, db)
        rows.removeAll(keepingCapacity: true)
      }
    }
    s.reset()
    try HistoryTable.writeSegment(&rows, db)
    db.forgetStatement(s)
    try db.execute("DROP TABLE history")
  }
}
