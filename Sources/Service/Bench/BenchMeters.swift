import Glibc

/// What the kernel says of this process while a bench runs.
enum BenchMeters {
  static func seconds(_ clock: clockid_t) -> Double {
    var t = timespec()
    clock_gettime(clock, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
  }

  static var wall: Double { seconds(CLOCK_MONOTONIC) }
  /// Of the calling thread.
  static var cpu: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  /// Bytes that this process made the kernel write to a disk; nil where it does not say, or counts none (tmpfs).
  static func writtenBytes() -> Double? {
    for line in lines("/proc/self/io") where line.hasPrefix("write_bytes:") {
      return Double(line.dropFirst("write_bytes:".count).filter(\.isNumber))
    }
    return nil
  }

  /// CPU seconds of the thread of this process with that name.
  static func cpu(ofThread name: String) -> Double? {
    guard let folder = opendir("/proc/self/task") else { return nil }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let id = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard lines("/proc/self/task/\(id)/comm").first == name else { continue }
      return lines("/proc/self/task/\(id)/schedstat").first?.split(separator: " ").first.flatMap { Double($0) }.map { $0 * 1e-9 }
    }
    return nil
  }

  /// CPU seconds of another process.
  static func cpu(ofProcess id: Int32) -> Double? {
    // After the name, which may hold anything, in parentheses: fields 3 and on; 14 and 15 are ticks of user and system.
    guard let line = lines("/proc/\(id)/stat").first, let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func lines(_ path: String) -> [String] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let n = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(n), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
