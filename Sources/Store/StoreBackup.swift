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
    try sync(file)
    return try facts(try Database(path: file, readOnly: true))
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
