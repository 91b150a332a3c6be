import Codecs
import Readings
import Settings
import Testing

@testable import TownModel

/// What the town publishes in each dialect, read by the decoders with the settings that it prints.
struct DialectTests {
  private func town() throws -> Town {
    let yaml = """
      municipality: t
      start: 2026-09-01
      days: 1
      interval_s: 1800
      meters:
        - { id: 70b3d57ed0000001, zone: z, battery: 80, late: 0.2, doubled: 0.1, lost: 0.1 }
        - { id: b, zone: y, register: true }
      gauges:
        - { kind: temperature, id: g, zone: z, mean: -6, swing: 3 }
        - { kind: pressure, id: p, zone: z, meter: b, mean: 400, swing: 20 }
        - { kind: level, id: l, zone: y, meter: b, mean: 3, swing: 0.5 }
      """
    return Town(try Scenario(yaml: yaml, file: "t.yaml"), seed: 3)
  }

  private func decoder(_ topic: MizumoriSettings.Topic) -> PayloadDecoder {
    if let fields = topic.fields { return .fields(FieldDecoder(map: fields)) }
    return topic.codec == .senml ? .senML(SenMLDecoder(quantity: topic.quantity)) : .canonical(CanonicalDecoder())
  }

  @Test(arguments: Dialect.allCases, [1, 5])
  func areReadAsTheSameReadings(_ dialect: Dialect, batch: Int) throws {
    let town = try town()
    let yaml = "utility: {municipality: t}\n" + town.scenario.topicSettings(in: dialect)
    let topic = try #require(try MizumoriSettings.parse(yaml, name: "t.yaml", directory: "/tmp").topics.first)
    #expect(topic.codec.rawValue == dialect.rawValue)
    let decoder = decoder(topic)
    for i in 0..<town.scenario.sensors {
      let expected = town.readings.filter { $0.meter == i }
      let quantity = town.scenario.quantity(i)
      let name = Array(town.scenario.topic(i, in: dialect).utf8)
      guard case .sensor(let id) = name.withUnsafeBufferPointer({ topic.pattern.match($0) }) else {
        Issue.record("no sensor in \(String(decoding: name, as: UTF8.self))")
        continue
      }
      #expect("\(id.municipality)/\(id.zone)/\(id.sensor)/\(quantity)" == town.scenario.sensor(i))
      var got: [DeviceReading] = []
      for at in stride(from: 0, to: expected.count, by: batch) {
        for text in town.payloads(Array(expected[at..<min(at + batch, expected.count)]), in: dialect) {
          let bytes = Array(text.utf8)
          let error = bytes.withUnsafeBufferPointer {
            decoder.decode($0, sensor: id, allowsReverseFlow: true, now: town.time(day: 2)) { got.append($0) }
          }
          #expect(error == nil, "\(text)")
        }
      }
      try #require(got.count == expected.count && !got.isEmpty)
      for (g, e) in zip(got, expected) {
        let m = town.measured(e)
        #expect(g.quantity.name == quantity && g.reading.time == e.time)
        #expect(abs(g.reading.value - m.value) <= 1e-9 * max(1, abs(m.value)))
        // SenML has no counter.
        #expect(g.reading.sequence == (dialect == .senml ? -1 : e.sequence))
        if dialect != .senml { #expect(g.reading.battery.map { Int($0) } == m.battery) }
        if dialect == .tts || dialect == .chirpstack || dialect == .mapping { #expect(g.signal.map { $0 < -80 } == true) }
      }
    }
  }

  @Test func aScenarioNamesItsDialect() throws {
    #expect(try Scenario(yaml: "dialect: tts\nmeters: [{ id: a, zone: z }]", file: "a").dialect == .tts)
    #expect(throws: ScenarioError.self) { try Scenario(yaml: "dialect: tss\nmeters: [{ id: a, zone: z }]", file: "a") }
    let s = try town().scenario
    #expect(s.topic(0, in: .tts) == "v3/z@t/devices/70b3d57ed0000001/up")
    #expect(s.topic(0, in: .chirpstack) == "application/z/device/70b3d57ed0000001/event/up")
  }
}
