import Settings
import Testing

/// Each mistake is named with its line, in both languages, with what to do.
@Suite struct ProblemTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let yaml: String
    let line: Int
    let key: String
    let words: String
    var testDescription: String { yaml }

    init(_ yaml: String, line: Int, _ key: String, _ words: String) {
      self.yaml = yaml
      self.line = line
      self.key = key
      self.words = words
    }
  }

  static let rows: [Row] = [
    Row("brokr: {}", line: 1, "brokr", "did you mean \"broker\""),
    Row("broker:\n  host: a\n  prot: 1", line: 3, "broker.prot", "did you mean \"port\""),
    Row("broker:\n  usernmae: a", line: 2, "broker.usernmae", "did you mean \"username\""),
    Row("web:\n  qqqqqqqqqqqq: 1", line: 2, "web.qqqqqqqqqqqq", "known here: enabled, address, login, port, allowed_hosts"),
    Row("sensors:\n  a/b/c/flow:\n    nmae: x", line: 3, "sensors.a/b/c/flow.nmae", "did you mean \"name\""),
    Row("topics:\n  - pattern: x\n    quantitty: flow", line: 3, "topics[0].quantitty", "did you mean \"quantity\""),
    Row("broker:\n\n  port: abc", line: 3, "broker.port", "whole number from 1 to 65535, found \"abc\""),
    Row("broker: {port: 70000}", line: 1, "broker.port", "65535"),
    Row("broker: {port: [1]}", line: 1, "broker.port", "found a list"),
    Row("broker: x", line: 1, "broker", "key: value"),
    Row("- a", line: 1, "", "key: value"),
    Row("broker: {protocol: 4}", line: 1, "broker.protocol", "one of 5, 3.1.1"),
    Row("broker: {status_topic: a/+}", line: 1, "broker.status_topic", "without + and #"),
    Row("utility: {utc_offset: JST}", line: 1, "utility.utc_offset", "\"+09:00\""),
    Row("utility: {municipality: 伊那}", line: 1, "utility.municipality", "A–Z"),
    Row("utility: {language: fr}", line: 1, "utility.language", "one of ja, en"),
    Row("utility: {towns: [ina]}", line: 1, "utility.towns", "expected entries like"),
    Row("utility:\n  towns:\n    \"i n a\": 伊那市", line: 3, "utility.towns.i n a", "expected an entry like"),
    Row("utility:\n  towns: {ina: [伊那市]}", line: 2, "utility.towns.ina", "expected an entry like"),
    Row("utility: {price_yen_per_m3: nan}", line: 1, "utility.price_yen_per_m3", "number from"),
    Row("utility: {name: {a: b}}", line: 1, "utility.name", "one line of text"),
    Row("detection:\n  night_start: \"04:00\"\n  night_end: \"01:00\"", line: 3, "detection.night_end", "later than night_start"),
    Row("detection: {night_start: \"25:00\"}", line: 1, "detection.night_start", "hours and minutes"),
    Row("works:\n  - name: x", line: 2, "works[0].from", "from is missing"),
    Row("works:\n  - {name: x, from: \"01:00\", to: \"02:00\"}", line: 2, "works[0].zones", "expected zones or sensors"),
    Row("works:\n  - {name: x, zones: [a], from: \"01:00\", to: \"02:00\"}", line: 2, "works[0].zones", "municipality/zone"),
    Row("works:\n  - {name: x, zones: [a/b], from: \"01:00\", to: \"01:00\"}", line: 2, "works[0].to", "must differ"),
    Row("works:\n  - {name: x, sensors: [a/b/c/level], from: \"01:00\", to: \"02:00\"}", line: 2, "works[0].sensors", "flow meter"),
    Row("works:\n  - {name: x, zones: [a/b], from: \"01:00\", to: \"02:00\", weekdays: [tues]}", line: 2, "works[0].weekdays", "mon"),
    Row("works:\n  - {name: x, zones: [a/b], from: \"01:00\", to: \"02:00\", first: soon}", line: 2, "works[0].first", "date"),
    Row("topics: x", line: 1, "topics", "list"),
    Row("topics:\n  - codec: canonical", line: 2, "topics[0].pattern", "pattern is missing"),
    Row("topics:\n  - pattern: a/{town}", line: 2, "topics[0].pattern", "{town} is unknown"),
    Row(
      "topics:\n  - pattern: \"w/{municipality}/{zone}/{sensor}/{quantity}\"\n    codec: senml2", line: 3, "topics[0].codec",
      "one of canonical"),
    Row(
      "topics:\n  - {pattern: \"a/{sensor}\", municipality: a, zone: b, codec: mapping}", line: 2, "topics[0].fields",
      "say where the values stand"),
    Row(
      "topics:\n  - pattern: a/{sensor}\n    municipality: a\n    zone: b\n    codec: mapping\n    fields: {flow: a..b}", line: 6,
      "topics[0].fields.flow", "dots between them"),
    Row(
      "topics:\n  - pattern: a/{sensor}\n    municipality: a\n    zone: b\n    codec: tts\n    fields: {flo: a}", line: 6,
      "topics[0].fields.flo",
      "did you mean \"flow\""),
    Row(
      "topics:\n  - pattern: a/{sensor}\n    municipality: a\n    zone: b\n    codec: tts\n    units: {flow: Cel}", line: 6,
      "topics[0].units.flow", "no unit of flow"),
    Row(
      "topics:\n  - pattern: \"w/{municipality}/{zone}/{sensor}/{quantity}\"\n    fields: {flow: a}", line: 3, "topics[0].fields",
      "only for"),
    Row("sensors:\n  nishi/m01: {}", line: 2, "sensors.nishi/m01", "municipality/zone/sensor/quantity"),
    Row("sensors:\n  a/b/c/flow: {range: [5, 1]}", line: 2, "sensors.a/b/c/flow.range", "[low, high]"),
    Row("sensors:\n  a/b/c/flow: {reverse_flow: maybe}", line: 2, "sensors.a/b/c/flow.reverse_flow", "true or false"),
    Row("zones: {nishi: {}}", line: 1, "zones.nishi", "municipality/zone"),
    Row("zones: {a/b: {inlets: [a/b/c/pressure]}}", line: 1, "zones.a/b.inlets", "flow meter"),
    Row("zones: {a/b: {inlets: [a/b/net/flow]}}", line: 1, "zones.a/b.inlets", "flow meter"),
    Row("zones: {a/b: {outlets: [a/b/c/flow]}}", line: 1, "zones.a/b.inlets", "at least one inlet"),
    Row("zones: {a/b: {inlets: [a/b/c/flow], outlets: [a/b/c/flow]}}", line: 1, "zones.a/b.inlets", "each once"),
    Row("special_days:\n  - 2026-08-13\n  - 2026-02-30", line: 3, "special_days", "found \"2026-02-30\""),
    Row("special_days: [2026-08-14..2026-08-13]", line: 1, "special_days", "span"),
    Row("web:\n  login: false\n  address: 0.0.0.0", line: 3, "web.address", "without a log-in"),
    Row("sensors:\n  a/b/c/flow:\n    parent: a/b/c/flow", line: 3, "sensors.a/b/c/flow.parent", "not the sensor itself"),
    Row("sensors:\n  a/b/c/flow:\n    parent: top", line: 3, "sensors.a/b/c/flow.parent", "meter upstream"),
    Row("web: {allowed_hosts: [a.example, 'b.example:80']}", line: 1, "web.allowed_hosts", "without port"),
    Row("web: {address: 192.168.1.5, login: false}", line: 1, "web.address", "or login: true"),
    Row("web: {login: false, address: 127.0.0.1.example.jp}", line: 1, "web.address", "without a log-in"),
    Row("web: {login: sometimes}", line: 1, "web.login", ""),
    Row("broker: {other_hosts: ['10.0.0.2:0']}", line: 1, "broker.other_hosts", "host:port"),
    Row("broker:\n  other_hosts:\n    - a\n    - mqtt://b", line: 4, "broker.other_hosts", "found \"mqtt://b\""),
    Row("broker: {other_hosts: ['']}", line: 1, "broker.other_hosts", "host:port"),
    Row("broker: {other_hosts: ['[fd00::1', '[]:1', 'a:', ':1']}", line: 1, "broker.other_hosts", "found \":1\""),
    Row("broker: {password_file: nowhere}", line: 1, "broker.password_file", "cannot read the file /etc/mizumori/nowhere"),
    Row("broker: {password_file: $CREDENTIALS_DIRECTORY/p}", line: 1, "broker.password_file", "LoadCredential="),
    Row("broker: {ca_file: /etc}", line: 1, "broker.ca_file", "is a directory"),
    Row("reports:\n  former_burst_day: 3", line: 2, "reports.former_burst_day", "did you mean \"former_burst_days\""),
    Row("reports: {former_burst_days: -1}", line: 1, "reports.former_burst_days", "number from 0.0 to 3650.0"),
    Row("reports: {former_incipient_days: half a year}", line: 1, "reports.former_incipient_days", "number from"),
    Row("a: [1", line: 1, "", "not valid YAML"),
    Row("web:\n  port: 1\n  port: 2", line: 1, "", "stands twice"),
    Row("web: {}\n\tbroker: {}", line: 2, "", "not valid YAML"),
  ]

  @Test(arguments: rows) func mistake(_ row: Row) throws {
    let found = problems(row.yaml)
    let match = found.first { $0.key == row.key && $0.english.contains(row.words) }
    let problem = try #require(match, "found: \(found)")
    guard case .file("s.yaml", let line) = problem.place else {
      Issue.record("\(problem.place)")
      return
    }
    // YAML's own parser reports the place where it gave up, at the mistake or behind it.
    if row.key.isEmpty { #expect(line >= row.line) } else { #expect(line == row.line, "\(problem)") }
    #expect(problem.japanese.unicodeScalars.contains { $0.value >= 0x3040 }, "no Japanese: \(problem)")
    #expect(problem.description.hasPrefix("s.yaml:\(line): "))
  }

  @Test func allAtOnceInTheOrderOfTheFile() {
    let found = problems(
      "web: {address: 0.0.0.0, login: false}\nbroker:\n  prot: 1\n  keep_alive_s: x\nutility: {language: fr}\n", overrides: ["x": "1"])
    #expect(found.map(\.key) == ["web.address", "broker.prot", "broker.keep_alive_s", "utility.language", "x"])
  }

  @Test func passwordNeedsUserAndCertificateNeedsKey() throws {
    let scratch = try ScratchDirectory()
    try scratch.write("p", "geheim\n")
    try scratch.write("c", "x")
    let found = problems("broker: {password_file: p, certificate_file: c}", directory: scratch.path)
    #expect(found.map(\.key) == ["broker.password_file", "broker.certificate_file"])
  }
}
