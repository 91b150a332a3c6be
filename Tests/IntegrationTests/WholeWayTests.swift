import Alerts
import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing
import TownModel

/// A town with a burst, from the simulator through the broker into the service: stored, judged, told, shown. And told once, also across restarts.
@Suite(.serialized)
struct WholeWayTests {
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

  @Test func aBurstIsStoredJudgedToldOnceAndShown() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 100000", "max_inflight_messages 500"])
    let receiver = try HTTPReceiver([.init(500), .init(204)])
    let teams = try HTTPReceiver([.init(202)])
    let home = try TemporaryDirectory()
    let key = "whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString()
    let service = try RunningService(
      directory: home.path, brokerPort: broker.port,
      extra: """
        alerts:
          webhooks:
            - name: hook
              url: "http://127.0.0.1:\(receiver.port)/x"
              secret_file: hook.secret
              allow_addresses: ["127.0.0.1"]
          teams: [{ name: teams, url_file: teams.url, allow_addresses: ["127.0.0.1"], group: false, repeat_h: 0 }]
          mqtt: [{ name: broker, discovery: homeassistant }]
          commands: [{ name: tee, program: /usr/bin/tee, arguments: [-a, "\(home.path)/told.jsonl"], group: false, repeat_h: 0 }]
        """)
    try service.write(key, to: "hook.secret")
    try service.write("http://127.0.0.1:\(teams.port)/?sig=Kx7QpZ92mfT4vLs8", to: "teams.url")
    try service.start()
    #expect(service.waitReady())

    let town = Town(try Scenario(yaml: WholeWayTests.scenario, file: "test"), seed: 11)
    // The service dies in the middle of the leak and comes back.
    let half = town.readings.firstIndex { $0.time >= town.start.adding(seconds: 22 * 86_400) } ?? 0
    try publish(town, 0..<half, port: broker.port)
    let reader = try StoreReader(directory: service.dataDirectory)
    #expect(eventually(seconds: 30) { (try? reader.figures().readings) ?? 0 >= half })
    service.kill9()
    try service.start()
    try publish(town, half..<town.readings.count, port: broker.port)
    #expect(eventually(seconds: 30) { (try? reader.figures().readings) ?? 0 >= town.readings.count })

    // The first answer was 500: the same id comes again after 5 s; what came in between did not wait for it.
    #expect(
      eventually(seconds: 20) {
        receiver.requests.filter { $0.headers["webhook-id"] == receiver.requests[0].headers["webhook-id"] }.count == 2
      })
    let requests = receiver.requests
    for r in requests {
      #expect(
        StandardWebhooks.verify(
          id: r.headers["webhook-id"] ?? "", timestamp: r.headers["webhook-timestamp"] ?? "", body: r.body,
          signatures: r.headers["webhook-signature"] ?? "", secrets: [try #require(StandardWebhooks.Secret(key))]))
    }
    let first = try #require(try JSONSerialization.jsonObject(with: Data(requests[0].body)) as? [String: Any])
    #expect(first["type"] as? String == "leak.opened")

    // One leak, at the right meter, near its true begin and size.
    var filter = StoreReader.EventFilter()
    filter.leaksOnly = true
    let leaks = try reader.events(filter)
    #expect(leaks.count == 1)
    let leak = try #require(leaks.first)
    #expect(leak.sensor.sensor == "m1" && leak.isOpen)
    #expect(abs(leak.last.onset.since(town.start.adding(seconds: 20 * 86_400 + 43_200))) < 6 * 3_600_000)
    #expect(abs(leak.last.excess - 5) < 1.5)

    let page = try #require(service.get("/api/v1/overview"))
    #expect(page.status == 200)
    let overview = try #require(try JSONSerialization.jsonObject(with: Data(page.body.utf8)) as? [String: Any])
    let meters = try #require(overview["meters"] as? [[String: Any]])
    #expect(meters.first?["id"] as? String == "test/east/m1/flow")
    #expect(meters.first?["state"] as? String == "leak")
    #expect(meters.last?["state"] as? String == "normal")
    try lookAt(leak, service)
    // The meter stands as leaking for whoever asks the broker, and what we publish ourselves is nobody's mistake.
    let state = try #require(try MosquittoBroker.retained("water/test/east/m1/leak", port: broker.port))
    #expect(state.contains("\"state\":\"ON\"") && state.contains(leak.eventKey))
    #expect(try MosquittoBroker.retained("homeassistant/device/mizumori_test_east_m1/config", port: broker.port) != nil)
    #expect(try MosquittoBroker.retained("water/test/west/m2/leak", port: broker.port) == nil)
    #expect(try #require(service.get("/metrics")).body.contains("topic_mismatch") == false)
    #expect(service.stop() == 0)

    // The log has each transition once, in order, and nothing else.
    let log = try String(contentsOfFile: service.dataDirectory + "/events.jsonl", encoding: .utf8)
    let expected = try reader.outbox(after: 0, limit: 10_000).map(\.transitionKey)
    let keys = try log.split(separator: "\n").map { line -> String in
      let o = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return try #require((o["data"] as? [String: Any])?["id"] as? String)
    }
    #expect(keys == expected)
    #expect(Set(keys).count == keys.count)
    // No transition was told twice, but for one that may have been in flight at the kill: whether it arrived nobody could write down.
    let ids = receiver.requests.dropFirst().compactMap { $0.headers["webhook-id"] }
    #expect(ids.count - Set(ids).count <= 1)
    // The other receivers got the same transitions, across the kill.
    let told = try String(contentsOfFile: home.path + "/told.jsonl", encoding: .utf8).split(separator: "\n").map { line -> String in
      let o = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return try #require((o["data"] as? [String: Any])?["id"] as? String)
    }
    #expect(Set(told) == Set(ids) && told.count - Set(told).count <= 1)
    let cards = teams.requests.map(\.body)
    #expect(Set(cards).count == Set(ids).count && cards.count - Set(cards).count <= 1)
    #expect(!service.log.contains("Kx7QpZ"))
  }

  /// The same leak, called repaired on the command line while the service runs: over its API, into the engine, to the webhook and the page.
  @Test func whatPeopleSayIsDoneAndTold() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 100000", "max_inflight_messages 500"])
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    let town = Town(try Scenario(yaml: WholeWayTests.scenario, file: "test"), seed: 11)
    let until = town.readings.firstIndex { $0.time >= town.start.adding(seconds: 22 * 86_400) } ?? 0
    try publish(town, 0..<until, port: broker.port)
    let reader = try StoreReader(directory: service.dataDirectory)
    var filter = StoreReader.EventFilter()
    filter.leaksOnly = true
    #expect(eventually(seconds: 30) { (try? reader.events(filter).first?.isOpen) ?? false })
    #expect(eventually(seconds: 30) { (try? reader.figures().readings) ?? 0 >= until })

    func act(_ arguments: [String]) throws -> RunningCommand {
      try RunningCommand("mizumori", ["action"] + arguments + ["--settings", service.settingsFile])
    }
    let sensor = "test/east/m1/flow"
    let done = try act(["repaired", sensor, "--by", "山田", "--note", "本管を修理"])
    #expect(try done.finish() == 0, "\(done.output)")
    #expect(try reader.events(filter).first?.isOpen == false)
    #expect(
      try eventually(seconds: 10) {
        let log = try String(contentsOfFile: service.dataDirectory + "/events.jsonl", encoding: .utf8)
        return log.contains("\"action\":\"repaired\"") && log.contains("修理済と記録されました")
      })
    let page = try #require(service.get("/api/v1/meters/\(sensor)"))
    #expect(page.body.contains("本管を修理") && page.body.contains("山田"))
    // There is nothing left to repair.
    #expect(try act(["repaired", sensor]).finish() == 66)
    #expect(try act(["repaired", "test/east/none/flow"]).finish() == 66)
    #expect(try act(["dance", sensor]).finish() == 64)
    #expect(try act(["planned_work", sensor]).finish() == 66)
    #expect(service.stop() == 0)
    // While no service runs the command writes by itself; the next start knows it.
    let works = try act(["planned_work", sensor, "--from", "2030-01-01T09:00", "--to", "2030-01-01T12:00"])
    #expect(try works.finish() == 66, "more than a year ahead")
    let seen = try act(["acknowledged", sensor])
    #expect(try seen.finish() == 0, "\(seen.output)")
    try service.start()
    #expect(service.waitReady())
    #expect(try #require(service.get("/api/v1/meters/\(sensor)")).body.contains("acknowledged"))
    #expect(service.stop() == 0)
  }

  private func publish(_ town: Town, _ range: Range<Int>, port: Int) throws {
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: port, clientID: "town"))
    try publisher.connect()
    for r in town.readings[range] { try publisher.publish(topic: town.topic(r.meter), payload: r.payload(offset: 32_400)) }
    try publisher.flush()
    publisher.disconnect()
  }

  @Test func theBrokerRestartsAndTheServiceHearsAgain() throws {
    let broker = try MosquittoBroker()
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    try service.start()
    #expect(service.waitReady())
    broker.stop()
    #expect(eventually(seconds: 10) { service.get("/readyz")?.status == 503 })
    try broker.start()
    #expect(service.waitReady(seconds: 15))
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "p"))
    try publisher.connect()
    try publisher.publish(topic: "water/test/zone/m/flow", payload: "{\"ts\":\"2026-01-01T00:00:00+09:00\",\"value\":12.5}")
    try publisher.flush()
    #expect(eventually(seconds: 10) { service.get("/metrics")?.body.contains("mizumori_readings_total 1\n") ?? false })
    #expect(service.stop() == 0)
  }

  /// The same leak as the API, its document and the data platform show it.
  private func lookAt(_ leak: StoredEvent, _ service: RunningService) throws {
    func json(_ path: String) throws -> Any {
      let answer = try #require(service.get(path), "\(path)")
      #expect(answer.status == 200, "\(path): \(answer.body)")
      return try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
    }
    let event = try #require(try json("/api/v1/events/\(leak.eventKey)") as? [String: Any])
    #expect((event["history"] as? [[String: Any]])?.first?["change"] as? String == "opened")
    #expect((event["reasons"] as? [String: [String]])?["ja"]?.contains { $0.hasPrefix("なぜ漏水か") } == true)
    #expect((event["deliveries"] as? [[String: Any]])?.contains { $0["endpoint"] as? String == "hook" } == true)
    let entities = try #require(try json("/ngsi-ld/v1/entities?type=WaterLeak&options=keyValues") as? [[String: Any]])
    #expect(entities.map { $0["id"] as? String } == ["urn:ngsi-ld:WaterLeak:\(leak.eventKey)"])
    #expect(entities.first?["meter"] as? String == "urn:ngsi-ld:WaterMeter:test:east:m1:flow")
    #expect(abs((entities.first?["lostFlow"] as? Double ?? 0) - 5) < 1.5)
    let meter = try #require(try json("/ngsi-ld/v1/entities/urn:ngsi-ld:WaterMeter:test:east:m1:flow") as? [String: Any])
    #expect((meter["flow"] as? [String: Any])?["unitCode"] as? String == "MQH")
    #expect((try json("/api/v1/openapi.json") as? [String: Any])?["openapi"] as? String == "3.1.0")
    #expect(service.get("/ngsi-ld/v1/entities")?.status == 400)
  }
}
