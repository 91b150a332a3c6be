import FoundationEssentials
import Settings
import Testing

@Suite struct FileTests {
  @Test func secretsComeFromPrivateFilesBesideTheSettings() throws {
    let scratch = try ScratchDirectory()
    try scratch.write("broker.password", "ひみつ pass\n")
    try scratch.write("hook.secret", "whsec_new\r\nwhsec_old\n\n")
    let file = try scratch.write(
      "mizumori.yaml",
      """
      broker: {username: mz, password_file: broker.password}
      alerts:
        webhooks:
          - {name: demo, url: "http://127.0.0.1:9/hook", secret_file: hook.secret, allow_addresses: [127.0.0.1, "fd00::/8"], types: [leak.opened]}
      """, mode: 0o644)
    let s = try MizumoriSettings.load(path: file, environment: [:])
    #expect(s.broker.password?.text == "ひみつ pass")
    let hook = try #require(s.alerts.sinks.first)
    guard case .webhook(let webhook) = hook.kind else {
      Issue.record("\(hook.kind)")
      return
    }
    #expect(webhook.secret.lines == ["whsec_new", "whsec_old"])
    #expect(hook.allowedAddresses == ["127.0.0.1", "fd00::/8"])
    #expect(hook.types == ["leak.opened"])
    #expect(!hook.allowsPrivate)
    // Nothing that prints settings may show a secret.
    var dumped = ""
    dump(s, to: &dumped)
    #expect(!"\(s)\(dumped)".contains("ひみつ") && !dumped.contains("whsec_"))
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o660]) func readableByOthersIsRefused(_ mode: Int) throws {
    let scratch = try ScratchDirectory()
    try scratch.write("p", "x", mode: mode)
    let found = problems("broker: {username: a, password_file: p}", directory: scratch.path)
    #expect(found.count == 1)
    #expect(found.first?.english.contains("chmod 600 \(scratch.path)/p") == true)
  }

  @Test func privateKeyIsHeldToTheSame() throws {
    let scratch = try ScratchDirectory()
    try scratch.write("c", "x", mode: 0o644)
    try scratch.write("k", "x", mode: 0o644)
    #expect(problems("broker: {certificate_file: c, key_file: k}", directory: scratch.path).map(\.key) == ["broker.key_file"])
    try scratch.write("k", "x", mode: 0o400)
    #expect(try read("broker: {certificate_file: c, key_file: k}", directory: scratch.path).broker.port == 8883)
  }

  /// systemd shows 0440 where it grants access by an ACL.
  @Test func systemdCredential() throws {
    let scratch = try ScratchDirectory()
    try scratch.write("pw", "x\n", mode: 0o440)
    let environment = ["CREDENTIALS_DIRECTORY": scratch.path]
    let yaml = "broker: {username: a, password_file: $CREDENTIALS_DIRECTORY/pw}"
    #expect(try read(yaml, environment: environment).broker.password?.text == "x")
    try scratch.write("pw", "x\n", mode: 0o444)
    #expect(problems(yaml, environment: environment).count == 1)
  }

  @Test func emptySecret() throws {
    let scratch = try ScratchDirectory()
    try scratch.write("p", "\n\n")
    #expect(problems("broker: {username: a, password_file: p}", directory: scratch.path).first?.english.contains("is empty") == true)
  }

  @Test func missingAndUnreadableSettings() throws {
    let missing = #expect(throws: SettingsError.self) { try MizumoriSettings.load(path: "/nonexistent/mizumori.yaml", environment: [:]) }
    #expect(missing?.isFileMissing == true)
    #expect(missing?.description.contains("/nonexistent/mizumori.yaml") == true)
    let scratch = try ScratchDirectory()
    let file = "\(scratch.path)/sjis.yaml"
    try Data([0x61, 0x3a, 0x20, 0x90, 0x85]).write(to: URL(filePath: file))
    let other = #expect(throws: SettingsError.self) { try MizumoriSettings.load(path: file, environment: [:]) }
    #expect(other?.isFileMissing == false)
    #expect(other?.description.contains("UTF-8") == true)
  }
}
