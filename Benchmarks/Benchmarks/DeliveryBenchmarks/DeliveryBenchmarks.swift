import Alerts
import Benchmark
import Foundation
import Readings
import Store

/// The way of an alert from the outbox to what is posted. No network: only what the box itself does.
let benchmarks = { @Sendable in
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .cpuTotal, .throughput], maxDuration: .seconds(3), maxIterations: 2000)

  Benchmark("outbox to queue, 200 transitions") { benchmark in
    let outbox = try Outbox(transitions: 200)
    let deliveries = try DeliveryStore(directory: outbox.path)
    for n in benchmark.scaledIterations {
      try deliveries.register(endpoint: "e\(n)", fromStart: true)
      benchmark.startMeasurement()
      let queued = try deliveries.enqueue(endpoint: "e\(n)", kinds: [.burst], now: 1_795_395_600_000)
      benchmark.stopMeasurement()
      guard queued == 200 else { return benchmark.error("\(queued) of 200 were queued") }
    }
  }

  Benchmark("one delivery: due, message, body, signature, recorded") { benchmark in
    let outbox = try Outbox(transitions: 2000)
    let deliveries = try DeliveryStore(directory: outbox.path)
    let reader = try StoreReader(directory: outbox.path)
    guard let secret = StandardWebhooks.Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") else { return }
    try deliveries.register(endpoint: "e", fromStart: true)
    _ = try deliveries.enqueue(endpoint: "e", kinds: [.burst], now: 1_795_395_600_000)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      guard let row = try deliveries.nextDue(endpoint: "e", now: 1_795_395_600_000), let stored = try reader.outboxRow(row.seq) else {
        return benchmark.error("the queue is empty")
      }
      let message = Outbox.message(stored)
      blackHole(
        StandardWebhooks.sign(id: message.deliveryID, timestamp: "1795395600", body: Array(message.webhookBody.utf8), secrets: [secret]))
      try deliveries.record(row.id, .delivered(status: 200), now: 1_795_395_600_001)
    }
  }

  Benchmark("body and signature of one alert", configuration: .init(metrics: [.wallClock, .cpuTotal, .throughput], scalingFactor: .kilo)) {
    benchmark in
    let outbox = try Outbox(transitions: 1)
    guard let row = try StoreReader(directory: outbox.path).outbox(after: 0, limit: 1).first,
      let secret = StandardWebhooks.Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    else { return benchmark.error("the outbox is empty") }
    let message = Outbox.message(row)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      blackHole(
        StandardWebhooks.sign(id: message.deliveryID, timestamp: "1795395600", body: Array(message.webhookBody.utf8), secrets: [secret]))
    }
  }
}

/// A data directory whose outbox holds openings of bursts.
final class Outbox {
  let path: String

  init(transitions: Int) throws {
    path = NSTemporaryDirectory() + "mizumori-delivery-benchmarks-\(UUID().uuidString)"
    let store = try Store(directory: path)
    defer { store.close() }
    var batch = IngestBatch()
    batch.newSensors = (0..<100).compactMap { n in
      SensorID(municipality: "town", zone: "z\(n / 20)", sensor: "m\(n)", quantity: .flow).map { (SensorSlot(n), $0) }
    }
    for n in 0..<transitions {
      let time = Timestamp(seconds: 1_760_000_000 + Int64(n) * 60)
      batch.transitions.append(
        Transition(
          slot: SensorSlot(n % 100), kind: .burst, change: .opened, severity: .major, evidence: [.cusum], time: time, onset: time,
          firstOnset: time, expected: 8, observed: 11, excess: 3, volume: 12, confidence: 0.9, isGrowing: false))
    }
    try store.commit(batch)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func message(_ row: OutboxRow) -> AlertMessage {
    AlertMessage(
      seq: row.seq, eventKey: row.eventKey, transitionKey: row.transitionKey, sensor: row.sensor,
      names: PlaceNames(municipality: "町", zone: "区", sensor: "メーター"), transition: row.transition, yenPerCubicMetre: 180,
      calendar: .japan)
  }
}
