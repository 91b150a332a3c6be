import Synchronization

/// A connection that one thread at a time uses. Safe from any thread.
final class SharedDatabase: Sendable {
  // @unchecked: the connection is used only inside the lock.
  private struct Connection: @unchecked Sendable { let db: Database }
  private let connection: Mutex<Connection>

  /// A connection that only reads.
  /// - Parameter directory: a data directory; its database must exist: open the `Store` first.
  convenience init(reading directory: String) throws(StoreError) {
    self.init(try Database(path: Store.file(in: directory), readOnly: true))
  }

  /// A connection that writes beside the store.
  /// - Parameters:
  ///   - directory: as `init(reading:)`.
  ///   - isSynced: what it wrote is on the disk when the call returns. If not, it is so with the next commit of the store, and a power cut
  ///     before that takes it back as a whole.
  convenience init(writing directory: String, isSynced: Bool = true) throws(StoreError) {
    self.init(try Database.beside(directory, "PRAGMA synchronous=\(isSynced ? "FULL" : "NORMAL")"))
  }

  private init(_ db: Database) { connection = Mutex(Connection(db: db)) }

  func with<T: Sendable>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
    try connection.withLock { c throws(StoreError) in try body(c.db) }
  }

  /// How many statements are prepared: bounded, for texts are constant and values bound.
  var statementCount: Int { connection.withLock { $0.db.statementCount } }
}

extension Database {
  /// A further connection that writes to the database of a data directory, which must exist and be one of ours.
  /// - Parameter pragmas: how it writes.
  static func beside(_ directory: String, _ pragmas: String) throws(StoreError) -> Database {
    let file = Store.file(in: directory)
    try Schema.inspect(file)
    let db = try Database(path: file, readOnly: false, creates: false)
    try db.execute(pragmas)
    return db
  }
}
