import Glibc

/// Keeps a second process out of the data directory: an flock on the file `lock`, which dies with the process.
final class DirectoryLock {
  private let descriptor: Int32

  init(directory: String) throws(StoreError) {
    let path = directory + "/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .io(operation: "open \(path)", detail: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var buffer = [UInt8](repeating: 0, count: 32)
      let n = read(descriptor, &buffer, buffer.count)
      // The descriptor is closed by deinit, which follows the throw: closed here too, it might be somebody else's by then.
      let pid = String(decoding: buffer.prefix(max(0, n)).prefix { $0 >= 48 && $0 <= 57 }, as: UTF8.self)
      throw .locked(directory: directory, pid: pid)
    }
    ftruncate(descriptor, 0)
    let pid = Array("\(getpid())\n".utf8)
    _ = write(descriptor, pid, pid.count)
  }

  /// Gives the directory free before the end of this object, which others may still hold.
  func release() { flock(descriptor, LOCK_UN) }

  deinit {
    // A program that is being started just now has a copy of the descriptor until it is loaded, which would keep the lock.
    release()
    close(descriptor)
  }

  /// Makes the directory and its parents; the last one is for the owner only.
  static func makeDirectory(_ path: String) throws(StoreError) {
    var path = Substring(path)
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    var part = ""
    for piece in path.split(separator: "/", omittingEmptySubsequences: false) {
      part += part.isEmpty && piece.isEmpty ? "/" : (part.isEmpty || part == "/" ? String(piece) : "/" + piece)
      if part.isEmpty || part == "/" { continue }
      if mkdir(part, part == path ? 0o700 : 0o755) != 0, errno != EEXIST {
        throw .io(operation: "mkdir \(part)", detail: String(cString: strerror(errno)))
      }
    }
  }
}

/// Holds a data directory, which is made when it is not there, so that no service starts in it meanwhile.
public final class DirectoryHold: Sendable {
  // @unchecked: made here, let go by the end of this object.
  private struct Lock: @unchecked Sendable { let lock: DirectoryLock }
  private let held: Lock

  /// - Throws: `StoreError.locked` when a service has it, `.io`.
  public init(directory: String) throws(StoreError) {
    try DirectoryLock.makeDirectory(directory)
    held = Lock(lock: try DirectoryLock(directory: directory))
  }
}
