/// Why the data directory could not be used, with what to do.
public enum StoreError: Error, Equatable, CustomStringConvertible, Sendable {
  /// Another process holds the directory.
  case locked(directory: String, pid: String)
  /// The database was written by a newer version of this program; nothing was touched.
  case newerSchema(file: String, found: Int, known: Int)
  /// The file is not a database of ours or is damaged.
  case corrupt(file: String, detail: String)
  /// The file is a database of another program.
  case foreign(file: String)
  /// No room: nothing was written; trying again later is right.
  case diskFull(operation: String)
  /// Another process has been writing for too long: nothing was written; trying again later is right.
  case busy(operation: String)
  /// Anything else that SQLite or the system said; not to be tried again.
  case io(operation: String, detail: String)

  /// Whether the same commit may be tried again.
  public var isRetryable: Bool {
    switch self {
    case .diskFull, .busy: true
    case .locked, .newerSchema, .corrupt, .foreign, .io: false
    }
  }

  public var description: String {
    switch self {
    case .locked(let directory, let pid):
      "データ置き場 \(directory) は別の水守（pid \(pid)）が使っています / the data directory is in use by another process (pid \(pid)): stop it or choose another directory"
    case .newerSchema(let file, let found, let known):
      "\(file) は新しい版の水守のものです（版 \(found)、この版は \(known) まで）。水守を新しくしてください。ファイルには触れていません / the database has schema \(found), this program knows \(known): upgrade mizumori; the file was not touched"
    case .corrupt(let file, let detail):
      "\(file) が壊れています（\(detail)）。退避して、控えから戻してください / the database is damaged (\(detail)): move it away and restore a backup"
    case .foreign(let file):
      "\(file) は水守のデータベースではありません。data.directory を確かめてください。ファイルには触れていません / not a database of mizumori: check data.directory; the file was not touched"
    case .diskFull(let operation):
      "ディスクに空きがありません（\(operation)） / the disk is full (\(operation)): make room"
    case .busy(let operation):
      "データベースをほかのプログラムが長く使っています（\(operation)） / another program is using the database for too long (\(operation))"
    case .io(let operation, let detail):
      "データの読み書きに失敗しました（\(operation): \(detail)）。ディスクの状態と、データ置き場の権限を確かめてください / storage failed (\(operation): \(detail)): check the disk and the permissions of the data directory"
    }
  }
}
