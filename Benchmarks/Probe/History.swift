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
    var fleet = Fleet(meters: meters)
    var commits: [Double] = []
    do {
      let store = try Store(directory: directory)
      try store.commit(fleet.registration())
      for _ in 0..<days { try store.commit(fleet.batch(meters * perDay)) }
      for _ in 0..<400 {
        let next = fleet.batch(500)
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
    print(fleet.count, Double(status.st_size) / Double(fleet.count), median(commits), median(graphs), median(opens))
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
