import Foundation
import Readings
import Store
import TestSupport
import Testing

/// The other commands, as a user calls them: what they print and how they end.
@Suite(.serialized)
struct CommandTests {
  @Test func checkSendsATestMessageThatReceiveShows() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let port = try FreePort.next()
    let hook = """
      alerts:
        webhooks:
          - { name: own, url: "http://127.0.0.1:\(port)/", secret_file: hook.secret, allow_addresses: [127.0.0.1] }
      """
    let service = try RunningService(directory: home.path, brokerPort: broker.port, extra: hook, web: false)
    try service.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "hook.secret")
    let receiver = try RunningCommand("mizumori", ["receive", "--port", "\(port)", "--secret-file", "\(home.path)/hook.secret"])
    #expect(eventually(seconds: 10) { HTTPProbe.get(port: port, path: "/") != nil })
    let check = try RunningCommand("mizumori", ["check", "--settings", service.settingsFile, "--listen", "0", "--send-test"])
    #expect(try check.finish() == 0, "\(check.output)")
    #expect(eventually(seconds: 5) { receiver.output.contains("試しの知らせ") }, "\(receiver.output)")

    // Signed with another key: refused, and not shown.
    try service.write("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", to: "hook.secret")
    let shown = receiver.output
    let forged = try RunningCommand("mizumori", ["check", "--settings", service.settingsFile, "--listen", "0", "--send-test"])
    #expect(try forged.finish() == 69)
    #expect(receiver.output == shown)
    receiver.stop()
  }

  /// Beside the running service, which notices at once.
  @Test func accountsAndTokens() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port, login: true)
    func run(_ arguments: String..., input: String = "") throws -> (code: Int32, command: RunningCommand) {
      let c = try RunningCommand("mizumori", arguments + ["--settings", service.settingsFile], input: input)
      return (try c.finish(), c)
    }
    #expect(try run("account", "add", "sato", "--role", "operator", "--municipality", "ina", input: "correct horse\n").code == 0)
    try service.start()
    #expect(eventually(seconds: 20) { HTTPProbe.get(port: service.pagePort, path: "/readyz")?.status == 200 })
    #expect(HTTPProbe.get(port: service.pagePort, path: "/api/v1/overview")?.status == 401)
    for (arguments, input, code) in [
      (["sato"], "correct horse\n", 66 as Int32), (["abe"], "short\n", 64), (["abe"], "", 64), (["a b"], "correct horse\n", 64),
      (["abe", "--municipality", "a/b"], "correct horse\n", 64), (["abe"], "correct horse\n", 0),
    ] {
      let c = try RunningCommand("mizumori", ["account", "add"] + arguments + ["--settings", service.settingsFile], input: input)
      #expect(try c.finish() == code, "\(arguments): \(c.output)")
    }
    #expect(try run("account", "change", "abe", "--role", "operator").code == 0)
    #expect(try run("account", "list").command.out == "sato\toperator\tina\nabe\toperator\tすべて / all\n")
    #expect(try run("account", "password", "abe", input: "battery staple\n").code == 0)
    #expect(try run("account", "remove", "abe").code == 0 && run("account", "remove", "abe").code == 66)

    let made = try run("token", "add", "grafana", "--scope", "metrics").command.out.trimmingCharacters(in: .newlines)
    func metrics() -> String {
      let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer \(made)\r\n\r\n"
      return String((HTTPProbe.exchange(port: service.pagePort, request) ?? "").prefix(12))
    }
    #expect(made.hasPrefix("mzm_") && metrics() == "HTTP/1.1 200")
    #expect(try run("token", "list").command.out == "grafana\tmetrics\tすべて / all\n")
    #expect(try run("token", "remove", "grafana").code == 0)
    #expect(metrics() == "HTTP/1.1 401")

    // Commands of who may read the data directory need no password: 66 is the service's answer that there is no such meter.
    let said = try run("action", "repaired", "ina/nishi/m01/flow")
    #expect(said.code == 66, "\(said.command.output)")
    let mode = try FileManager.default.attributesOfItem(atPath: service.dataDirectory + "/command.token")[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(service.stop() == 0 && !service.log.contains("\"code\":"), "with an account there is no code: \(service.log)")
  }

  @Test func testSinkTriesOneReceiver() throws {
    let home = try TemporaryDirectory()
    let receiver = try HTTPReceiver([.init(202), .init(404, body: "no_service"), .init(200)])
    let sinks = """
      alerts:
        teams: [{ name: teams, url_file: url, allow_addresses: [127.0.0.1] }]
        slack: [{ name: slack, url_file: url }]
        line: [{ name: line, to: U0123456789abcdef0123456789abcdef, token_file: token, base_url: "http://127.0.0.1:\(receiver.port)", allow_addresses: [127.0.0.1] }]
        commands:
          - { name: good, program: /usr/bin/tee, arguments: ["\(home.path)/in"] }
          - { name: bad, program: /bin/false }
      """
    let service = try RunningService(directory: home.path, brokerPort: 1, extra: sinks, web: false)
    try service.write("http://127.0.0.1:\(receiver.port)/hook/Kx7QpZ92mfT4vLs8\n", to: "url")
    try service.write("Kx7QpZ92mfT4vLs8\n", to: "token")
    func test(_ name: String) throws -> (code: Int32, command: RunningCommand) {
      let command = try RunningCommand("mizumori", ["test-sink", name, "--settings", service.settingsFile])
      let code = try command.finish()
      #expect(!command.output.contains("Kx7QpZ"))
      return (code, command)
    }
    // The URL is not encrypted and Slack's settings list no address: refused before anything is sent.
    let refused = try test("teams")
    #expect(refused.code == 78 && refused.command.error.contains("alerts.slack[0].url_file"), "\(refused.command.output)")
    try service.write(
      try String(contentsOfFile: service.settingsFile, encoding: .utf8).replacingOccurrences(
        of: "name: slack, url_file: url", with: "name: slack, url_file: url, allow_addresses: [127.0.0.1]"), to: "mizumori.yaml")

    let teams = try test("teams")
    #expect(teams.code == 0 && teams.command.out.contains("届きました / delivered: HTTP 202"), "\(teams.command.output)")
    let slack = try test("slack")
    #expect(slack.code == 69 && slack.command.error.contains("HTTP 404: no_service"), "\(slack.command.output)")
    #expect(try test("line").code == 0)
    #expect(receiver.requests.map(\.path) == ["/hook/Kx7QpZ92mfT4vLs8", "/hook/Kx7QpZ92mfT4vLs8", "/v2/bot/message/push"])
    let good = try test("good")
    #expect(good.code == 0, "\(good.command.output)")
    #expect(try String(contentsOfFile: home.path + "/in", encoding: .utf8).hasPrefix("{\"type\":\"test\","))
    let bad = try test("bad")
    #expect(bad.code == 69 && bad.command.error.contains("exit code 1"), "\(bad.command.output)")
    let unknown = try test("nobody")
    #expect(unknown.code == 64 && unknown.command.error.contains("teams, slack, line, good, bad"), "\(unknown.command.output)")
  }

  @Test func backtestReadsWritesAndRefuses() throws {
    let home = try TemporaryDirectory()
    let sim = try RunningCommand("mizumori-sim", ["generate", "--out", "\(home.path)/set", "--seed", "3"])
    #expect(try sim.finish() == 0)
    let run = try RunningCommand("mizumori", ["backtest", "--set", "\(home.path)/set", "--alerts", "\(home.path)/a.jsonl"])
    #expect(try run.finish() == 0, "\(run.output)")
    let lines = try String(contentsOfFile: "\(home.path)/a.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.contains { $0.contains("\"sensor\":\"ryokangai\",\"state\":\"open\"") && $0.contains("\"kind\":\"burst\"") })

    let summary = try RunningCommand(
      "mizumori", ["backtest", "--set", "\(home.path)/set", "--alerts", "\(home.path)/b.jsonl", "--json", "--quiet", "--jobs", "2"])
    #expect(try summary.finish() == 0 && summary.error.isEmpty, "\(summary.error)")
    #expect(summary.output.hasPrefix("{\"series\":14,\"readings\":"), "\(summary.output)")
    let again = try String(contentsOfFile: "\(home.path)/b.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(again == lines)
    let both = try RunningCommand("mizumori", ["backtest", "--set", "\(home.path)/set", "--alerts", "-", "--json"])
    #expect(try both.finish() == 64)

    try "timestamp,value\n2026-01-01T00:00:00+09:00,1\nnonsense\n".write(toFile: "\(home.path)/bad.csv", atomically: true, encoding: .utf8)
    let broken = try RunningCommand("mizumori", ["backtest", "\(home.path)/bad.csv", "--alerts", "-"])
    #expect(try broken.finish() == 66)
    #expect(broken.output.contains("line 3"), "\(broken.output)")
    #expect(try RunningCommand("mizumori", ["backtest", "\(home.path)/none.csv", "--alerts", "-"]).finish() == 66)
    #expect(try RunningCommand("mizumori", ["backtest", "--alerts", "-"]).finish() == 64)
  }

  @Test func explainLooksBack() throws {
    let home = try TemporaryDirectory()
    try #require(try RunningCommand("mizumori-sim", ["generate", "--out", "\(home.path)/set", "--seed", "3"]).finish() == 0)
    let data = ["--set", "data.directory=\(home.path)/data"]
    let file = "\(home.path)/set/series/miyanoue.csv.gz"
    let sensor = "mizumori/uwade/miyanoue/flow"
    let load = try RunningCommand("mizumori", ["import", file, "--sensor", sensor, "--unit", "m3/h", "--write"] + data)
    try #require(try load.finish() == 0, "\(load.output)")
    let before = try RunningCommand("mizumori", ["explain", sensor, "--at", "2025-12-22"] + data)
    #expect(try before.finish() == 0)
    // Judged two readings behind: a gateway may still swap neighbours.
    #expect(before.output.contains("平常 / normal") && before.output.contains("2025-12-22T23:40:00+09:00"), "\(before.output)")
    let during = try RunningCommand("mizumori", ["explain", sensor, "--at", "2025-12-24T12:00", "--json"] + data)
    #expect(try during.finish() == 0)
    #expect(during.output.contains("\"state\":\"burst\"") && during.output.contains("\"name\":\"edge\""), "\(during.output)")
    #expect(try RunningCommand("mizumori", ["explain", "miyanoue"] + data).finish() == 64)
    #expect(try RunningCommand("mizumori", ["explain", "a/b/c/flow"] + data).finish() == 66)
    #expect(try RunningCommand("mizumori", ["explain", sensor, "--at", "soon"] + data).finish() == 64)
  }

  /// What failed is listed with its reason, put back by hand, and a receiver that had answered 410 is taken up again.
  @Test func failedDeliveriesAreListedAndReplayed() throws {
    let home = try TemporaryDirectory()
    let data = ["--set", "data.directory=\(home.path)/data"]
    #expect(try RunningCommand("mizumori", ["deliveries"] + data).finish() == 66)
    let id = try #require(SensorID("t/z/m/flow"))
    let time = Timestamp(seconds: 1_760_000_000)
    let deliveries: DeliveryStore
    do {
      let store = try Store(directory: "\(home.path)/data")
      var batch = IngestBatch()
      batch.newSensors = [(0, id)]
      batch.transitions = [
        Transition(
          slot: 0, kind: .burst, change: .opened, severity: .major, evidence: [.edge], time: time, onset: time, firstOnset: time,
          expected: 8,
          observed: 11, excess: 3, volume: 12, confidence: 0.9, isGrowing: false)
      ]
      try store.commit(batch)
      deliveries = try DeliveryStore(directory: "\(home.path)/data")
      try deliveries.register(endpoint: "hook", fromStart: true)
      #expect(try deliveries.enqueue(endpoint: "hook", kinds: [.burst], now: 1) == 1)
    }
    let row = try #require(try deliveries.nextDue(endpoint: "hook", now: 2))
    try deliveries.record(row.id, .failed(status: 500, error: "HTTP 500: broken"), now: 3)
    try deliveries.disable(endpoint: "hook", reason: "HTTP 410")
    let list = try RunningCommand("mizumori", ["deliveries", "list"] + data)
    #expect(try list.finish() == 0)
    #expect(
      list.out.contains("#\(row.id)") && list.out.contains("t/z/m/flow") && list.out.contains("broken") && list.out.contains("HTTP 410"),
      "\(list.output)")
    let json = try RunningCommand("mizumori", ["deliveries", "--json"] + data)
    #expect(try json.finish() == 0)
    #expect(json.out.contains("\"disabled\":\"HTTP 410\"") && json.out.contains("\"webhook_id\":\"msg_"), "\(json.output)")
    #expect(try RunningCommand("mizumori", ["deliveries", "replay", "999"] + data).finish() == 66)
    #expect(try RunningCommand("mizumori", ["deliveries", "replay"] + data).finish() == 0)
    #expect(try RunningCommand("mizumori", ["deliveries", "enable", "none"] + data).finish() == 66)
    #expect(try RunningCommand("mizumori", ["deliveries", "enable", "hook"] + data).finish() == 0)
    let again = try #require(try deliveries.nextDue(endpoint: "hook", now: .max))
    #expect(again.id == row.id && again.attempts == 0)
  }

  @Test func simulatorSaysWhyItStops() throws {
    let home = try TemporaryDirectory()
    try "meters:\n  - { id: a, zone: z, mean: 3 }\n".write(toFile: "\(home.path)/t.yaml", atomically: true, encoding: .utf8)
    let wrong = try RunningCommand("mizumori-sim", ["generate", "--scenario", "\(home.path)/t.yaml", "--out", "\(home.path)/o"])
    #expect(try wrong.finish() == 78)
    #expect(wrong.output.contains("t.yaml:2") && wrong.output.contains("mean_m3h"), "\(wrong.output)")
    #expect(try RunningCommand("mizumori-sim", ["generate", "--scenario", "/none.yaml", "--out", "\(home.path)/o"]).finish() == 66)
    #expect(try RunningCommand("mizumori-sim", ["run", "--port", "\(try FreePort.next())"]).finish() == 69)
    #expect(try RunningCommand("mizumori-sim", ["run", "--speed", "0"]).finish() == 64)
  }
}
