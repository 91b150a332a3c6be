import Benchmark
import Codecs
import Readings

/// Decoding one message of each canonical form and of each dialect, and finding the sensor of a topic; figures are for one message.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .instructions, .throughput], scalingFactor: .kilo)
  let now = Timestamp(iso8601: "2026-11-23T12:00:01+09:00") ?? Timestamp(seconds: 0)
  for (name, text) in Payloads.all {
    Benchmark("canonical \(name)") { benchmark in
      let decoder = CanonicalDecoder()
      let bytes = Array(text.utf8)
      bytes.withUnsafeBufferPointer { payload in
        for _ in benchmark.scaledIterations {
          if decoder.decode(payload, quantity: .flow, now: now, emit: { blackHole($0) }) != nil {
            benchmark.error("\(name) is refused")
            return
          }
        }
      }
    }
  }

  for example in DialectExample.all {
    Benchmark("dialect \(example.name), \(example.readings) readings") { benchmark in
      let bytes = Array(example.text.utf8)
      bytes.withUnsafeBufferPointer { payload in
        for _ in benchmark.scaledIterations {
          var readings = 0
          let error = example.decoder.decode(payload, sensor: example.sensor, now: DialectExample.now) {
            blackHole($0)
            readings += 1
          }
          if error != nil || readings != example.readings {
            benchmark.error("\(example.name): \(readings) readings, \(String(describing: error))")
            return
          }
        }
      }
    }
  }

  Benchmark("topic of one sensor of 10,000") { benchmark in
    var table = TopicTable(capacity: 20_000)
    let topics = (0..<10_000).map { Array("water/town/z\($0 / 100)/m\($0)/flow".utf8) }
    for (n, topic) in topics.enumerated() { topic.withUnsafeBufferPointer { _ = table.insert($0, slot: SensorSlot(n)) } }
    var n = 0
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      topics[n].withUnsafeBufferPointer { blackHole(table.slot(of: $0)) }
      n = (n + 7919) % topics.count
    }
  }
}

enum Payloads {
  static let object = "{\"ts\":\"2026-11-23T10:00:00+09:00\",\"value\":12.34,\"unit\":\"m3/h\",\"seq\":123456}"

  static let all: [(name: String, text: String)] = [
    ("object", object),
    ("array of 60", "[" + (0..<60).map(entry).joined(separator: ",") + "]"),
    ("bare number", "12.34"),
    ("object, Unix time", "{\"ts\":1795395600,\"value\":12.34}"),
  ]

  private static func entry(_ minute: Int) -> String {
    "{\"ts\":\"2026-11-23T10:\(minute < 10 ? "0" : "")\(minute):00+09:00\",\"value\":12.34,\"unit\":\"m3/h\",\"seq\":\(minute)}"
  }
}
