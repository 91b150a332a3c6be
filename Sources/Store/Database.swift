import CSQLite
import Glibc

/// One SQLite connection with its cached statements. One thread at a time.
final class Database {
  private let handle: OpaquePointer
  let path: String
  private var cache: [String: Statement] = [:]
  /// Where the file lies.
  var directory: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
  /// Nil for a connection that only reads.
  private let turn: WriteTurn?
  private var hasTurn = false
  /// Within `unsyncedTransaction`.
  private var isHasty = false
  /// What is known of the history; brought up to date by whoever asks.
  let history = HistoryCache()

  init(path: String, readOnly: Bool, creates: Bool = true) throws(StoreError) {
    self.path = path
    turn = readOnly ? nil : WriteTurn.of(path)
    var h: OpaquePointer?
    let flags = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (creates ? SQLITE_OPEN_CREATE : 0)
    let code = sqlite3_open_v2(path, &h, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard let h else { throw .io(operation: "open \(path)", detail: "out of memory") }
    handle = h
    guard code == SQLITE_OK else {
      // deinit follows the throw and closes it.
      let detail = String(cString: sqlite3_errmsg(h))
      throw .io(operation: "open \(path)", detail: detail)
    }
    sqlite3_extended_result_codes(h, 1)
    sqlite3_busy_timeout(h, 10_000)
    // Debian's SQLite overwrites what is deleted with zeros: three times the bytes for what is written and deleted all the time.
    if !readOnly { try execute("PRAGMA secure_delete=FAST") }
  }

  deinit {
    cache.removeAll()
    sqlite3_close_v2(handle)
  }

  /// The result code as an error of ours.
  func failure(_ code: Int32, _ operation: String) -> StoreError {
    let detail = String(cString: sqlite3_errmsg(handle))
    switch code & 0xff {
    case SQLITE_FULL: return .diskFull(operation: operation)
    case SQLITE_BUSY: return .busy(operation: operation)
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(file: path, detail: detail)
    default: return .io(operation: operation, detail: "\(detail) (\(code))")
    }
  }

  /// Runs SQL without results; may hold several statements.
  func execute(_ sql: String) throws(StoreError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw failure(code, String(sql.prefix(60))) }
  }

  /// A prepared statement, reset and ready to bind; prepared once per text.
  ///
  /// The text must hold no values that vary, for each text stays prepared: bind them.
  func statement(_ sql: String) throws(StoreError) -> Statement {
    if let s = cache[sql] { return s }
    var raw: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &raw, nil)
    guard code == SQLITE_OK, let raw else { throw failure(code, sql) }
    let s = Statement(raw, database: self, sql: sql)
    cache[sql] = s
    return s
  }

  /// Runs `body` in a write transaction: all of it or nothing.
  func transaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try waitAgain()
    try write(body)
  }

  private func write(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try inTurn { () throws(StoreError) in
      try execute("BEGIN IMMEDIATE")
      do throws(StoreError) {
        try body()
        try execute("COMMIT")
      } catch {
        // SQLite may have rolled back by itself (disk full); then this fails and is right to.
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
        history.forget()
        throw error
      }
    }
  }

  /// As `transaction`, of the connection that waits for the disk otherwise: a power cut may take this one, until another one has followed.
  func unsyncedTransaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    isHasty = true
    // What fails here is done before the next transaction.
    defer { try? waitAgain() }
    try execute(Schema.unsynced)
    try write(body)
  }

  private func waitAgain() throws(StoreError) {
    guard isHasty else { return }
    try execute(Schema.synced)
    isHasty = false
  }

  /// Runs `body` so that all that it reads is of one moment; within a transaction, of that one.
  func snapshot(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    guard sqlite3_get_autocommit(handle) != 0 else { return try body() }
    try execute("BEGIN")
    do throws(StoreError) {
      try body()
    } catch {
      sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
    try execute("COMMIT")
  }

  /// Gives up a prepared statement, which would hold its table.
  func forgetStatement(_ s: Statement) { cache = cache.filter { $0.value !== s } }

  /// Runs what writes when no other connection of this process does.
  func inTurn(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    guard let turn, !hasTurn else { return try body() }
    try turn.take { () throws(StoreError) in
      hasTurn = true
      defer { hasTurn = false }
      try body()
    }
  }

  /// Asks SQLite to look through the whole file for damage.
  ///
  /// - Parameter indexes: whether each row must be found in its indexes too.
  /// - Complexity: O(size of the file), or O(rows · log rows) with the indexes.
  func checkIntegrity(indexes: Bool = true) throws(StoreError) {
    let s = try statement(indexes ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)")
    defer { s.reset() }
    guard try s.step(), s.text(0) == "ok" else { throw .corrupt(file: path, detail: s.text(0)) }
  }

  /// Asks `body` with `context` time and again while a statement runs; an answer other than 0 breaks it off, as an `.io` error.
  func onProgress(_ context: UnsafeMutableRawPointer, _ body: @convention(c) (UnsafeMutableRawPointer?) -> Int32) {
    sqlite3_progress_handler(handle, 10_000, body, context)
  }

  /// Folds the log (WAL) into the file as far as no reader needs it, when it has at least `pages` pages. Holds nobody up.
  func foldLog(from pages: Int) throws(StoreError) {
    var info = stat()
    guard stat(path + "-wal", &info) == 0, info.st_size >= pages * 4096 else { return }
    let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    if code != SQLITE_OK, code & 0xff != SQLITE_BUSY { throw failure(code, "fold the log") }
  }

  /// How many statements are prepared.
  var statementCount: Int { cache.count }

  func integer(_ sql: String) throws(StoreError) -> Int64 {
    let s = try statement(sql)
    defer { s.reset() }
    return try s.step() ? s.int(0) : 0
  }

  /// The bytes of a blob, without the copy that a column of a row would need beside.
  func readBlob(_ table: String, _ column: String, row: Int64) throws(StoreError) -> [UInt8] {
    var blob: OpaquePointer?
    var code = sqlite3_blob_open(handle, "main", table, column, row, 0, &blob)
    guard code == SQLITE_OK, let blob else { throw failure(code, "open \(table).\(column)") }
    defer { sqlite3_blob_close(blob) }
    let size = Int(sqlite3_blob_bytes(blob))
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { out, count in
      code = size == 0 ? SQLITE_OK : sqlite3_blob_read(blob, out.baseAddress, Int32(size), 0)
      count = code == SQLITE_OK ? size : 0
    }
    guard code == SQLITE_OK else { throw failure(code, "read \(table).\(column)") }
    return bytes
  }

  /// Puts bytes into a blob that is there and has their length.
  func writeBlob(_ bytes: [UInt8], table: String, column: String, row: Int64) throws(StoreError) {
    var blob: OpaquePointer?
    var code = sqlite3_blob_open(handle, "main", table, column, row, 1, &blob)
    guard code == SQLITE_OK, let blob else { throw failure(code, "open \(table).\(column)") }
    code = bytes.withUnsafeBytes { sqlite3_blob_write(blob, $0.baseAddress, Int32($0.count), 0) }
    // Read before the blob is closed: closing succeeds and would leave no words.
    let error = code == SQLITE_OK ? nil : failure(code, "write \(table).\(column)")
    let end = sqlite3_blob_close(blob)
    if let error { throw error }
    if end != SQLITE_OK { throw failure(end, "write \(table).\(column)") }
  }

  /// Fills a blob that is there from a state of its length, a megabyte at a time.
  func writeBlob(_ state: StoredState, table: String, column: String, row: Int64) throws(StoreError) {
    var blob: OpaquePointer?
    var code = sqlite3_blob_open(handle, "main", table, column, row, 1, &blob)
    guard code == SQLITE_OK, let blob else { throw failure(code, "open \(table).\(column)") }
    var part = [UInt8](repeating: 0, count: 1 << 20)
    var isRead = true
    for offset in stride(from: 0, to: state.count, by: part.count) where code == SQLITE_OK && isRead {
      let n = min(part.count, state.count - offset)
      code = part.withUnsafeMutableBytes { all in
        isRead = state.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: all[..<n]))
        return isRead ? sqlite3_blob_write(blob, all.baseAddress, Int32(n), Int32(offset)) : SQLITE_OK
      }
    }
    let error = code == SQLITE_OK ? nil : failure(code, "write \(table).\(column)")
    let end = sqlite3_blob_close(blob)
    if let error { throw error }
    if end != SQLITE_OK { throw failure(end, "write \(table).\(column)") }
    if !isRead { throw .io(operation: "read a saved state", detail: "it is shorter than it was") }
  }

  var lastRowID: Int64 { sqlite3_last_insert_rowid(handle) }
  /// Rows changed by the last statement.
  var changes: Int { Int(sqlite3_changes(handle)) }
}
