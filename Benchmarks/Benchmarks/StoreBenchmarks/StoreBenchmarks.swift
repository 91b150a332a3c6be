import Benchmark
import Foundation
import Readings
import Store

/// The data directory: written in batches as in service (a sync each), read for a graph, replayed.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .throughput], maxDuration: .seconds(3), maxIterations: 2000)
  for rows in [500, 20_000] {
    Benchmark("commit of \(rows) readings of 1,000 meters") { benchmark in
      let scratch = try Scratch()
      var readings = MeterReadings(meters: 1000)
      let store = try Store(directory: scratch.path)
      defer { store.close() }
      try store.commit(readings.registration)
      for _ in benchmark.scaledIterations {
        let batch = readings.batch(rows)
        benchmark.startMeasurement()
        try store.commit(batch)
        benchmark.stopMeasurement()
      }
    }
  }

  Benchmark("replay of 1,000,000 readings") { benchmark in
    let year = try Year.shared.get()
    let store = try Store(directory: year)
    defer { store.close() }
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var count = 0
      try store.replay(after: 0, through: 1_000_000) {
        blackHole($0); count += 1
      }
      guard count > 0 else { return benchmark.error("nothing was replayed") }
    }
  }

  Benchmark("a year of one meter, every reading, in 1,000 points") { benchmark in
    let reader = try StoreReader(directory: try Year.shared.get())
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      let points = try reader.buckets(3, from: MeterReadings.begin, to: MeterReadings.begin.adding(seconds: 365 * 86_400), points: 1000)
      guard points.count > 900 else { return benchmark.error("\(points.count) points") }
    }
  }

  Benchmark("a day of one meter out of a year") { benchmark in
    let reader = try StoreReader(directory: try Year.shared.get())
    let from = MeterReadings.begin.adding(seconds: 200 * 86_400)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(try reader.buckets(3, from: from, to: from.adding(seconds: 86_400), points: 1000)) }
  }
}
