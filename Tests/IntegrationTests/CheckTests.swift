import Foundation
import MQTT
import TestSupport
import Testing

/// `mizumori check`: what is well, what is wrong and what to do, with the real broker and real certificates.
@Suite(.serialized)
struct CheckTests {
  private struct Line: Decodable {
    var subject: String
    var level: String
    var name: String
    var detail: String?
    var remedy: String?
  }

  private func check(_ settings: String, _ more: [String] = []) throws -> (code: Int32, lines: [Line]) {
    let c = try RunningCommand("mizumori", ["check", "--json", "--settings", settings] + more)
    let code = try c.finish()
    return (code, try JSONDecoder().decode([Line].self, from: Data(c.out.utf8)))
  }

  @Test func topicsThatComeAndThoseThatAreRefused() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port, web: false)
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "check-publisher"))
    try publisher.connect()
    // Retained: they come as soon as somebody subscribes.
    for (topic, payload) in [("a/flow", "{\"value\":1}"), ("b/flow", "{\"value\":2}"), ("c/flow", "{\"value\":\"2\"}"), ("c/speed", "1")] {
      try payload.utf8CString.dropLast().withUnsafeBytes {
        try publisher.publish(topic: "water/test/zone/\(topic)", payload: $0, retain: true)
      }
    }
    try publisher.flush()
    let found = try check(service.settingsFile, ["--listen", "2"])
    #expect(found.code == 0)
    let topics = found.lines.filter { $0.subject == "topics" }
    #expect(topics.map(\.level) == ["ok", "warning", "warning"], "\(topics)")
    #expect(topics.first?.detail?.contains("2 messages, 2 topics") == true)
    #expect(topics[1].name.contains("c/flow") && topics[1].detail?.contains("value_type") == true)
    #expect(topics[2].detail?.contains("c/speed") == true)
    #expect(found.lines.filter { $0.level == "ok" }.map(\.subject).contains("disk"))
    #expect(found.lines.allSatisfy { $0.level == "ok" || $0.remedy != nil })
    // The look leaves no session behind: with one the broker would queue for it for ever.
    let other = try RunningService(
      directory: home.path, brokerPort: broker.port, extra: "topics: [{pattern: \"x/{sensor}\", zone: z, quantity: flow}]")
    let nothing = try check(other.settingsFile, ["--listen", "1"]).lines.filter { $0.subject == "topics" }
    #expect(
      nothing.map(\.level) == ["warning", "warning"] && nothing.last?.detail?.contains("water/test/zone/a/flow") == true, "\(nothing)")
  }

  @Test func aBrokerThatIsAwayAndTheServiceThatRuns() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    let good = try check(service.settingsFile, ["--listen", "0"])
    #expect(good.code == 0 && good.lines.first { $0.subject == "data" }?.detail?.contains("uses it") == true)
    #expect(service.get("/readyz")?.status == 200)
    #expect(service.stop() == 0)
    let lost = try RunningService(directory: home.path, brokerPort: try FreePort.next(), web: false)
    let bad = try check(lost.settingsFile)
    #expect(bad.code == 69)
    #expect(bad.lines.first { $0.subject == "broker" }?.detail?.contains("Connection refused") == true)
    #expect(!bad.lines.contains { $0.subject == "topics" })
  }

  @Test func certificatesTellTheirDays() throws {
    let home = try TemporaryDirectory()
    func openssl(_ arguments: String) throws {
      let p = Process()
      p.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
      p.arguments = arguments.split(separator: " ").map(String.init)
      p.standardError = FileHandle.nullDevice
      try p.runUnmasked()
      try #require(p.exitCode() == 0)
    }
    for (name, days) in [("ca", 900), ("client", 10), ("other", 900)] {
      try openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -days \(days) -keyout \(home.path)/\(name).key -out \(home.path)/\(name).crt"
      )
    }
    func settings(_ certificate: String, _ key: String) throws -> String {
      let lines = ["ca_file": "\(home.path)/ca.crt", "certificate_file": certificate, "key_file": key].map { "--set=broker.\($0)=\($1)" }
      return lines.joined(separator: " ")
    }
    let service = try RunningService(directory: home.path, brokerPort: try FreePort.next(), web: false)
    func certificates(_ certificate: String, _ key: String) throws -> [Line] {
      try check(service.settingsFile, try settings(certificate, key).split(separator: " ").map(String.init)).lines.filter {
        $0.subject == "certificate"
      }
    }
    let soon = try certificates("\(home.path)/client.crt", "\(home.path)/client.key")
    #expect(soon.map(\.level) == ["ok", "warning"] && (soon.last?.detail?.contains(/\/CN=client あと (9|10) 日/) == true), "\(soon)")
    let mixed = try certificates("\(home.path)/client.crt", "\(home.path)/other.key")
    #expect(mixed.map(\.level) == ["ok", "warning", "problem"])
    let none = try certificates("\(home.path)/mizumori.yaml", "\(home.path)/client.key")
    #expect(none.map(\.level) == ["ok", "problem", "problem"])
  }
}
