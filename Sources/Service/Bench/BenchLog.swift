import Glibc

/// Follows the alert log and tells which meters of the bench have opened a leak. One thread.
final class BenchLog {
  private let path: String
  private var descriptor: Int32 = -1
  private var place: off_t = 0
  private var tail: [UInt8] = []
  /// Meters whose leak stands in the log.
  private(set) var seen: Set<Int> = []

  init(path: String) { self.path = path }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Reads what is new.
  func read() {
    if descriptor < 0 { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while true {
      let n = pread(descriptor, &bytes, bytes.count, place)
      guard n > 0 else { return }
      place += off_t(n)
      tail += bytes[..<n]
      while let end = tail.firstIndex(of: 10) {
        note(String(decoding: tail[..<end], as: UTF8.self))
        tail.removeSubrange(...end)
      }
    }
  }

  private func note(_ line: String) {
    guard line.contains("\"kind\":\"burst\",\"change\":\"opened\"") else { return }
    guard let sensor = line.split(separator: "\"sensor\":\"bench", maxSplits: 1).last else { return }
    if let meter = Int(sensor.prefix(while: \.isNumber)) { seen.insert(meter) }
  }

  /// Waits for one meter's line, looking every 0.2 ms; `wait` lets the sender live meanwhile. False after 20 s.
  func wait(for meter: Int, _ live: () -> Void) -> Bool {
    let end = BenchMeters.wall + 20
    while true {
      read()
      if seen.contains(meter) { return true }
      if BenchMeters.wall > end { return false }
      live()
      usleep(200)
    }
  }
}
