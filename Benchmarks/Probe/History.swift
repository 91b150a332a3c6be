import Detection
import Glibc
import Readings
import Store

/// `history DAYS DIRECTORY`: what a commit, a graph of a day and a start cost when there are so many days of history of 20 meters with a
/// reading in five minutes each. Prints: readings; bytes of the directory's file for each; median µs of CPU of a commit of 500, of a day's graph
/// (of a connection that is warm), of opening the store.
enum History {
  private static let meters = 20
  private static let perDay = 288

  static func run(days: Int, directory: String) throws {
    var values = Numbers(state: 1)
    var n = 0
    var commits: [Double] = []
    do {
      let store = try Store(directory: directory)
      try store.commit(registration())
      for _ in 0..<days { try store.commit(batch(meters * perDay, &n, &values)) }
      for _ in 0..<400 {
        let next = batch(500, &n, &values)
        let since = Probe.cpuSeconds()
        try store.commit(next)
        commits.append(Probe.cpuSeconds() - since)
      }
      store.close()
    }
    let opens = try times(9) {
      let store = try Store(directory: directory)
      _ = try store.sensors()
      _ = try store.newestTimes()
      store.close()
    }
    let reader = try StoreReader(directory: directory)
    var day: Int64 = 0
    let graphs = try times(101) {
      day = (day + 7919) % Int64(days)
      let from = Timestamp(milliseconds: Workload.firstTime + day * 86_400_000)
      let points = try reader.buckets(SensorSlot(day % 20), from: from, to: from.adding(seconds: 86_400), points: 1000)
      if points.count < 200 { exit(1) }
    }
    var status = stat()
    guard stat(Store.file(in: directory), &status) == 0 else { exit(1) }
    print(n, Double(status.st_size) / Double(n), median(commits), median(graphs), median(opens))
  }

  private static func registration() -> IngestBatch {
    var batch = IngestBatch()
    for slot in 0..<meters {
      guard let id = SensorID(municipality: "town", zone: "z", sensor: "m\(slot)", quantity: .flow) else { exit(1) }
      batch.newSensors.append((SensorSlot(slot), id))
    }
    return batch
  }

  private static func batch(_ rows: Int, _ n: inout Int, _ values: inout Numbers) -> IngestBatch {
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

  private static func times(_ count: Int, _ body: () throws -> Void) rethrows -> [Double] {
    var out: [Double] = []
    for _ in 0..<count {
      let since = Probe.cpuSeconds()
      try body()
      out.append(Probe.cpuSeconds() - since)
    }
    return out
  }

  /// µs
  private static func median(_ seconds: [Double]) -> Double { seconds.sorted()[seconds.count / 2] * 1e6 }
}
