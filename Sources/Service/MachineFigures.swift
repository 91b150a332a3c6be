import Glibc
import Store

/// What the machine says of this process and its disk.
enum MachineFigures {
  /// Bytes of memory that the process holds (VmRSS of /proc/self/status); 0 where there is no such file.
  static func residentBytes() -> Int64 {
    guard let file = fopen("/proc/self/status", "re") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmRSS:") else { continue }
      // VmRSS:     12345 kB
      return text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int64($0) }.map { $0 * 1024 } ?? 0
    }
    return 0
  }

  /// Bytes of the file system of a directory: free for this user, and in all; zeros where it cannot be asked.
  static func disk(of directory: String) -> (free: Int64, total: Int64) {
    let space = DiskSpace(of: directory)
    return (space?.free ?? 0, space?.total ?? 0)
  }
}
