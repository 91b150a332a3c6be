import Glibc

/// A database that turned out to be damaged: noted when it is found while running, set aside at the next start, never deleted.
public enum DamagedDatabase {
  private static let marker = "damaged"
  private static let name = Store.fileName + ".damaged-"

  /// Notes that the database was found damaged, so that the next start looks through all of it.
  public static func note(in directory: String) {
    touch("\(directory)/\(marker)")
  }

  private static func touch(_ path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
  }

  /// Whether the last run noted damage.
  public static func isNoted(in directory: String) -> Bool { access("\(directory)/\(marker)", F_OK) == 0 }

  /// The last run's note has been followed.
  public static func clearNote(in directory: String) { unlink("\(directory)/\(marker)") }

  private static let running = "running"
  /// A larger database is not looked through at a start: it would take longer than a service may be away.
  private static let checkedSize = 128 << 20

  /// Whether the run before did not end in order (power cut, kill), and the database is small enough to be looked through.
  public static func wasCut(in directory: String) -> Bool {
    var info = stat()
    return access("\(directory)/\(running)", F_OK) == 0 && stat(Store.file(in: directory), &info) == 0 && info.st_size <= checkedSize
  }

  /// A run begins.
  public static func begin(in directory: String) { touch("\(directory)/\(running)") }

  /// The run has ended in order.
  public static func end(in directory: String) { unlink("\(directory)/\(running)") }

  /// Moves the database with its log out of the way. The caller must hold no connection to it.
  /// - Parameter stamp: makes the new name unique, for example Unix seconds.
  /// - Returns: the new path.
  /// - Throws: `StoreError.locked` when another process holds the directory, `.io` when it cannot be moved.
  public static func setAside(in directory: String, stamp: Int64) throws(StoreError) -> String {
    let lock = try DirectoryLock(directory: directory)
    defer { withExtendedLifetime(lock) {} }
    let file = Store.file(in: directory)
    let aside = "\(directory)/\(name)\(stamp)"
    try move(file, to: aside)
    return aside
  }

  /// Renames a database with its log. The caller must hold the directory and no connection.
  public static func move(_ file: String, to aside: String) throws(StoreError) {
    guard rename(file, aside) == 0 else { throw .io(operation: "rename \(file)", detail: String(cString: strerror(errno))) }
    // The log belongs to the file: without it the newest rows could not be looked at. The index of the log is made anew.
    // An empty one is only what a look at the file left behind.
    var log = stat()
    if stat(file + "-wal", &log) == 0, log.st_size == 0 { unlink(file + "-wal") } else { rename(file + "-wal", aside + "-wal") }
    unlink(file + "-shm")
  }

  /// Databases that were set aside and still lie there.
  public static func setAsideFiles(in directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var out: [String] = []
    while let entry = readdir(handle) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if file.hasPrefix(name), !file.hasSuffix("-wal") { out.append("\(directory)/\(file)") }
    }
    return out.sorted()
  }
}

extension Store {
  /// Makes the outbox of a new database go on after `seq`: the log and other followers know where the old one stood.
  public func beginOutbox(after seq: Int64) throws(StoreError) {
    let s = try db.statement("INSERT INTO sqlite_sequence (name, seq) SELECT 'transition', ? WHERE NOT EXISTS (SELECT 1 FROM transition)")
    s.bind(1, seq)
    try s.run()
  }
}
