import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing
import TownModel

/// What a person does at the page's desk, over the API of the running service: works, deliveries, cards. And that a restart forgets none of it.
@Suite(.serialized)
struct DeskTests {
  private static let scenario = """
    municipality: test
    days: 24
    interval_s: 600
    meters:
      - { id: m1, zone: east, mean_m3h: 12, noise: 0.06, night: 0.4 }
      - { id: m2, zone: west, mean_m3h: 8, noise: 0.06, night: 0.4 }
    events:
      - { kind: burst, meter: m1, day: 20.5, hours: 200, flow_m3h: 5 }
    """

  private let broker: MosquittoBroker
  private let home: TemporaryDirectory
  private let town: Town

  init() throws {
    broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 100000", "max_inflight_messages 500"])
    home = try TemporaryDirectory()
    town = Town(try Scenario(yaml: Self.scenario, file: "test"), seed: 11)
  }

  /// Publishes the readings before a day of the scenario, and waits until they are stored.
  private func publish(from first: Double, to last: Double, _ service: RunningService) throws {
    let readings = town.readings.filter { r in
      let day = Double(r.time.since(town.start)) / 86_400_000
      return day >= first && day < last
    }
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "town"))
    try publisher.connect()
    for r in readings { try publisher.publish(topic: town.topic(r.meter), payload: r.payload(offset: 32_400)) }
    try publisher.flush()
    publisher.disconnect()
    let newest = try #require(readings.last).time
    #expect(eventually(seconds: 60) { (try? newestTime(service)) == newest })
  }

  private func newestTime(_ service: RunningService) throws -> Timestamp? {
    let reader = try StoreReader(directory: service.dataDirectory)
    return try reader.sensors().compactMap { try reader.extent($0.slot)?.last }.max()
  }

  private func time(day: Double) -> Timestamp { town.start.adding(milliseconds: Int64(day * 86_400_000)) }

  @Test func aWorkIsPlannedSeenAndCancelled() throws {
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    try publish(from: 0, to: 16, service)
    let (from, to) = (time(day: 16.5), time(day: 16.75))
    let window = "\"from\":\"\(from.iso8601(offset: 32_400))\",\"to\":\"\(to.iso8601(offset: 32_400))\""
    let planned = try service.post("works", "{\"zones\":[\"test/east\"],\(window),\"note\":\"洗管\",\"by\":\"山田\"}")
    #expect(planned.status == 201 && planned.json["sensors"] as? [String] == ["test/east/m1/flow"], "\(planned.body)")
    func windows() throws -> [[String: Any]] {
      let path = "works?from=\(from.milliseconds - 86_400_000)&to=\(to.milliseconds + 86_400_000)"
      return try #require(try service.ask(path).json["windows"] as? [[String: Any]])
    }
    let shown = try #require(try windows().first)
    #expect(shown["state"] as? String == "planned" && shown["by"] as? String == "山田" && shown["note"] as? String == "洗管")
    // In the detector: it stands at the meter, and the graph shades it.
    func workFrom(at meter: String) throws -> String? { try service.ask("meters/\(meter)").json["workFrom"] as? String }
    #expect(try workFrom(at: "test/east/m1/flow") == from.iso8601(offset: 32_400) && workFrom(at: "test/west/m2/flow") == nil)
    // It is there after a restart.
    #expect(service.stop() == 0)
    try service.start()
    #expect(service.waitReady())
    #expect(try workFrom(at: "test/east/m1/flow") == from.iso8601(offset: 32_400))
    let list = try RunningCommand("mizumori", ["works", "--settings", service.settingsFile])
    #expect(try list.finish() == 0 && list.out.contains("予定") && list.out.contains("test/east/m1/flow") && list.out.contains("山田、洗管"))
    let cancelled = try service.post("works/cancel", "{\"sensors\":[\"test/east/m1/flow\"],\(window)}")
    #expect(cancelled.status == 200, "\(cancelled.body)")
    #expect(try windows().map { $0["state"] as? String } == ["cancelled"] && workFrom(at: "test/east/m1/flow") == nil)
    #expect(try service.post("works/cancel", "{\"sensors\":[\"test/east/m1/flow\"],\(window)}").status == 409)
    #expect(try service.post("works", "{\"zones\":[\"test/none\"],\(window)}").json["code"] as? String == "zone_unknown")
    // A recurring one of the page is planned by the ingest thread, and ended.
    let recurring = try service.post("works/recurring", #"{"name":"点検","zones":["test/west"],"from":"10:00","to":"11:00"}"#)
    let id = try #require(recurring.json["id"] as? Int)
    #expect(try eventually(seconds: 10) { try workFrom(at: "test/west/m2/flow") != nil })
    #expect(try service.post("works/recurring/\(id)/end", "{}").status == 204)
    #expect(try eventually(seconds: 10) { try workFrom(at: "test/west/m2/flow") == nil })
    #expect(service.stop() == 0)
  }

  @Test func aFailedDeliveryIsListedAndReplayed() throws {
    // Gone once: it is disabled, and the delivery stands in the failed list.
    let receiver = try HTTPReceiver([.init(410), .init(204)])
    let service = try RunningService(
      directory: home.path, brokerPort: broker.port,
      extra: """
        alerts:
          webhooks: [{ name: hook, url: "http://127.0.0.1:\(receiver.port)/x", secret_file: hook.secret, allow_addresses: ["127.0.0.1"] }]
        """)
    try service.write("whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString(), to: "hook.secret")
    try service.start()
    #expect(service.waitReady())
    try publish(from: 0, to: 22, service)
    #expect(try eventually(seconds: 20) { try !service.list("deliveries?state=failed").isEmpty })
    let failed = try service.list("deliveries?state=failed")
    let delivery = try #require(failed.first)
    let (id, webhookID) = (try #require(delivery["id"] as? Int), try #require(delivery["webhookID"] as? String))
    #expect(delivery["endpoint"] as? String == "hook" && delivery["lastStatus"] as? Int == 410 && delivery["kind"] as? String == "burst")
    #expect(receiver.requests.first?.headers["webhook-id"] == webhookID && receiver.requests.count == 1)
    #expect(try service.list("endpoints").first?["disabled"] as? String != nil)
    // The event shows it, too.
    let key = try #require(delivery["event"] as? String)
    let event = try service.ask("events/\(key)").json
    #expect((event["deliveries"] as? [[String: Any]])?.contains { $0["id"] as? Int == id } == true)
    let command = try RunningCommand("mizumori", ["events", "show", key, "--settings", service.settingsFile])
    #expect(try command.finish() == 0 && command.out.contains("#\(id)") && command.out.contains("failed"), "\(command.output)")
    #expect(try service.post("endpoints/hook/enable", "{}").status == 204)
    #expect(try service.post("deliveries/\(id)/replay", "{}").status == 204)
    #expect(
      eventually(seconds: 10) {
        receiver.requests.contains { $0.headers["webhook-id"] == webhookID && $0.body == receiver.requests[0].body }
          && receiver.requests.count > 1
      })
    #expect(
      try eventually(seconds: 10) {
        try service.list("deliveries?event=\(key)").contains { $0["id"] as? Int == id && $0["state"] as? String == "delivered" }
      })
    #expect(try service.post("deliveries/\(id)/replay", "{}").status == 409)
    #expect(receiver.requests.filter { $0.headers["webhook-id"] == webhookID }.count == 2)
    // Somebody says on the command line that it has been seen.
    let seen = try RunningCommand(
      "mizumori", ["events", "acknowledge", key, "--by", "佐藤", "--note", "向かいます", "--settings", service.settingsFile])
    #expect(try seen.finish() == 0, "\(seen.output)")
    #expect(try service.ask("events/\(key)").body.contains("向かいます"))
    let list = try RunningCommand("mizumori", ["events", "--open", "--leaks", "--settings", service.settingsFile])
    #expect(try list.finish() == 0 && list.out.contains(key) && list.out.contains("確認済"), "\(list.output)")
    #expect(service.stop() == 0)
  }

  @Test func aCardChangesTheNameAndWhatIsWorthAMessage() throws {
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    try publish(from: 0, to: 20, service)
    let path = "meters/test/east/m1/flow"
    let set = try service.post("\(path)/card", #"{"name":"東配水池 流入","zoneName":"東町","minimumLeakM3h":50,"note":"弁室の中"}"#)
    #expect(set.status == 200 && set.json["name"] as? String == "東配水池 流入", "\(set.body)")
    func overviewNames() throws -> Bool {
      let body = try service.ask("overview").body
      return body.contains("東配水池 流入") && body.contains("東町")
    }
    #expect(try overviewNames())
    #expect(try service.post("\(path)/card", #"{"minimumLeakM3h":-1}"#).json["code"] as? String == "minimum_leak")
    // A burst of 5 m³/h is not worth a message now.
    #expect(service.stop() == 0)
    try service.start()
    #expect(service.waitReady())
    #expect(try overviewNames())
    try publish(from: 20, to: 22, service)
    #expect(try service.list("events?leaks=true").isEmpty)
    let sensors = try service.list("sensors")
    let m1 = try #require(sensors.first { $0["id"] as? String == "test/east/m1/flow" })
    #expect((m1["card"] as? [String: Any])?["minimumLeakM3h"] as? Double == 50 && m1["name"] as? String == "東配水池 流入")
    #expect((m1["file"] as? [String: Any])?["minimumLeakM3h"] as? Double == 0.2)
    // From the command line, while the service runs: back to the file, and the leak is told.
    let command = try RunningCommand(
      "mizumori", ["sensors", "set", "test/east/m1/flow", "--minimum-leak", "", "--name", "東 1", "--settings", service.settingsFile])
    #expect(try command.finish() == 0, "\(command.output)")
    #expect(try service.ask(path).body.contains("東 1"))
    // The ingest thread takes it at its next tick, within a second; two days of readings come faster than that.
    Thread.sleep(forTimeInterval: 2.5)
    try publish(from: 22, to: 24, service)
    #expect(try eventually(seconds: 20) { try service.list("events?leaks=true").count == 1 })
    let list = try RunningCommand("mizumori", ["sensors", "--settings", service.settingsFile])
    #expect(try list.finish() == 0 && list.out.hasPrefix("異常 / leak  test/east/m1/flow（東町 東 1）"), "\(list.output)")
    for arguments in [["test/east/m1/flow", "--range", "5"], ["test/east/m1/flow", "--parent", "test/east/m1/flow"], ["m1"]] {
      let wrong = try RunningCommand("mizumori", ["sensors", "set"] + arguments + ["--settings", service.settingsFile])
      #expect(try wrong.finish() == 64, "\(arguments): \(wrong.output)")
    }
    let system = try service.ask("system").json
    #expect(system["isConnected"] as? Bool == true && system["broker"] as? String == "127.0.0.1:\(broker.port)")
    #expect((system["readingsPerMinute"] as? Double ?? 0) > 100 && (system["rssBytes"] as? Int ?? 0) > 10 << 20)
    #expect(service.stop() == 0)
  }
}

/// An answer of the API.
struct ServiceAnswer {
  let status: Int
  let body: String

  var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:] }
}

extension RunningService {
  /// GET below `/api/v1/`.
  func ask(_ path: String) throws -> ServiceAnswer {
    let answer = try #require(get("/api/v1/" + path))
    return ServiceAnswer(status: answer.status, body: answer.body)
  }

  func list(_ path: String) throws -> [[String: Any]] {
    let answer = try ask(path)
    try #require(answer.status == 200, "\(path): \(answer.body)")
    return try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [[String: Any]])
  }

  /// POST of JSON below `/api/v1/`.
  func post(_ path: String, _ body: String) throws -> ServiceAnswer {
    let head = [
      "POST /api/v1/\(path) HTTP/1.1", "Host: localhost", "Connection: close", "Content-Type: application/json",
      "Content-Length: \(body.utf8.count)",
    ]
    let text = try #require(HTTPProbe.exchange(port: pagePort, head.joined(separator: "\r\n") + "\r\n\r\n" + body, seconds: 20))
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
    return ServiceAnswer(status: Int(text.dropFirst(9).prefix(3)) ?? 0, body: parts.count > 1 ? String(parts[1]) : "")
  }
}
