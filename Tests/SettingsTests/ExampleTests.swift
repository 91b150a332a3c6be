import FoundationEssentials
import Settings
import Testing

/// The example that is shipped.
@Suite struct ExampleTests {
  static let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/deploy/mizumori.yaml"

  @Test func isAcceptedAndShowsTheDefaults() throws {
    let s = try MizumoriSettings.load(path: Self.path, environment: [:])
    let plain = try read("")
    #expect(s.utility.municipality == "ina")
    #expect(s.sensors.count == 1)
    #expect(s.specialDays.count == 4)
    #expect(s.limits == plain.limits)
    #expect(s.detection == plain.detection)
    #expect(s.data == plain.data)
    #expect(s.web == plain.web)
    #expect(s.reports == plain.reports)
    #expect(s.broker.sessionExpirySeconds == plain.broker.sessionExpirySeconds)
    #expect(s.broker.receiveMaximum == plain.broker.receiveMaximum)
    #expect(s.broker.receivesDirectly == plain.broker.receivesDirectly)
    #expect(s.broker.statusTopic == plain.broker.statusTopic)
    #expect(s.topics.map(\.pattern) == plain.topics.map(\.pattern))
  }

  @Test(arguments: MizumoriSettings.knownKeys) func shows(_ key: String) throws {
    let text = String(decoding: try #require(FileManager.default.contents(atPath: Self.path)), as: UTF8.self)
    let section = try #require(key.split(separator: ".").first)
    let name = try #require(key.split(separator: ".").last)
    let start = try #require(text.split(separator: "\n").firstIndex { $0.hasPrefix("\(section):") })
    #expect(text.split(separator: "\n")[start...].contains { $0.contains("\(name):") }, "\(key) is missing in deploy/mizumori.yaml")
  }

  /// The commented lines of the example are settings too: with their marks removed it is still accepted.
  @Test func isAcceptedWithAllKeys() throws {
    let scratch = try ScratchDirectory()
    let data = try #require(FileManager.default.contents(atPath: Self.path))
    let text = String(decoding: data, as: UTF8.self)
      .replacing(": []\n", with: ":\n")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(uncommented)
    for directory in ["secrets", "tls"] {
      try FileManager.default.createDirectory(atPath: "\(scratch.path)/\(directory)", withIntermediateDirectories: true)
    }
    for name in [
      "secrets/broker.password", "secrets/bousai.secret", "secrets/line.token", "tls/ca.crt", "tls/mizumori.crt", "tls/mizumori.key",
    ] {
      try scratch.write(name, "x\n")
    }
    for name in ["secrets/teams.url", "secrets/slack.url"] { try scratch.write(name, "https://example.com/x\n") }
    let s = try read(lines.joined(separator: "\n"), directory: scratch.path)
    #expect(s.broker.username == "mizumori")
    #expect(s.broker.usesTLS)
    #expect(s.utility.towns["ina"] == "伊那市")
    #expect(s.topics.map(\.codec) == [.canonical, .tts, .canonical])
    #expect(s.detection.gapMinutes == 90)
    #expect(s.works.map(\.name) == ["毎月の洗管"])
    #expect(s.alerts.sinks.first?.routing.quietHours != nil)
    #expect(s.alerts.sinks.map(\.name) == ["bousai", "teams-suidou", "slack-suidou", "line-touban", "syslog", "mqtt"])
  }

  /// `  # key: value` → `  key: value` for lines inside a section whose comment is a setting. The credential, a second way to give
  /// the password, stays a comment.
  private func uncommented(_ line: Substring) -> String {
    guard let mark = line.firstIndex(of: "#"), mark != line.startIndex, line[..<mark].allSatisfy({ $0 == " " }) else { return String(line) }
    let rest = line[line.index(after: mark)...].dropFirst()
    let setting = rest.drop { $0 == " " || $0 == "-" }
    let name = setting.prefix { ("a"..."z").contains($0) || $0 == "_" }
    guard !name.isEmpty, setting.dropFirst(name.count).hasPrefix(": "), !setting.contains("CREDENTIALS") else { return String(line) }
    return String(line[..<mark] + rest)
  }
}
