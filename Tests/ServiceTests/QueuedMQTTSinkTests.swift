import Alerts
import Foundation
import Readings
import Settings
import Store
import Synchronization
import TestSupport
import Testing

@testable import Service

/// The broker as a receiver on the durable queue, as the service puts it together. With the integration tier: it needs a real broker.
struct QueuedMQTTSinkTests {
  /// Two attempts fail while the broker is away; the third would come after five minutes. The service sees the broker before that.
  @Test func anAlertIsDeliveredOnceTheBrokerIsBack() throws {
    let home = try TemporaryDirectory()
    let broker = try MosquittoBroker()
    let settings = try MizumoriSettings.parse(
      """
      data: {directory: data}
      broker: {host: 127.0.0.1, port: \(broker.port)}
      alerts: {mqtt: [{name: a}]}
      """, name: "s.yaml", directory: home.path)
    let ear = try Ear(port: broker.port, file: home.path + "/heard")
    broker.stop()

    let store = try Store(directory: settings.data.directory)
    let deliveries = try DeliveryStore(directory: settings.data.directory)
    try deliveries.register(endpoint: "a", fromStart: true)
    let t0 = Timestamp(seconds: 1_760_000_000)
    var batch = IngestBatch()
    batch.newSensors = [(0, try #require(SensorID("ina/nishi/m01/flow")))]
    batch.transitions = [
      Transition(
        slot: 0, kind: .burst, change: .opened, severity: .major, evidence: [.cusum], time: t0, onset: t0, firstOnset: t0, expected: 8,
        observed: 11, excess: 3, volume: 12, confidence: 0.9, isGrowing: false)
    ]
    try store.commit(batch)

    let counters = Counters()
    let worker = try #require(
      try MizumoriService.workers(
        settings, reader: try StoreReader(directory: settings.data.directory), messages: MessageMaker(profiles: ProfileBook(settings)),
        counters: counters, logger: .quiet
      ).first)
    let threads = ServiceThreads()
    threads.start("delivery") { worker.run() }
    defer {
      worker.stop()
      threads.join()
    }
    #expect(eventually(seconds: 40) { counters.deliveries["retry"] == 2 })
    try broker.start()
    counters.isSubscribed.store(true, ordering: .relaxed)
    worker.poke()
    #expect(eventually(seconds: 40) { counters.deliveries["delivered"] == 1 })
    #expect(eventually(seconds: 20) { ear.topics.contains("water/ina/nishi/m01/leak") })
    #expect(ear.topics.filter { $0 == "water/ina/nishi/m01/event" }.count == 1)
  }
}

/// A subscriber with a session that outlives the broker's absence.
private final class Ear {
  private let process = Process()
  private let file: String

  init(port: Int, file: String) throws {
    self.file = file
    _ = FileManager.default.createFile(atPath: file, contents: nil)
    // Once to leave the session behind, then for good: mosquitto_sub tries again while the broker is away.
    let first = Process()
    for (p, more) in [(first, ["-E"]), (process, [])] {
      p.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_sub")
      p.arguments = ["-p", "\(port)", "-i", "ear", "-c", "-q", "1", "-t", "water/#", "-F", "%t"] + more
      p.standardOutput = FileHandle(forWritingAtPath: file)
      p.standardError = FileHandle.nullDevice
      p.standardInput = FileHandle.nullDevice
      try p.runUnmasked()
      if p === first { p.waitForEnd() }
    }
  }

  deinit { if process.isRunning { process.terminate() } }

  var topics: [String] {
    ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }
}
