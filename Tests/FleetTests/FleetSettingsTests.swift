import Foundation
import Settings
import TestSupport
import Testing

/// The file of `mizumori fleet`.
struct FleetSettingsTests {
  private static let one = "instances: [{name: a, url: \"https://a.example\"}]\n"

  private static func problems(_ yaml: String) -> [SettingsProblem] {
    do throws(SettingsError) {
      _ = try FleetSettings.parse(yaml, name: "f.yaml", directory: "/nowhere")
      return []
    } catch {
      return error.problems
    }
  }

  @Test func theExampleIsAcceptedAndShowsTheDefaults() throws {
    let home = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: home.path + "/secrets", withIntermediateDirectories: true)
    for name in ["kamiina", "p3"] {
      let file = "\(home.path)/secrets/\(name).token"
      try Data("mzm_x\n".utf8).write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
    let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../deploy/fleet.yaml")
    let s = try FleetSettings.parse(String(contentsOf: example, encoding: .utf8), name: "fleet.yaml", directory: home.path)
    let plain = try FleetSettings.parse(Self.one, name: "f.yaml", directory: "/")
    #expect(s.address == plain.address && s.port == plain.port && s.intervalSeconds == plain.intervalSeconds)
    #expect(s.timeoutSeconds == plain.timeoutSeconds && s.maximumAnswer == plain.maximumAnswer && s.silentMinutes == plain.silentMinutes)
    #expect(s.instances.map(\.name) == ["上伊那", "区分 3"] && s.instances[0].token?.text == "mzm_x")
    #expect(s.instances[1].url == "http://127.0.1.3:8080" && s.instances[1].allowedAddresses == ["127.0.1.3"] && s.instances[1].page == nil)
  }

  @Test(arguments: [
    ("", "instances", "at least one"), ("instances: []", "instances", "at least one"),
    ("instances: [{url: \"https://a\"}]", "instances[0].name", "missing"), ("instances: [{name: a}]", "instances[0].url", "missing"),
    ("instances: [{name: a, url: \"http://a\"}]", "instances[0].url", "only together"),
    ("instances: [{name: a, url: \"ftp://a\"}]", "instances[0].url", "address like"),
    ("instances: [{name: a, url: \"https://a?x\"}]", "instances[0].url", "without ?"),
    ("instances: [{name: a, url: \"https://a\", page: \"javascript:alert(1)\"}]", "instances[0].page", "address like"),
    ("instances: [{name: a, url: \"https://a\"}, {name: a, url: \"https://b\"}]", "instances[1].name", "twice"),
    ("instances: [{name: a, url: \"https://a\", token: x}]", "instances[0].token", "token_file"),
    ("instances: [{name: a, url: \"https://a\", token_file: none}]", "instances[0].token_file", "cannot read"),
    ("address: 0.0.0.0\n" + one, "address", "nobody logs in"), ("interval_s: 1\n" + one, "interval_s", "from 5"),
    ("intervall_s: 10\n" + one, "intervall_s", "interval_s"),
  ])
  func mistakes(yaml: String, key: String, words: String) {
    let found = Self.problems(yaml)
    #expect(found.contains { $0.key == key && $0.english.contains(words) }, "\(found)")
  }

  @Test func moreThanTheBoundIsSaid() {
    let many = (0...FleetSettings.mostInstances).map { "  - {name: n\($0), url: \"https://a\"}\n" }.joined()
    #expect(Self.problems("instances:\n" + many).contains { $0.english.contains("at most 256") })
  }
}
