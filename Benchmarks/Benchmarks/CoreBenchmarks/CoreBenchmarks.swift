import Benchmark
import Detection
import Readings

/// The detector with everything on, its sensors learnt; figures are for one reading, sensors in turn, one reading in five minutes each.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .instructions, .throughput], scalingFactor: .kilo)
  for sensors in [10, 1000, 10_000] {
    Benchmark("process, \(sensors) sensors") { benchmark in
      var town = LearntTown(sensors: sensors)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { town.next() }
    }
  }
  Benchmark("snapshot of 1,000 sensors", configuration: .init(metrics: [.wallClock, .cpuTotal, .instructions], scalingFactor: .one)) {
    benchmark in
    let town = LearntTown(sensors: 1000)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(town.detector.snapshot()) }
  }
  Benchmark("restore of 1,000 sensors", configuration: .init(metrics: [.wallClock, .cpuTotal, .instructions], scalingFactor: .one)) {
    benchmark in
    let state = LearntTown(sensors: 1000).detector.snapshot()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      guard let detector = try? Detector.restore(state, settings: .init(), calendar: .japan) else {
        benchmark.error("the snapshot is refused")
        return
      }
      blackHole(detector.sensorCount)
    }
  }
}

/// Sensors that have lived through four days by the hour.
struct LearntTown: ~Copyable {
  var detector = Detector()
  private let sensors: Int
  private var n = 0

  init(sensors: Int) {
    self.sensors = sensors
    for _ in 0..<sensors { _ = detector.addSensor(SensorProfile()) }
    for _ in 0..<(96 * sensors) { next() }
  }

  /// One reading of the next sensor in turn.
  mutating func next() {
    let k = Int64(n / sensors)
    let time = Timestamp(seconds: 1_780_000_000 + min(k, 96) * 3600 + max(0, k - 96) * 300)
    let hour = (time.milliseconds / 3_600_000 + 9) % 24
    let value = (hour < 5 ? 6.0 : 11.0) * (0.96 + Double((n &* 2_654_435_761) & 1023) * 0.00008)
    let reading = Reading(slot: SensorSlot(n % sensors), time: time, arrival: time, value: value)
    withUnsafePointer(to: reading) { detector.process(UnsafeBufferPointer(start: $0, count: 1)) { blackHole($0) } }
    n += 1
  }
}
