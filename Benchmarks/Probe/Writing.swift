import Glibc
import Readings
import Store

/// `writing BATCH COMMITS DIRECTORY`: how fast readings of 1,000 meters are written in commits of that size, each synced, when the log of
/// the database has grown to the size that it keeps: that comes once a start, and a file that grows syncs slower.
/// Prints: readings; seconds; CPU seconds; bytes that a commit hands to the system.
enum Writing {
  private static let meters = 1000
  /// Commits of 500 readings that bring the log to its size.
  private static let growing = 800

  static func run(batch: Int, commits: Int, directory: String) throws {
    let store = try Store(directory: directory)
    var fleet = Fleet(meters: meters)
    try store.commit(fleet.registration())
    for _ in 0..<growing { try store.commit(fleet.batch(500)) }
    let batches = (0..<commits).map { _ in fleet.batch(batch) }
    let (since, cpu, bytes) = (Probe.seconds(), Probe.cpuSeconds(), handed())
    for b in batches { try store.commit(b) }
    print(batch * commits, Probe.seconds() - since, Probe.cpuSeconds() - cpu, (handed() - bytes) / commits)
    store.close()
  }

  /// Bytes that this process has written so far, as it gave them to the system.
  private static func handed() -> Int {
    guard let file = fopen("/proc/self/io", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 80)
    while fgets(&line, Int32(line.count), file) != nil {
      var value = 0
      if withUnsafeMutablePointer(to: &value, { withVaList([$0]) { vsscanf(line, "wchar: %ld", $0) } }) == 1 { return value }
    }
    return 0
  }
}
