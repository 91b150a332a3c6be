import Glibc

/// Room on the file system of a path; where it does not exist yet, of the nearest one above.
public struct DiskSpace: Hashable, Sendable {
  /// Bytes that this user may still write.
  public var free: Int64
  public var total: Int64

  /// Nil where the system does not say.
  public init?(of path: String) {
    var s = statvfs()
    var path = Substring(path)
    while statvfs(String(path), &s) != 0 {
      guard errno == ENOENT, let slash = path.lastIndex(of: "/") else { return nil }
      path = slash == path.startIndex ? "/" : path[..<slash]
    }
    func bytes(_ blocks: UInt) -> Int64 { Int64(clamping: blocks.multipliedReportingOverflow(by: UInt(s.f_frsize)).partialValue) }
    free = bytes(UInt(s.f_bavail))
    total = bytes(UInt(s.f_blocks))
  }
}
