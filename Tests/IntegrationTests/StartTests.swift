import Foundation
import MQTT
import Store
import TestSupport
import Testing

/// What can be wrong at start: each gives a clear message, the documented exit code, and loses nothing.
@Suite(.serialized)
struct StartTests {
  @Test func brokerUnreachable() throws {
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: try FreePort.next(), web: false)
    try service.start(arguments: ["--broker-wait", "2"])
    #expect(service.wait(seconds: 15)?.code == 69)
    #expect(service.log.contains("broker.host") && service.log.contains("Connection refused"))
  }

  @Test func settingsErrorNamesFileLineAndNearestKey() throws {
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: 1883, extra: "brokr:\n  host: x", web: false)
    try service.start()
    #expect(service.wait(seconds: 15)?.code == 78)
    #expect(service.log.contains("mizumori.yaml:"))
    #expect(service.log.contains("brokr") && service.log.contains("broker"))
    #expect(!FileManager.default.fileExists(atPath: service.dataDirectory))
  }

  @Test func missingSettingsFile() throws {
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: 1883, web: false)
    try FileManager.default.removeItem(atPath: home.path + "/mizumori.yaml")
    try service.start()
    #expect(service.wait(seconds: 15)?.code == 66)
  }

  @Test func portInUse() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let taken = try HTTPReceiver()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start(arguments: ["--set", "web.port=\(taken.port)"])
    #expect(service.wait(seconds: 20)?.code == 69)
    #expect(service.log.contains("web.port"))
  }

  @Test func newerDatabaseIsRefusedAndLeftAlone() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port, web: false)
    try autoreleased { _ = try Store(directory: service.dataDirectory) }
    let file = Store.file(in: service.dataDirectory)
    try RunningService.sqlite(file, "PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)")
    let before = FileManager.default.contents(atPath: file)
    try service.start()
    #expect(service.wait(seconds: 15)?.code == 78)
    #expect(service.log.contains("99"))
    #expect(FileManager.default.contents(atPath: file) == before)
  }

  @Test func secondServiceOnOneDirectoryIsRefused() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    let second = try RunningService(directory: home.path, brokerPort: broker.port, web: false)
    try second.start()
    #expect(second.wait(seconds: 15)?.code == 69)
    #expect(service.stop() == 0)
  }

  @Test func brokenPayloadsAreCountedAndAcknowledged() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "bad"))
    try publisher.connect()
    for payload in [
      "{", "", "{\"ts\":\"2026-01-01T00:00:00+09:00\",\"value\":\"12\"}", "[1e400]", "{\"ts\":\"2099-01-01T00:00:00Z\",\"value\":1}",
    ] {
      try publisher.publish(topic: "water/test/zone/meter/flow", payload: payload)
    }
    try publisher.publish(topic: "water/test/zone/meter/flow", payload: "{\"ts\":\"2026-01-01T00:00:00+09:00\",\"value\":12.5}")
    try publisher.flush()
    let found = RunningService.eventually(seconds: 10) { service.get("/metrics")?.body.contains("mizumori_readings_total 1\n") ?? false }
    #expect(found)
    let metrics = service.get("/metrics")?.body ?? ""
    for reason in ["json_syntax", "payload_empty", "value_type", "timestamp_future"] {
      #expect(metrics.contains("{reason=\"\(reason)\"} 1"), "\(reason) in \(metrics)")
    }
    #expect(service.stop() == 0)
    // Acknowledged: a restart gets none of them again.
    try service.start()
    #expect(service.waitReady())
    Thread.sleep(forTimeInterval: 1)
    #expect(service.get("/metrics")?.body.contains("mizumori_messages_total 0\n") ?? false)
    #expect(service.stop() == 0)
  }

  private func autoreleased(_ body: () throws -> Void) rethrows { try body() }
}
