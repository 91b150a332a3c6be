import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing

/// The service is killed by SIGKILL at a chosen system call, with the real broker, while readings arrive. Nothing acknowledged is lost and
/// everything is stored once.
///
/// Calls before the fatal one are delayed, some 200 ms a commit: without the pause the reset of the connection would throw away PUBACKs
/// that had been sent too early, and a lossy order would look lossless by luck.
@Suite(.serialized)
struct KillTests {
  static let readings = 3000

  /// fdatasync happens inside the commit: the messages of the batch have been received and are not yet durable.
  /// sendto sends the PUBACKs after the commit; where libmosquitto sends them, setsockopt (TCP_CORK) comes right before.
  @Test(arguments: ["fdatasync", "sendto", "setsockopt"])
  func nothingIsLostBetweenReceiptAndAcknowledgement(call: String) throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_inflight_messages 500", "max_queued_messages 100000"])
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port, web: false)
    // The session must exist before anything is published.
    try service.start()
    #expect(eventually(seconds: 20) { FileManager.default.fileExists(atPath: service.dataDirectory + "/mizumori.db") })
    Thread.sleep(forTimeInterval: 1.5)
    #expect(service.stop() == 0)

    var kills = 0
    var published = 0
    for round in 0..<4 {
      let from = published
      let to = (round + 1) * KillTests.readings / 4
      try KillTests.publish(from..<to, port: broker.port)
      published = to
      // Small commits, so that each round has many places to die at.
      let injections =
        switch call {
        case "fdatasync": ["fdatasync:signal=SIGKILL:when=\(2 + 3 * round)", "pwrite64:delay_enter=20000"]
        case "sendto": ["sendto:signal=SIGKILL:when=\(6 + 2 * round)", "fdatasync:delay_exit=200000"]
        default: ["setsockopt:signal=SIGKILL:when=\(10 + 5 * round)", "fdatasync:delay_exit=200000"]
        }
      let way = call == "setsockopt" ? ["--set", "broker.direct_receive=false"] : []
      try service.start(injections: injections, arguments: ["--set", "data.commit_readings=50"] + way)
      kills += service.wasKilled(within: 40) ? 1 : 0
    }
    #expect(kills >= 3, "the injection must really have killed the service: \(kills) of 4 (\(service.log.suffix(500)))")

    try service.start()
    let reader = try StoreReader(directory: service.dataDirectory)
    #expect(eventually(seconds: 60) { (try? reader.figures().readings) ?? 0 >= KillTests.readings })
    Thread.sleep(forTimeInterval: 1)
    #expect(service.stop() == 0)
    let sensor = try #require(try reader.sensors().first)
    let rows = try reader.history(sensor.slot, from: KillTests.start, to: KillTests.start.adding(seconds: 10_000_000))
    #expect(rows.count == KillTests.readings)
    #expect(Set(rows.map(\.time)).count == KillTests.readings)
    #expect(try reader.sensors().count == 1)
  }

  static let start = Timestamp(seconds: 1_760_000_000)

  private static func publish(_ range: Range<Int>, port: Int) throws {
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: port, clientID: "kill-test-publisher"))
    try publisher.connect()
    for n in range {
      let time = start.adding(seconds: Int64(n) * 60).iso8601(offset: 32_400)
      try publisher.publish(
        topic: "water/test/zone/meter/flow", payload: "{\"ts\":\"\(time)\",\"value\":\(10 + n % 7),\"unit\":\"m3/h\",\"seq\":\(n)}")
    }
    try publisher.flush()
    publisher.disconnect()
  }
}
