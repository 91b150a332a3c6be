import Benchmark
import Readings
import Store

/// What the pages ask of the data directory of 1,000 meters after a year, with a warm cache. See `Town` for how it is made.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .throughput], maxDuration: .seconds(3), maxIterations: 1000)
  guard let town = try? Town(), let reader = try? StoreReader(directory: town.directory) else { return }
  let last = Town.firstDay + Town.days

  Benchmark("overview: 14 nights of all meters") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.days(from: last - 14, to: last)) }
  }
  Benchmark("overview: open events (100)") { benchmark in
    var filter = StoreReader.EventFilter()
    filter.openOnly = true
    filter.limit = 10_000
    for _ in benchmark.scaledIterations { blackHole(try reader.events(filter)) }
  }
  Benchmark("events: the newest 100 of 3,000") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.events(StoreReader.EventFilter())) }
  }
  Benchmark("nights: 60 days of all meters") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.days(from: last - 60, to: last)) }
  }
  Benchmark("report: a year of days of all meters") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.days(from: Town.firstDay, to: last)) }
  }
  Benchmark("meter: a year of days") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.days(7, from: Town.firstDay, to: last)) }
  }
  Benchmark("series: a year of a reading a minute in 1,000 points") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.buckets(0, from: Town.begin, to: Town.end, points: 1000)) }
  }
  Benchmark("series: a week of a reading a minute in 1,000 points") { benchmark in
    let from = Town.end.adding(seconds: -7 * 86_400)
    for _ in benchmark.scaledIterations { blackHole(try reader.buckets(0, from: from, to: Town.end, points: 1000)) }
  }
  Benchmark("series: a month of a reading a minute in 1,000 points") { benchmark in
    let from = Town.end.adding(seconds: -30 * 86_400)
    for _ in benchmark.scaledIterations { blackHole(try reader.buckets(0, from: from, to: Town.end, points: 1000)) }
  }
  Benchmark("series: extent of a meter") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(try reader.extent(0)) }
  }
}
