/// Looks at each block of the history: its checksum, and whether it holds the rows that it says.
enum HistoryCheck {
  /// The first version of the schema that has blocks.
  static let schema = 7

  /// - Parameter goesOn: asked now and then; false breaks it off.
  /// - Throws: `StoreError.corrupt` for the first block that is damaged or missing.
  static func run(_ db: Database, goesOn: () -> Bool) throws(StoreError) {
    try db.snapshot { () throws(StoreError) in
      try db.history.followSegments(db)
      var last: Int64 = 0
      for segment in db.history.segments {
        guard goesOn() else { return }
        guard segment.first > last, segment.last >= segment.first else {
          throw .corrupt(file: db.path, detail: "segment \(segment.number) overlaps the one before")
        }
        let rows = try HistoryTable.rows(of: segment, db)
        guard rows.first?.ordinal == segment.first, rows.last?.ordinal == segment.last else {
          throw .corrupt(file: db.path, detail: "segment \(segment.number) holds rows that are not its own")
        }
        last = segment.last
      }
      let first = try db.integer("SELECT coalesce(min(first), 0) FROM journal")
      guard first == 0 || first == last + 1 else { throw .corrupt(file: db.path, detail: "journal \(last + 1) is missing") }
      try HistoryTable.journal(db, after: 0, through: .max) { $0.ordinal & 4095 != 0 || goesOn() }
    }
  }
}
