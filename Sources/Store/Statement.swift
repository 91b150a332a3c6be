import CSQLite

/// A prepared statement. Parameters and columns count as in SQLite: parameters from 1, columns from 0.
final class Statement {
  private let raw: OpaquePointer
  private unowned let database: Database
  private let sql: String

  init(_ raw: OpaquePointer, database: Database, sql: String) {
    self.raw = raw
    self.database = database
    self.sql = sql
  }

  deinit { sqlite3_finalize(raw) }

  func bind(_ i: Int32, _ v: Int64) { sqlite3_bind_int64(raw, i, v) }
  func bind(_ i: Int32, _ v: Int) { sqlite3_bind_int64(raw, i, Int64(v)) }
  func bind(_ i: Int32, _ v: Double) { sqlite3_bind_double(raw, i, v) }
  func bind(_ i: Int32, _ v: String) { _ = mizumori_sqlite3_bind_text(raw, i, v, Int32(v.utf8.count)) }
  func bind(_ i: Int32, _ v: [UInt8]) { _ = v.withUnsafeBytes { mizumori_sqlite3_bind_blob(raw, i, $0.baseAddress, Int32($0.count)) } }
  func bindNull(_ i: Int32) { sqlite3_bind_null(raw, i) }
  func bind(_ i: Int32, _ v: Int?) { if let v { bind(i, v) } else { bindNull(i) } }
  func bind(_ i: Int32, _ v: Double?) { if let v { bind(i, v) } else { bindNull(i) } }
  func bind(_ i: Int32, _ v: String?) { if let v { bind(i, v) } else { bindNull(i) } }

  /// True when there is a row.
  func step() throws(StoreError) -> Bool {
    switch sqlite3_step(raw) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let error = database.failure(code, String(sql.prefix(60)))
      reset()
      throw error
    }
  }

  /// Steps once and resets: for INSERT, UPDATE, DELETE.
  func run() throws(StoreError) {
    try database.inTurn { () throws(StoreError) in _ = try step() }
    reset()
  }

  func reset() {
    sqlite3_reset(raw)
    sqlite3_clear_bindings(raw)
  }

  func int(_ c: Int32) -> Int64 { sqlite3_column_int64(raw, c) }
  func double(_ c: Int32) -> Double { sqlite3_column_double(raw, c) }
  func isNull(_ c: Int32) -> Bool { sqlite3_column_type(raw, c) == SQLITE_NULL }

  /// The bytes of a column, as long as `body` runs.
  func withBlob<T>(_ c: Int32, _ body: (UnsafeRawBufferPointer) -> T) -> T {
    let start = sqlite3_column_blob(raw, c)
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(raw, c))))
  }

  func text(_ c: Int32) -> String {
    guard let p = sqlite3_column_text(raw, c) else { return "" }
    return String(decoding: UnsafeBufferPointer(start: p, count: Int(sqlite3_column_bytes(raw, c))), as: UTF8.self)
  }

  func optionalText(_ c: Int32) -> String? { isNull(c) ? nil : text(c) }
}
