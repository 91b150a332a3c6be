import CIdentity
import Glibc

/// The user to whom a data directory belongs.
///
/// What root writes there the service could not read, so root's commands go on as this user.
public struct DirectoryOwner: Equatable, Sendable {
  public let user: UInt32
  public let group: UInt32
  /// Of the user; its number where it has no name.
  public let name: String
  private let isNamed: Bool

  /// - Parameter directory: where it does not exist yet, the nearest one above counts.
  /// - Returns: nil when none can be looked at.
  public init?(of directory: String) {
    var path = directory
    var found = stat()
    while stat(path, &found) != 0 {
      guard errno == ENOENT, let slash = path.lastIndex(of: "/") else { return nil }
      path = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    (user, group) = (found.st_uid, found.st_gid)
    let entry = getpwuid(user)
    isNamed = entry != nil
    name = entry.map { String(cString: $0.pointee.pw_name) } ?? "\(found.st_uid)"
  }

  /// Lets root's process go on as this user; nothing happens when the process or the directory is not root's. Before other threads begin.
  /// - Parameter keepsReach: whether it may still read and write files of others: a CSV in somebody's home, a USB stick.
  /// - Returns: whether the process has another user now.
  /// - Throws: `StoreError.io` when the system forbids it (a container without CAP_SETUID).
  @discardableResult
  public func assume(keepsReach: Bool) throws(StoreError) -> Bool {
    guard geteuid() == 0, user != 0 else { return false }
    let failed = mizumori_become(user, group, isNamed ? name : nil, keepsReach ? 1 : 0)
    guard failed == 0 else { throw .io(operation: "setuid \(name)", detail: String(cString: strerror(failed))) }
    return true
  }

  /// Files of the directory and one level below that belong to somebody else, sorted; at most `limit`.
  public func strangers(in directory: String, limit: Int = 5) -> [String] {
    var out: [String] = []
    var folders = [directory]
    while let folder = folders.popLast(), out.count < limit {
      for name in Self.entries(folder) {
        let path = "\(folder)/\(name)"
        var found = stat()
        guard lstat(path, &found) == 0 else { continue }
        if found.st_uid != user { out.append(path) }
        if found.st_mode & S_IFMT == S_IFDIR, folder == directory { folders.append(path) }
      }
    }
    return Array(out.sorted().prefix(limit))
  }

  private static func entries(_ folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var out: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { out.append(name) }
    }
    return out
  }
}
