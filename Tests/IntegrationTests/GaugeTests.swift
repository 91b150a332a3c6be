import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing

/// Flow, pressure, level and temperature through the broker: a burst that is told with its fall of pressure, a tank's balance, a frost.
@Suite(.serialized)
struct GaugeTests {
  /// −1 … 1, the same on every machine.
  private struct Dice {
    var state: UInt64 = 21
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 30) - 1
    }
  }

  private static let days = 17
  private static let start = Timestamp(iso8601: "2026-01-05T00:00:00+09:00")!

  private func publish(_ days: Range<Int>, _ dice: inout Dice, port: Int) throws {
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: port, clientID: "town"))
    try publisher.connect()
    for step in days.lowerBound * 144..<days.upperBound * 144 {
      let day = Double(step) / 144
      let hour = (day - day.rounded(.down)) * 24
      let shape = 0.5 + (hour > 6 && hour < 22 ? 0.7 : 0) + 0.5 * max(0, 1 - abs(hour - 19) / 3)
      let isCold = day > 12.75 && day < 13.4
      let isBurst = day >= 15.6
      let out = 20 * shape * (1 + 0.03 * dice.next()) + (isBurst ? 6 : 0) + (isCold ? 5 : 0)
      let values: [(String, Double)] = [
        ("west/out/flow", out), ("west/in/flow", out + 0.2 * dice.next()), ("west/tank/level", 2.5 + 0.004 * dice.next()),
        ("west/p/pressure", 400 - 12 * shape + dice.next() - (isBurst ? 30 : 0)),
        ("east/m/flow", 9 * shape * (1 + 0.03 * dice.next()) + (isCold ? 2.5 : 0)),
        ("hall/air/temperature", (isCold ? -7 : 5) + dice.next()),
      ]
      let time = Self.start.adding(seconds: Int64(step) * 600).iso8601(offset: 32_400)
      for (sensor, value) in values {
        try publisher.publish(topic: "water/test/\(sensor)", payload: "{\"ts\":\"\(time)\",\"value\":\((value * 1000).rounded() / 1000)}")
      }
    }
    try publisher.flush()
    publisher.disconnect()
  }

  @Test func allOfItComesThrough() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 100000", "max_inflight_messages 500"])
    let receiver = try HTTPReceiver([.init(204)])
    let home = try TemporaryDirectory()
    let service = try RunningService(
      directory: home.path, brokerPort: broker.port,
      extra: """
        tanks:
          test/west/tank: {name: 西配水池, level: test/west/tank/level, area_m2: 80, inlets: [test/west/in/flow], outlets: [test/west/out/flow]}
        alerts:
          webhooks: [{name: hook, url: "http://127.0.0.1:\(receiver.port)/x", secret_file: hook.secret, allow_addresses: ["127.0.0.1"]}]
        """)
    try service.write("whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString(), to: "hook.secret")
    try service.start()
    #expect(service.waitReady())
    var dice = Dice()
    let reader = try StoreReader(directory: service.dataDirectory)
    func stored() -> Int64 { (try? reader.figures().readings) ?? 0 }
    try publish(0..<13, &dice, port: broker.port)
    #expect(eventually(seconds: 60) { stored() >= 13 * 144 * 6 }, service.said)
    // In the middle of the frost the power fails.
    service.kill9()
    try service.start()
    try publish(13..<Self.days, &dice, port: broker.port)
    #expect(eventually(seconds: 60) { stored() >= Self.days * 144 * 6 }, service.said)
    // Told once: the burst behind the outlet, with its pressure. Neither the frost nor the tank.
    func opened() throws -> [[String: Any]] {
      try receiver.requests.map { try #require(try JSONSerialization.jsonObject(with: Data($0.body)) as? [String: Any]) }
        .filter { $0["type"] as? String == "leak.opened" }.compactMap { $0["data"] as? [String: Any] }
    }
    #expect(try eventually(seconds: 60) { try opened().count >= 2 }, service.said)
    let told = try opened()
    #expect(Set(told.compactMap { $0["sensor"] as? String }) == ["test/west/out/flow", "test/west/in/flow"], "\(told)")
    let leak = try #require(told.first { $0["sensor"] as? String == "test/west/out/flow" })
    #expect(abs((leak["pressure_drop_kpa"] as? Double ?? 0) - 30) < 6 && leak["pressure_gauge"] as? String == "p")
    #expect((leak["evidence"] as? [String])?.contains("pressure_drop") == true)
    // What is no leak stands among the events.
    func kinds(_ kind: EventKind) throws -> Int {
      var filter = StoreReader.EventFilter()
      filter.kind = kind
      return try reader.events(filter).count
    }
    let (frosts, common, falls) = (try kinds(.freezing), try kinds(.commonCause), try kinds(.pressureFall))
    #expect(frosts == 1 && common == 1 && falls >= 1, "\(frosts) \(common) \(falls)")
    let balance = try #require(service.get("/api/v1/meters/test/west/tank-balance/flow"))
    #expect(balance.status == 200 && balance.body.contains("西配水池の水収支") && balance.body.contains("\"isBalance\":true"))
    #expect(service.get("/api/v1/nights?by=meter")?.body.contains("\"frozen\":[") == true)
    #expect(service.stop() == 0)
  }
}
