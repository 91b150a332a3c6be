import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing

/// The broker settings of deploy/ with a real broker: who may connect, and who may write what. Only paths and the port are replaced.
struct BrokerSecurityTests {
  private static let deploy = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/deploy/mosquitto"

  private let broker: MosquittoBroker
  private let certificates: TemporaryDirectory

  init() throws {
    let folder = try TemporaryDirectory()
    for arguments in [["ca"], ["server", "localhost", "127.0.0.1"], ["client", "ina"], ["client", "mizumori"]] {
      try Self.certs([folder.path] + arguments)
    }
    certificates = folder
    broker = try MosquittoBroker { port, _ in
      try String(contentsOfFile: Self.deploy + "/mizumori.conf", encoding: .utf8)
        .replacingOccurrences(of: "listener 8883", with: "listener \(port) 127.0.0.1")
        .replacingOccurrences(of: "/etc/mosquitto/certs", with: folder.path)
        .replacingOccurrences(of: "/etc/mosquitto/mizumori.acl", with: Self.deploy + "/mizumori.acl")
    }
  }

  private static func certs(_ arguments: [String]) throws {
    let p = Process()
    p.executableURL = URL(fileURLWithPath: deploy + "/certs.sh")
    p.arguments = arguments
    p.standardOutput = FileHandle.nullDevice
    p.standardError = FileHandle.nullDevice
    try p.runUnmasked()
    try #require(p.exitCode() == 0)
  }

  private func settings(_ client: String?, folder: String? = nil) -> BrokerSettings {
    var s = BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "client-\(client ?? "nobody")")
    let own = folder ?? certificates.path
    s.tls = .init(
      caFile: certificates.path + "/ca.crt", certificateFile: client.map { "\(own)/\($0).crt" }, keyFile: client.map { "\(own)/\($0).key" })
    return s
  }

  /// Publishes once; nil when it is let in and not refused.
  private func publish(_ topic: String, as client: BrokerSettings) -> String? {
    let p = Publisher(settings: client)
    do {
      try p.connect()
      try p.publish(topic: topic, payload: "{\"ts\":\(Int(Date().timeIntervalSince1970)),\"value\":12}")
      try p.flush(seconds: 5)
      p.disconnect()
      return p.refused > 0 ? "refused" : nil
    } catch {
      return error.description
    }
  }

  private func service(_ home: TemporaryDirectory, host: String = "127.0.0.1") throws -> (RunningService, [String]) {
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    let values = [
      "broker.host=\(host)", "broker.ca_file=\(certificates.path)/ca.crt", "broker.certificate_file=\(certificates.path)/mizumori.crt",
      "broker.key_file=\(certificates.path)/mizumori.key",
    ]
    return (service, values.flatMap { ["--set", $0] })
  }

  @Test func aTownWritesItsOwnReadingsAndNothingElse() throws {
    let home = try TemporaryDirectory()
    let (service, arguments) = try service(home)
    try service.start(arguments: arguments)
    #expect(service.waitReady())
    #expect(publish("water/ina/nishi/m01/flow", as: settings("ina")) == nil)
    for topic in [
      "water/takato/nishi/m01/flow", "water/ina/nishi/m01/event", "water/ina/nishi/m01/leak", "mizumori/status",
      "homeassistant/device/x/config", "water/ina/nishi/m01/flow/more",
    ] {
      #expect(publish(topic, as: settings("ina")) == "refused", "\(topic)")
    }
    let reader = try StoreReader(directory: service.dataDirectory)
    #expect(eventually(seconds: 10) { (try? reader.sensors().count) ?? 0 >= 1 })
    Thread.sleep(forTimeInterval: 1)
    #expect(try reader.sensors().map(\.id.description) == ["ina/nishi/m01/flow"])
    #expect(service.stop() == 0)
  }

  /// What a town's client hears of other towns, and of its own: nothing.
  @Test func aTownReadsNothing() throws {
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_sub")
    p.arguments = [
      "-h", "127.0.0.1", "-p", "\(broker.port)", "--cafile", certificates.path + "/ca.crt", "--cert", certificates.path + "/ina.crt",
      "--key",
      certificates.path + "/ina.key", "-t", "#", "-q", "1", "-W", "3", "-v",
    ]
    let out = Pipe()
    p.standardOutput = out
    p.standardError = FileHandle.nullDevice
    p.standardInput = FileHandle.nullDevice
    try p.runUnmasked()
    usleep(500_000)
    #expect(publish("water/ina/nishi/m01/flow", as: settings("ina")) == nil)
    #expect(publish("water/takato/nishi/m01/event", as: settings("mizumori")) == nil)
    #expect(out.fileHandleForReading.readDataToEndOfFile().isEmpty)
    p.waitForEnd()
  }

  @Test func strangersAreNotLetIn() throws {
    let other = try TemporaryDirectory()
    for arguments in [["ca"], ["client", "ina"]] { try Self.certs([other.path] + arguments) }
    #expect(publish("water/ina/nishi/m01/flow", as: settings(nil)) != nil)
    #expect(publish("water/ina/nishi/m01/flow", as: settings("ina", folder: other.path)) != nil)
    var plain = BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "plain")
    plain.username = "ina"
    #expect(publish("water/ina/nishi/m01/flow", as: plain) != nil)
    // And the right one is.
    #expect(publish("water/ina/nishi/m01/flow", as: settings("ina")) == nil)
  }

  /// Who answers under another name than its certificate's is not our broker.
  @Test func theServiceKnowsItsBroker() throws {
    let home = try TemporaryDirectory()
    let (service, arguments) = try service(home, host: "127.0.0.2")
    try service.start(arguments: arguments + ["--broker-wait", "4"])
    let end = try #require(service.wait(seconds: 20))
    #expect(end.code == 69)
    #expect(service.log.contains("127.0.0.2"))
  }
}
