import Glibc

/// Gives the pages of program code back that only the start needed.
///
/// The system maps code in stretches of 64 kB around each place that runs, and what linking, reading settings and opening everything ran
/// once stays in the memory of the process. Dropped from it, pages remain in the cache of the file, and those that are needed again are
/// mapped anew without reading the disk.
enum StartPages {
  /// Only code that lies in the file as it is in memory: a page that was changed (by a debugger, by relocations) would be lost.
  /// - Returns: bytes of the mappings that were dropped; 0 where the system does not say which those are.
  @discardableResult
  static func giveBack() -> Int {
    guard let file = fopen("/proc/self/smaps", "re") else { return 0 }
    defer { fclose(file) }
    var found: [Mapping] = []
    var current: Mapping?
    var line = [CChar](repeating: 0, count: 4352)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if let next = Mapping(text) {
        if let current, current.isPureCode { found.append(current) }
        current = next
      } else if text.hasPrefix("Anonymous:") {
        current?.isUnchanged = text.split(whereSeparator: { !$0.isNumber }).first == "0"
      }
    }
    if let current, current.isPureCode { found.append(current) }
    var bytes = 0
    for m in found where madvise(UnsafeMutableRawPointer(bitPattern: m.start), Int(m.end - m.start), MADV_DONTNEED) == 0 {
      bytes += Int(m.end - m.start)
    }
    return bytes
  }

  /// A line `start-end permissions offset device inode path`.
  struct Mapping {
    let start: UInt
    let end: UInt
    let isCode: Bool
    var isUnchanged = false

    var isPureCode: Bool { isCode && isUnchanged }

    /// Nil for other lines.
    init?(_ line: String) {
      let parts = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard parts.count >= 5, let dash = parts[0].firstIndex(of: "-"), let start = UInt(parts[0][..<dash], radix: 16),
        let end = UInt(parts[0][parts[0].index(after: dash)...], radix: 16), start < end
      else { return nil }
      (self.start, self.end) = (start, end)
      // Private, of a file: inode 0 is memory of no file.
      isCode = parts[1] == "r-xp" && parts[4] != "0" && parts.count == 6
    }
  }
}
