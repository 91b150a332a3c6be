import Benchmark
import Codecs
import Readings

/// Decoding one message of each canonical form; figures are for one message.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .throughput], scalingFactor: .kilo)
  let forms: [(String, String)] = [
    ("object", "{\"ts\":\"2026-11-23T10:00:00+09:00\",\"value\":12.34,\"unit\":\"m3/h\",\"seq\":123456}"),
    ("bare number", "12.34"),
  ]
  let now = Timestamp(iso8601: "2026-11-23T10:00:01+09:00") ?? Timestamp(seconds: 0)
  for (name, text) in forms {
    Benchmark("canonical \(name)") { benchmark in
      let decoder = CanonicalDecoder()
      let bytes = Array(text.utf8)
      bytes.withUnsafeBufferPointer { payload in
        for _ in benchmark.scaledIterations {
          blackHole(decoder.decode(payload, quantity: .flow, now: now) { blackHole($0) })
        }
      }
    }
  }
}
