import CSQLite
import Glibc

/// A copy of the database at one moment, made beside whoever writes it.
public struct StoreBackup: Hashable, Sendable {
  /// Version of the schema.
  public var schema: Int
  /// Entries of the history.
  public var entries: Int64
  public var sensors: Int64
  public var events: Int64

  /// Copies a data directory's database to `file`, which must not exist, and sees that it is on the disk.
  ///
  /// One read transaction: the copy holds what was committed when it began. Commits go on meanwhile; only the log of the database (WAL)
  /// cannot be folded until the copy is done.
  /// - Throws: `.newerSchema`, `.foreign` or `.corrupt` for a database that is not one of ours; `.diskFull`; `.io`.
  /// - Complexity: O(size of the database); the copy has no free pages and is at most as large.
  public static func copy(directory: String, to file: String) throws(StoreError) -> StoreBackup {
    let source = Store.file(in: directory)
    try Schema.inspect(source)
    let db = try Database(path: source, readOnly: true)
    let s = try db.statement("VACUUM INTO ?")
    s.bind(1, file)
    _ = try s.step()
    db.forgetStatement(s)
    try takeInStates(file, from: directory)
    try sync(file)
    return try facts(try Database(path: file, readOnly: true))
  }

  /// SQLite holds no more in one value. A start from a copy without its state reads more of the history anew.
  private static let largestValue = 900_000_000

  /// A copy is one file: the newest state that lies in a file of its own is put into its row, and rows of others are left out.
  private static func takeInStates(_ file: String, from directory: String) throws(StoreError) {
    let db = try Database(path: file, readOnly: false)
    try db.execute("PRAGMA journal_mode=DELETE")
    var named: [(id: Int64, position: Int64, state: StateFile?)] = []
    do {
      let s = try db.statement("SELECT id, position, state FROM checkpoint WHERE length(state) < ? ORDER BY id DESC")
      defer { s.reset() }
      s.bind(1, StateFile.maximumBlob)
      while try s.step() {
        let blob = s.withBlob(2) { Array($0) }
        guard StateFile.name(in: blob) != nil else { continue }
        named.append((s.int(0), s.int(1), StateFile(blob: blob, directory: directory)))
      }
    }
    guard !named.isEmpty else { return }
    try db.transaction { () throws(StoreError) in
      for (n, row) in named.enumerated() {
        if n == 0, let state = row.state, (1...largestValue).contains(state.count) {
          try take(in: .file(state), id: row.id, position: row.position, db)
        } else {
          let s = try db.statement("DELETE FROM checkpoint WHERE id = ?")
          s.bind(1, row.id)
          try s.run()
        }
      }
    }
  }

  private static func take(in state: StoredState, id: Int64, position: Int64, _ db: Database) throws(StoreError) {
    let s = try db.statement("UPDATE checkpoint SET checksum = ?, state = zeroblob(?) WHERE id = ?")
    s.bind(1, try Checksum.of(state, position))
    s.bind(2, state.count)
    s.bind(3, id)
    try s.run()
    try db.writeBlob(state, table: "checkpoint", column: "state", row: id)
  }

  /// Looks through a copy: pages, indexes and every block of the history.
  /// - Throws: as `copy`; `.corrupt` names what is damaged.
  /// - Complexity: O(rows · log rows)
  public static func check(_ file: String) throws(StoreError) -> StoreBackup {
    guard access(file, R_OK) == 0 else { throw .io(operation: "open \(file)", detail: String(cString: strerror(errno))) }
    try Schema.inspect(file)
    let db = try Database(path: file, readOnly: true)
    try db.checkIntegrity()
    let found = try facts(db)
    if found.schema >= HistoryCheck.schema { try HistoryCheck.run(db) { true } }
    return found
  }

  private static func facts(_ db: Database) throws(StoreError) -> StoreBackup {
    let schema = Int(try db.integer("PRAGMA user_version"))
    let entries =
      schema >= HistoryCheck.schema ? try HistoryTable.top(db) : try db.integer("SELECT coalesce(max(id), 0) FROM history")
    return StoreBackup(
      schema: schema, entries: entries, sensors: try db.integer("SELECT count(*) FROM sensor WHERE slot >= 0"),
      events: try db.integer("SELECT count(*) FROM event"))
  }

  /// `fsync` of a file and of nothing else.
  static func sync(_ path: String) throws(StoreError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .io(operation: "open \(path)", detail: String(cString: strerror(errno))) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw .io(operation: "fsync \(path)", detail: String(cString: strerror(errno))) }
  }
}
