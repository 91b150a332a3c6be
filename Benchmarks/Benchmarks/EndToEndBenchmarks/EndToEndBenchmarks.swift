import Benchmark
import Foundation
import Logging
import Readings
import Service
import Settings

/// The service's own pipeline over a data directory: message in, decoded, judged, stored; figures are for one batch, whose end is the moment
/// in which its messages may be acknowledged. `Benchmarks/whole_path.py` has the sockets as well.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .throughput], maxDuration: .seconds(5), maxIterations: 2000)
  for (messages, readings) in [(1000, 1), (100, 60)] {
    Benchmark("\(messages) messages of \(readings) to acknowledged, 1,000 meters") { benchmark in
      let path = NSTemporaryDirectory() + "mizumori-whole-benchmarks-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let settings = try MizumoriSettings.parse(
        "data: { directory: \"\(path)\" }\n", name: "benchmark.yaml", directory: NSTemporaryDirectory())
      var logger = Logger(label: "benchmark")
      logger.logLevel = .critical
      let ingest = try IngestBench(settings: settings, logger: logger)
      defer { ingest.close() }
      var stream = MessageStream(readings: readings)
      for _ in benchmark.scaledIterations {
        let batch = stream.next(messages)
        let before = ingest.readings
        benchmark.startMeasurement()
        ingest.begin()
        for (topic, payload) in batch {
          topic.withUnsafeBufferPointer { t in payload.withUnsafeBufferPointer { ingest.receive(topic: t, payload: $0) } }
        }
        let isSafe = try ingest.commit()
        benchmark.stopMeasurement()
        guard isSafe, ingest.readings - before == messages * readings else { return benchmark.error("not all were stored") }
      }
    }
  }
}

/// Messages of 1,000 meters in turn, a minute between the readings of one meter, from 2025 on.
struct MessageStream {
  let readings: Int
  private var n = 0

  init(readings: Int) { self.readings = readings }

  mutating func next(_ messages: Int) -> [(topic: [UInt8], payload: [UInt8])] {
    (0..<messages).map { _ in
      defer { n += 1 }
      let (meter, round) = (n % 1000, n / 1000)
      let entries = (0..<readings).map { k in
        let step = round * readings + k
        let time = Timestamp(seconds: 1_748_736_000 + Int64(step) * 60).iso8601(offset: 32_400)
        return "{\"ts\":\"\(time)\",\"value\":\(10 + (step &* 31 + meter) % 7).25,\"unit\":\"m3/h\",\"seq\":\(step)}"
      }
      let payload = readings == 1 ? entries[0] : "[" + entries.joined(separator: ",") + "]"
      return (Array("water/town/z\(meter / 20)/m\(meter)/flow".utf8), Array(payload.utf8))
    }
  }
}
