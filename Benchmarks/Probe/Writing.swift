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
    var first = IngestBatch()
    for slot in 0..<meters {
      guard let id = SensorID(municipality: "town", zone: "z", sensor: "m\(slot)", quantity: .flow) else { exit(1) }
      first.newSensors.append((SensorSlot(slot), id))
    }
    try store.commit(first)
    var (n, values) = (0, Numbers(state: 1))
    for _ in 0..<growing { try store.commit(next(500, &n, &values)) }
    let batches = (0..<commits).map { _ in next(batch, &n, &values) }
    let (since, cpu, bytes) = (Probe.seconds(), Probe.cpuSeconds(), handed())
    for b in batches { try store.commit(b) }
    print(batch * commits, Probe.seconds() - since, Probe.cpuSeconds() - cpu, (handed() - bytes) / commits)
    store.close()
  }

  private static func next(_ rows: Int, _ n: inout Int, _ values: inout Numbers) -> IngestBatch {
    var batch = IngestBatch()
    for _ in 0..<rows {
      let time = Timestamp(milliseconds: Workload.firstTime + Int64(n / meters) * Workload.interval)
      let value = (Workload.value(at: time.milliseconds, &values) * 100).rounded() / 100
      let reading = Reading(slot: SensorSlot(n % meters), time: time, arrival: time, value: value, sequence: Int64(n / meters))
      batch.entries.append(.reading(reading))
      n += 1
    }
    return batch
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
