import Detection
import Glibc
import Readings

/// `core-batches SENSORS DAYS order|random [times]`: how evenly the work falls on batches of 1,000 readings.
///
/// All sensors report every five minutes and pass full hours and midnights together, which is the worst case. Before time is taken each
/// sensor has learnt for 45 days by the hour and settled for a day at its pace.
enum Batches {
  static let size = 1000
  /// Hourly readings to learn from.
  private static let learning = 45 * 24
  private static let perDay = 288

  /// Prints: readings; median, p99, p99.9 and the largest time of a batch in µs; p99.9 over the median; transitions.
  /// - Parameter times: prints before that for each time of day (hour, minute) the median and the largest time over the median of all.
  static func run(sensors: Int, days: Int, isRandom: Bool, times isByTime: Bool) {
    var detector = Detector()
    for _ in 0..<sensors { _ = detector.addSensor(SensorProfile(expectedInterval: 0)) }
    var source = Source(sensors: sensors, isRandom: isRandom)
    var transitions = 0
    let batch = UnsafeMutableBufferPointer<Reading>.allocate(capacity: size)
    defer { batch.deallocate() }
    let warmUp = (learning + perDay) * sensors
    let total = warmUp + days * perDay * sensors
    var times: [Double] = []
    times.reserveCapacity(days * perDay * sensors / size)
    var n = 0
    while n + size <= total {
      for i in 0..<size { batch[i] = source.reading(n + i, learning: learning) }
      let since = Probe.cpuSeconds()
      detector.process(UnsafeBufferPointer(batch)) { _ in transitions += 1 }
      if n >= warmUp { times.append(Probe.cpuSeconds() - since) }
      n += size
    }
    if isByTime { reportByTime(times, sensors: sensors) }
    report(times, transitions)
  }

  private struct Source {
    let sensors: Int
    let isRandom: Bool
    var values = Numbers(state: 1)

    mutating func reading(_ n: Int, learning: Int) -> Reading {
      let k = n / sensors
      let hours = Int64(min(k, learning)) * 3_600_000
      let time = Workload.firstTime + hours + Int64(max(0, k - learning)) * Workload.interval
      let t = Timestamp(milliseconds: time)
      return Reading(
        slot: SensorSlot(Workload.slot(n, of: sensors, isRandom: isRandom)), time: t, arrival: t, value: Workload.value(at: time, &values))
    }
  }

  /// Batches of one moment are those of its sensors' readings; with fewer sensors than readings in a batch some moments have none.
  private static func reportByTime(_ measured: [Double], sensors: Int) {
    let median = measured.sorted()[measured.count / 2]
    var moments = [[Double]](repeating: [], count: perDay)
    for (i, t) in measured.enumerated() {
      let since = Int64(perDay + i * size / sensors) * Workload.interval
      let time = Workload.firstTime + Int64(learning + 9) * 3_600_000 + since
      moments[Int(time % 86_400_000 / Workload.interval)].append(t / median)
    }
    for (k, values) in moments.enumerated() where !values.isEmpty {
      print(k / 12, k % 12 * 5, values.sorted()[values.count / 2], values.max() ?? 0)
    }
  }

  private static func report(_ measured: [Double], _ transitions: Int) {
    let times = measured.sorted()
    guard !times.isEmpty else { exit(1) }
    func quantile(_ q: Double) -> Double { times[min(times.count - 1, Int(q * Double(times.count)))] * 1e6 }
    let (median, slow) = (quantile(0.5), quantile(0.999))
    print(times.count * size, median, quantile(0.99), slow, quantile(1), slow / median, transitions)
  }
}
