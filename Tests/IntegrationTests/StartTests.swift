import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing

/// What can be wrong at start: each gives a clear message, the documented exit code, and loses nothing.
@Suite(.serialized)
struct StartTests {
  /// SIGHUP: a mistake keeps the old settings and names its line; good ones are taken over without losing a message; ones that do not work
  /// are taken back.
  @Test func settingsAreReloadedOnSIGHUP() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    let good = try String(contentsOfFile: service.settingsFile, encoding: .utf8)
    func name() -> String? { service.get("/api/v1/utility")?.body }
    func says(_ text: String) -> Bool {
      eventually(seconds: 20) {
        (try? String(contentsOfFile: "\(home.path)/service.log", encoding: .utf8))?.contains(text) ?? false
      }
    }
    try service.start()
    #expect(service.waitReady())
    try service.write(good + "utilty: {}\n", to: "mizumori.yaml")
    try service.hangUp()
    #expect(says("going on with the present ones") && says("mizumori.yaml:"))
    #expect(name()?.contains("\"utility\":\"水道\"") ?? false)

    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "p"))
    try publisher.connect()
    let renamed = good.replacingOccurrences(of: "utility:\n", with: "utility:\n  name: 新町\n")
    try service.write(renamed, to: "mizumori.yaml")
    try publisher.publish(topic: "water/test/zone/m/flow", payload: "{\"ts\":1767225600,\"value\":10}")
    try service.hangUp()
    for i in 1..<200 {
      try publisher.publish(topic: "water/test/zone/m/flow", payload: "{\"ts\":\(1_767_225_600 + i * 60),\"value\":\(10 + i % 3)}")
    }
    try publisher.flush()
    #expect(says("settings reloaded"))
    #expect(eventually(seconds: 20) { name()?.contains("新町") ?? false })
    #expect(service.waitReady())
    let reader = try StoreReader(directory: service.dataDirectory)
    #expect(eventually(seconds: 20) { (try? reader.extent(0)?.last.milliseconds) == 1_767_225_600_000 + 199 * 60_000 })
    #expect(try reader.history(0, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max)).count == 200)

    // The port of the page is taken: the service goes on with the settings before.
    try service.write(renamed.replacingOccurrences(of: "port: \(service.pagePort)", with: "port: \(broker.port)"), to: "mizumori.yaml")
    try service.hangUp()
    #expect(says("going back to the old ones"))
    #expect(service.waitReady() && (name()?.contains("新町") ?? false))
    #expect(service.stop() == 0)
  }

  /// A receiver that never answers does not hold up the end: the attempt is broken off and made again after the next start, with its id.
  @Test func aHangingReceiverDoesNotHoldUpTheEnd() throws {
    let broker = try MosquittoBroker()
    let receiver = try HTTPReceiver([.init(200, delay: 28), .init(204)])
    let home = try TemporaryDirectory()
    let service = try RunningService(
      directory: home.path, brokerPort: broker.port,
      extra: """
        alerts:
          webhooks:
            - { name: hook, url: "http://127.0.0.1:\(receiver.port)/x", secret_file: hook.secret, allow_addresses: ["127.0.0.1"], timeout_s: 30 }
        """)
    try service.write("whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString(), to: "hook.secret")
    try service.start()
    #expect(service.waitReady())
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "p"))
    try publisher.connect()
    // A gap of two hours is a fault that is told.
    for m in Array(0..<30) + Array(150..<160) {
      try publisher.publish(topic: "water/test/zone/m/flow", payload: "{\"ts\":\(1_767_225_600 + m * 60),\"value\":\(10 + m % 7)}")
    }
    try publisher.flush()
    #expect(eventually(seconds: 15) { receiver.requests.count == 1 })
    // `stop` allows ten seconds; the receiver would take 28.
    #expect(service.stop() == 0)
    try service.start()
    let id = receiver.requests[0].headers["webhook-id"]
    #expect(eventually(seconds: 30) { receiver.requests.filter { $0.headers["webhook-id"] == id }.count == 2 })
    #expect(service.stop() == 0)
  }

  /// A page of the database was overwritten: it is set aside and named, and the service watches on with an empty one.
  @Test func aDamagedDatabaseIsSetAsideLoudly() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "p"))
    func publish(_ minutes: Range<Int>) throws {
      for m in minutes {
        try publisher.publish(topic: "water/test/zone/m/flow", payload: "{\"ts\":\(1_767_225_600 + m * 60),\"value\":\(10 + m % 7)}")
      }
      try publisher.flush()
    }
    func readings(_ n: Int) -> Bool {
      eventually(seconds: 20) { service.get("/metrics")?.body.contains("mizumori_readings_total \(n)\n") ?? false }
    }
    try service.start()
    #expect(service.waitReady())
    try publisher.connect()
    // A gap of two hours makes events, so that the log has lines.
    try publish(0..<1000)
    try publish(1120..<1200)
    #expect(readings(1080))
    #expect(service.stop() == 0)
    let file = service.dataDirectory + "/mizumori.db"
    let lines = try String(contentsOfFile: service.dataDirectory + "/events.jsonl", encoding: .utf8).split(separator: "\n").count
    #expect(lines >= 2)
    try RunningService.sqlite(file, "PRAGMA wal_checkpoint(TRUNCATE)")
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
    // All but the first page: tables, indexes and the checkpoint.
    try handle.seek(toOffset: 4096)
    try handle.write(
      contentsOf: Data(repeating: 0xa5, count: Int(try FileManager.default.attributesOfItem(atPath: file)[.size] as! UInt64) - 4096))
    try handle.close()

    try service.start()
    #expect(service.waitReady())
    let found = try FileManager.default.contentsOfDirectory(atPath: service.dataDirectory).filter { $0.hasPrefix("mizumori.db.damaged-") }
    #expect(found.count == 1)
    let overview = try #require(service.get("/api/v1/overview")).body
    #expect(overview.contains(found.first ?? "?"))
    #expect(try #require(service.get("/metrics")).body.contains("mizumori_databases_set_aside 1\n"))
    try publish(1200..<1300)
    try publish(1420..<1500)
    #expect(readings(180))
    // What happens now goes on in the same log.
    #expect(
      try eventually(seconds: 10) {
        try String(contentsOfFile: service.dataDirectory + "/events.jsonl", encoding: .utf8).split(separator: "\n").count > lines
      })
    #expect(service.stop() == 0)
    #expect(service.log.contains("the database was damaged"))
  }

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
    let found = eventually(seconds: 10) { service.get("/metrics")?.body.contains("mizumori_readings_total 1\n") ?? false }
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
