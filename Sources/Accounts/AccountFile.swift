import FoundationEssentials
import Glibc
import Synchronization

/// The file of accounts and tokens: `accounts.json` in the data directory, for its owner only.
///
/// The service reads it again when it has changed, so that `mizumori account` works beside it. Written whole: a crash leaves the old one.
public final class AccountFile: Sendable {
  private struct Mark: Equatable {
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }
  private struct Cache {
    /// Nil while there is no file.
    var mark: Mark?
    var book = AccountBook()
  }

  /// Its name in a data directory.
  public static let name = "accounts.json"

  public let path: String
  private let directory: String
  private let cache = Mutex(Cache())

  public init(directory: String) {
    self.directory = directory
    path = directory + "/" + AccountFile.name
  }

  /// The present book; empty where there is no file yet.
  public func book() throws(AccountError) -> AccountBook {
    try cache.withLock { c throws(AccountError) in
      let mark = try look()
      if mark != c.mark {
        c.book = mark == nil ? AccountBook() : try read()
        c.mark = mark
      }
      return c.book
    }
  }

  /// Changes the book under a lock that other processes respect.
  public func update<T>(_ body: (inout AccountBook) throws(AccountError) -> T) throws(AccountError) -> T {
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw failure("open \(path).lock") }
    giveAway(lock)
    defer {
      flock(lock, LOCK_UN)
      close(lock)
    }
    guard flock(lock, LOCK_EX) == 0 else { throw failure("lock") }
    var book = try look() == nil ? AccountBook() : try read()
    let result = try body(&book)
    try write(book)
    return result
  }

  // MARK: - Steps

  /// What tells one writing from another; nil where there is no file.
  private func look() throws(AccountError) -> Mark? {
    var s = stat()
    guard stat(path, &s) == 0 else {
      guard errno == ENOENT else { throw failure("stat") }
      return nil
    }
    guard s.st_mode & 0o077 == 0 else {
      throw .file("\(path) がほかの利用者にも読めます。chmod 600 を実行してください / is readable by others: run chmod 600 \(path)")
    }
    return Mark(inode: UInt64(s.st_ino), size: Int64(s.st_size), seconds: s.st_mtim.tv_sec, nanoseconds: s.st_mtim.tv_nsec)
  }

  private func read() throws(AccountError) -> AccountBook {
    guard let data = FileManager.default.contents(atPath: path) else { throw failure("read") }
    do {
      let book = try JSONDecoder().decode(AccountBook.self, from: data)
      guard book.version == 1 else { throw AccountError.file("\(path): version \(book.version)") }
      return book
    } catch let error as AccountError {
      throw error
    } catch {
      throw .file("\(path): \(error)")
    }
  }

  private func write(_ book: AccountBook) throws(AccountError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(book) else { throw .file("\(path): encode") }
    let new = path + ".new"
    let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open \(new)") }
    giveAway(file)
    var bytes = Array(data)[...]
    var isWhole = true
    while !bytes.isEmpty, isWhole {
      let n = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if n > 0 { bytes = bytes.dropFirst(n) } else { isWhole = n < 0 && errno == EINTR }
    }
    isWhole = isWhole && fsync(file) == 0
    close(file)
    guard isWhole, rename(new, path) == 0 else { throw failure("write \(new)") }
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// What root writes belongs to whom the directory belongs to: the service, which must read it.
  private func giveAway(_ file: Int32) {
    var s = stat()
    guard geteuid() == 0, stat(directory, &s) == 0 else { return }
    _ = fchown(file, s.st_uid, s.st_gid)
  }

  private func failure(_ operation: String) -> AccountError { .file("\(path): \(operation): \(String(cString: strerror(errno)))") }
}
