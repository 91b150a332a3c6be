import Benchmark
import Detection
import Readings

/// The detector with everything on; figures are for one reading, sensors in turn, one reading a minute each.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .throughput], scalingFactor: .kilo)
  for sensors in [1000, 10_000] {
    Benchmark("process, \(sensors) sensors") { benchmark in
      var detector = Detector()
      for _ in 0..<sensors { _ = detector.addSensor(SensorProfile()) }
      var n = 0
      for _ in benchmark.scaledIterations {
        let time = Timestamp(seconds: 1_780_000_000 + Int64(n / sensors) * 60)
        let reading = Reading(slot: SensorSlot(n % sensors), time: time, arrival: time, value: 10 + Double(n % 7))
        withUnsafePointer(to: reading) { detector.process(UnsafeBufferPointer(start: $0, count: 1)) { blackHole($0) } }
        n += 1
      }
    }
  }
}
