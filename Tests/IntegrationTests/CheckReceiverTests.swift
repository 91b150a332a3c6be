import Foundation
import MQTT
import TestSupport
import Testing

/// What `mizumori check` tells of mistakes in the settings, of places that are not there, and of receivers.
@Suite(.serialized)
struct CheckReceiverTests {
  private func check(_ settings: String, _ more: [String] = []) throws -> (code: Int32, output: String) {
    let c = try RunningCommand("mizumori", ["check", "--json", "--listen", "0", "--settings", settings] + more)
    return (try c.finish(), c.output.replacingOccurrences(of: "\\/", with: "/"))
  }

  @Test func mistakesInTheSettingsAreFindingsToo() throws {
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: 1, extra: "brokr: {}\nlimits: {future_s: x}", web: false)
    let found = try check(service.settingsFile)
    let lines = try #require(JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [[String: Any]], "\(found.output)")
    #expect(found.code == 78 && lines.count == 2 && lines.allSatisfy { $0["level"] as? String == "problem" }, "\(found.output)")
  }

  @Test func nothingIsMadeByLooking() throws {
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: 1, web: false)
    #expect(try check(service.settingsFile).output.contains("is not there yet"))
    #expect(!FileManager.default.fileExists(atPath: service.dataDirectory))
  }

  /// A receiver that does not answer is told of as soon as the first message waits, not when it is given up after days.
  @Test func aReceiverThatCannotBeReached() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let dead = try FreePort.next()
    let service = try RunningService(
      directory: home.path, brokerPort: broker.port,
      extra: """
        alerts:
          webhooks: [{name: dead, url: "http://127.0.0.1:\(dead)/", secret_file: hook, allow_addresses: [127.0.0.1]}]
        """)
    try service.write("whsec_\(Data(repeating: 7, count: 32).base64EncodedString())\n", to: "hook")
    try service.start()
    #expect(service.waitReady())
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "check-dead"))
    try publisher.connect()
    let now = Int(Date().timeIntervalSince1970)
    // A meter falls silent while another goes on: a gap is told.
    for ago in stride(from: 7200, through: 3600, by: -60) { try send(publisher, "m01", now - ago) }
    try send(publisher, "m02", now)
    try publisher.flush()
    #expect(eventually(seconds: 30) { (try? check(service.settingsFile).output.contains("cannot be sent")) == true })
    let found = try check(service.settingsFile)
    #expect(found.code == 0 && found.output.contains("Couldn't connect"), "\(found.output)")
    #expect(service.stop() == 0)
  }

  private func send(_ publisher: Publisher, _ meter: String, _ time: Int) throws {
    let payload = "{\"ts\":\(time),\"value\":\(10 + time / 60 % 7),\"unit\":\"m3/h\"}"
    try payload.utf8CString.dropLast().withUnsafeBytes {
      try publisher.publish(topic: "water/test/zone/\(meter)/flow", payload: $0)
    }
  }
}
