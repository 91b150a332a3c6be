import FoundationEssentials
import Settings
import Testing

/// What receivers of alerts besides webhooks must and may not be.
@Suite struct SinkTests {
  private let scratch: ScratchDirectory

  /// The files that the tests name.
  init() throws {
    scratch = try ScratchDirectory()
    try scratch.write("url", "https://example.com/hook?sig=geheim\n")
    try scratch.write("shared", "https://example.com/hook?sig=geheim\n", mode: 0o644)
    try scratch.write("plain", "http://10.0.0.1/geheim\n")
    try scratch.write("user", "https://u:geheim@example.com/\n")
    try scratch.write("token", "geheim\n")
    try scratch.write("words", "https://example.com/ geheim\n")
    try scratch.write("two", "https://example.com/geheim\nhttps://example.com/geheim\n")
  }

  static let url = "url_file: url"
  static let line = "to: U0123456789abcdef0123456789abcdef, token_file: token"
  static let program = "program: /bin/sh"

  /// List, item, what is said.
  static let rows: [(String, String, String)] = [
    ("teams", url, "name is missing"),
    ("teams", "name: a", "url_file is missing"),
    ("teams", "name: a, url: \"https://x\", \(url)", "known here: name, allow_private"),
    ("teams", "name: a, url_file: none", "cannot read the file"),
    ("teams", "name: a, url_file: shared", "chmod 600"),
    ("teams", "name: a, url_file: words", "without blanks"),
    ("teams", "name: a, url_file: two", "one line"),
    ("teams", "name: a, url_file: token", "must hold one URL"),
    ("teams", "name: a, url_file: plain", "only together with allow_addresses"),
    ("teams", "name: a, url_file: plain, allow_addresses: []", "only together with allow_addresses"),
    ("teams", "name: a, url_file: user", "must hold one URL"),
    ("teams", "name: a, \(url), types: [leak.opend]", "unknown type \"leak.opend\""),
    ("teams", "name: a, \(url), timeout_s: 0", "from 1 to 30"),
    ("teams", "name: a, \(url), allow_addresses: [x]", "found \"x\""),
    ("teams", "name: a, \(url), allow_privat: true", "did you mean \"allow_private\""),
    ("slack", "name: \"a b\", \(url)", "at most 64"),
    ("slack", "name: a, url_file: token", "must hold one URL"),
    ("slack", "name: a, \(url)}, {name: a, \(url)", "\"a\" stands twice"),
    ("line", "name: a, token_file: token", "to is missing"),
    ("line", "name: a, to: U0123456789abcdef0123456789abcdef", "token_file is missing"),
    ("line", "name: a, to: \"@town\", token_file: token", "U, C or R"),
    ("line", "name: a, to: X0123456789abcdef0123456789abcdef, token_file: token", "U, C or R"),
    ("line", "name: a, to: U0123456789ABCDEF0123456789abcdef, token_file: token", "U, C or R"),
    ("line", "name: a, to: U0123456789abcdef0123456789abcdef, token_file: words", "without blanks"),
    ("line", "name: a, \(line), base_url: \"http://10.0.0.1\"", "only together with allow_addresses"),
    ("line", "name: a, \(line), base_url: line.me", "expected https://"),
    ("teams", "name: a, \(url), min_severity: bad", "expected one of info, minor, major, critical"),
    ("teams", "name: a, \(url), kinds: [burts]", "unknown kind of event \"burts\""),
    ("teams", "name: a, \(url), kinds: [work]", "unknown kind of event \"work\""),
    ("teams", "name: a, \(url), zones: [a/b/c]", "expected municipality or municipality/zone"),
    ("teams", "name: a, \(url), hours: \"8-17\"", "expected hours like"),
    ("teams", "name: a, \(url), hours: \"08:30-08:30\"", "expected hours like"),
    ("teams", "name: a, \(url), hours: [\"sundays 08:30-17:15\"]", "expected hours like"),
    ("teams", "name: a, \(url), quiet_hours: {a: b}", "list like [a, b]"),
    ("teams", "name: a, \(url), quiet_pass: critical", "expected one of minor, major"),
    ("teams", "name: a, \(url), group_wait_s: 301", "from 0 to 300"),
    ("teams", "name: a, \(url), repeat_h: -1", "from 0 to 720"),
    ("teams", "name: a, \(url), unacknowledged_min: 20000", "from 0 to 10080"),
    ("mqtt", "topic_prefix: water", "name is missing"),
    ("mqtt", "name: a, topic_prefix: \"water/#\"", "without + and #"),
    ("mqtt", "name: a, discovery: \"home assistant\"", "expected levels"),
    ("mqtt", "name: a, allow_private: true", "unknown key"),
    ("commands", "name: a", "program is missing"),
    ("commands", "name: a, program: sh", "path of a program, from /"),
    ("commands", "name: a, program: /nonexistent", "not a program that this user may run"),
    ("commands", "name: a, program: /tmp", "not a program that this user may run"),
    ("commands", "name: a, program: /etc/passwd", "not a program that this user may run"),
    ("commands", "name: a, \(program), argumants: [x]", "did you mean \"arguments\""),
    ("commands", "name: a, \(program), arguments: x: 1", "not valid YAML"),
    ("commands", "name: a, \(program), arguments: {x: 1}", "list like [a, b]"),
    ("commands", "name: a, \(program), allow_private: true", "unknown key \"allow_private\""),
    ("webhooks", "name: a, url: \"https://x\", secret_file: token, format: cloudevent", "one of standard, cloudevents"),
  ]

  @Test(arguments: rows) func mistakes(_ row: (list: String, item: String, words: String)) throws {
    let found = problems("alerts:\n  \(row.list): [{\(row.item)}]", directory: scratch.path)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.english.contains(row.words) == true, "\(found)")
    if found.first?.key.isEmpty == false { #expect(found.first?.place == .file("s.yaml", line: 2)) }
    // A URL with a key in it is never repeated.
    #expect(!"\(found)".contains("geheim"))
  }

  @Test func aProgramThatOthersMayChangeIsRefused() throws {
    let path = try scratch.write("p", "#!/bin/sh\n", mode: 0o722)
    let yaml = "alerts: {commands: [{name: a, program: \"\(path)\"}]}"
    #expect(problems(yaml).first?.english.contains("chmod go-w \(path)") == true)
    try scratch.write("p", "#!/bin/sh\n", mode: 0o700)
    #expect(problems(yaml).isEmpty)
  }

  /// What is sent must not come back as readings: a pattern without {quantity} takes every topic of its form.
  @Test(arguments: [
    ("water/{municipality}/{zone}/{sensor}/#", "water", false), ("water/{municipality}/{zone}/{sensor}/+", "water", false),
    ("water/{municipality}/{zone}/{sensor}/+", "mizumori/alerts", true), ("water/{municipality}/{zone}/{sensor}", "water", true),
    ("water/{municipality}/{zone}/{sensor}/value", "water", true),
  ]) func alertsDoNotComeBackAsReadings(_ row: (pattern: String, prefix: String, isFine: Bool)) {
    let found = problems(
      """
      topics: [{pattern: "\(row.pattern)", quantity: flow}]
      alerts:
        mqtt:
          - {name: a, topic_prefix: \(row.prefix)}
      """)
    #expect(found.map(\.key) == (row.isFine ? [] : ["alerts.mqtt[0].topic_prefix"]), "\(found)")
    if !row.isFine { #expect(found.first?.place == .file("s.yaml", line: 4)) }
  }

  @Test func namesDifferOverAllLists() throws {
    let found = problems(
      """
      alerts:
        webhooks: [{name: a, url: "https://x", secret_file: token}]
        teams: [{name: b, url_file: url}]
        commands:
          - {name: c, program: /bin/sh}
          - {name: a, program: /bin/sh}
        line: [{name: b, \(Self.line)}]
      """, directory: scratch.path)
    #expect(found.map(\.key) == ["alerts.commands[1].name", "alerts.line[0].name"])
    #expect(found.map(\.place) == [.file("s.yaml", line: 6), .file("s.yaml", line: 7)])
    #expect(found[0].english.contains("webhooks") && found[1].english.contains("teams"))
  }

  @Test func everythingIsRead() throws {
    let s = try read(
      """
      alerts:
        webhooks: [{name: w, url: "https://x/", secret_file: token, format: cloudevents}]
        teams: [{name: t, url_file: url, types: [leak.opened], timeout_s: 5}]
        slack: [{name: s, url_file: plain, allow_private: true}]
        line: [{name: l, \(Self.line), base_url: "http://127.0.0.1:9/", allow_addresses: [127.0.0.1]}]
        commands: [{name: c, program: /bin/sh, arguments: [-c, "exit 0", 1]}]
      web: {public_url: "https://mizumori.example.jp/"}
      """, directory: scratch.path)
    let sinks = s.alerts.sinks
    #expect(sinks.map(\.name) == ["w", "t", "s", "l", "c"])
    #expect(sinks.map(\.kind.key) == ["webhooks", "teams", "slack", "line", "commands"])
    #expect(sinks[1].types == ["leak.opened"] && sinks[1].timeoutSeconds == 5)
    #expect(sinks[2].allowsPrivate && sinks[3].allowedAddresses == ["127.0.0.1"])
    guard case .webhook(let w) = sinks[0].kind, case .teams(let url) = sinks[1].kind, case .line(let l) = sinks[3].kind,
      case .command(let c) = sinks[4].kind
    else {
      Issue.record("\(sinks)")
      return
    }
    #expect(w.format == .cloudevents)
    #expect(url.text == "https://example.com/hook?sig=geheim")
    #expect(l.baseURL == "http://127.0.0.1:9" && l.token.text == "geheim")
    #expect(c.arguments == ["-c", "exit 0", "1"])
    #expect(s.web.publicURL == "https://mizumori.example.jp")
    var dumped = ""
    dump(s, to: &dumped)
    #expect(!"\(s)\(dumped)".contains("geheim"))
  }

  @Test(arguments: ["mizumori.example.jp", "ftp://x", "https://x/?a=1", "https://x/<b>", "https://u@x"])
  func publicAddressesAreAddresses(_ text: String) {
    #expect(problems("web: {public_url: \"\(text)\"}").map(\.key) == ["web.public_url"])
  }
}
