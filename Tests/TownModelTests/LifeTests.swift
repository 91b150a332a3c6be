import Foundation
import Readings
import Testing

@testable import TownModel

/// Batteries, gateways, totalizers, gauges: what a town has beside flow.
struct LifeTests {
  private func town(_ meters: String, _ events: String = "", gauges: String = "", days: Int = 30) throws -> Town {
    let yaml = """
      municipality: t
      days: \(days)
      interval_s: 600
      meters: [\(meters)]
      gauges: [\(gauges)]
      events: [\(events)]
      """
    return Town(try Scenario(yaml: yaml, file: "t.yaml"), seed: 5)
  }

  private struct Payload: Decodable {
    var ts: String
    var value: Double
    var unit: String
    var battery: Int?
  }

  private func payloads(_ t: Town, _ meter: Int = 0) throws -> [Payload] {
    try t.readings.filter { $0.meter == meter }.map { try JSONDecoder().decode(Payload.self, from: Data(t.payload($0).utf8)) }
  }

  @Test func aBatterySinksToNothingAndTheMeterFallsSilent() throws {
    let t = try town("{ id: a, zone: z, battery: 80 }, { id: b, zone: z }", "{ kind: dead_battery, meter: a, day: 10, hours: 240 }")
    let told = try payloads(t)
    // Twenty days of 144 readings, then none.
    #expect(told.count == 2880)
    let levels = try told.map { try #require($0.battery) }
    #expect(levels.first == 80 && levels.last == 0)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(levels[1440] >= 79, "a healthy battery lasts for years: \(levels[1440])")
    #expect(try payloads(t, 1).allSatisfy { $0.battery == nil } && payloads(t, 1).count == 4320)
    // For who looks at the rows it is a gap, to the end.
    #expect(t.labels.map(\.kind) == [.gap])
    #expect(t.labels[0].start == t.time(day: 20) && t.labels[0].end == t.time(day: 30))
    let alive = try town("{ id: a, zone: z, battery: 80 }", "{ kind: dead_battery, meter: a, day: 10, hours: 900 }")
    #expect(alive.labels.isEmpty && alive.readings.count == 4320)
  }

  /// A logger that sends each six hours: nothing is missing but what would come after the end; a failed delivery comes with the next.
  @Test(arguments: ["", ", batch_failed: 0.2"]) func aLoggerDeliversInBatches(more: String) throws {
    let t = try town("{ id: a, zone: z, batch_h: 6\(more) }")
    let plain = try town("{ id: a, zone: z }")
    #expect(t.readings.map(\.time) == plain.readings.prefix(t.readings.count).map(\.time))
    #expect(t.readings.map(\.value) == plain.readings.prefix(t.readings.count).map(\.value))
    let deliveries = Set(t.readings.map(\.arrival)).sorted()
    let pauses = zip(deliveries, deliveries.dropFirst()).map { Double($1.since($0)) / 3_600_000 }
    #expect(pauses.allSatisfy { abs($0 / 6 - ($0 / 6).rounded()) < 0.02 })
    #expect((more.isEmpty ? 0...0 : 10...40).contains(pauses.filter { $0 > 7 }.count))
    #expect((t.readings.last?.arrival ?? .distantPast) < t.time(day: 30) && t.readings.allSatisfy { $0.arrival >= $0.time })
    #expect(t.labels.isEmpty)
  }

  @Test func aFlappingGatewayLosesTheSameReadingsThatItsLabelsName() throws {
    let t = try town("{ id: a, zone: z }", "{ kind: flapping, meter: a, day: 3, hours: 10 }")
    let all = try town("{ id: a, zone: z }").readings
    let there = Set(t.readings.map(\.time))
    let lost = all.map(\.time).filter { !there.contains($0) }
    #expect(t.labels.count == 3 && t.labels.allSatisfy { $0.kind == .gap })
    #expect(!lost.isEmpty && lost.allSatisfy { time in t.labels.contains { $0.start <= time && time < $0.end } })
    #expect(there.allSatisfy { time in !t.labels.contains { $0.start <= time && time < $0.end } })
  }

  @Test func aTotalizerCountsTheWaterOfItsFlowAlsoWhileNobodyHears() throws {
    let meter = "{ id: a, zone: z, mean_m3h: 4, register: true }"
    let t = try town(meter, "{ kind: burst, meter: a, day: 10, hours: 48, flow_m3h: 2 }")
    #expect(t.topic(0) == "water/t/z/a/total")
    let told = try payloads(t)
    #expect(told.allSatisfy { $0.unit == "m3" } && zip(told, told.dropFirst()).allSatisfy { $0.value <= $1.value })
    // The first reading has counted its own interval.
    let flow = t.readings.reduce(0) { $0 + $1.value } / 6
    let counted = told[told.count - 1].value - told[0].value + t.readings[0].value / 6
    #expect(abs(counted - flow) < 1, "\(counted) m³ counted, \(flow) m³ flowed")
    let deaf = try payloads(
      try town(meter, "{ kind: burst, meter: a, day: 10, hours: 48, flow_m3h: 2 }, { kind: gap, meter: a, day: 9, hours: 90 }"))
    #expect(deaf.last?.value == told.last?.value && deaf.count < told.count)
    let stuck = try payloads(try town(meter, "{ kind: stuck, meter: a, day: 5, hours: 10 }"))
    #expect(Set(stuck[720..<780].map(\.value)).count == 1)
  }

  @Test func weatherPressureAndLevelFollowTheTown() throws {
    let gauges = """
      { kind: temperature, id: k, zone: z, mean: 2, swing: 5 }, { kind: pressure, id: p, zone: z, meter: a, mean: 400, swing: 30 },
      { kind: level, id: l, zone: z, meter: a, mean: 3, swing: 0.5, area_m2: 100 }
      """
    let meters = "{ id: a, zone: z, mean_m3h: 20, noise: 0.01 }"
    let t = try town(
      meters, "{ kind: burst, meter: a, day: 10, hours: 24, flow_m3h: 20 }, { kind: freeze, meter: a, day: 20.9, hours: 36, flow_m3h: 1 }",
      gauges: gauges)
    let quiet = try town(meters, gauges: gauges)
    func values(_ t: Town, _ meter: Int) -> [Double] { t.readings.filter { $0.meter == meter }.map(\.value) }
    #expect((1...3).map(t.topic) == ["water/t/z/k/temperature", "water/t/z/p/pressure", "water/t/z/l/level"])
    #expect(try (1...3).map { try payloads(t, $0)[0].unit } == ["Cel", "kPa", "m"])
    // The night of the frost, and the same night without it.
    let night = 21 * 144 + 30
    #expect(abs(values(quiet, 1)[night] - values(t, 1)[night] - 8) < 0.01)
    #expect(values(t, 2)[10 * 144 + 72] < values(quiet, 2)[10 * 144 + 72] - 20, "a burst takes the pressure away")
    let level = values(quiet, 3)
    #expect(level.min()! > 2.2 && level.max()! < 3.8 && level.max()! - level.min()! > 0.8)
    // A burst that takes more than the pump brings empties the tank.
    #expect(values(t, 3).min()! < level.min()! - 1)
    // Gauges leave the meters as they were.
    #expect(values(quiet, 0) == (try town(meters)).readings.map(\.value))
  }

  @Test func whatIsUsedIsCountedWithoutLeaks() throws {
    let meters = "{ id: a, zone: z, mean_m3h: 5 }, { id: b, zone: z, mean_m3h: 7, parent: a }"
    let quiet = try town(meters)
    let leaky = try town(meters, "{ kind: burst, meter: b, day: 10, hours: 48, flow_m3h: 3 }")
    #expect(quiet.dailyUse == leaky.dailyUse && quiet.dailyUse.count == 30)
    let used = quiet.dailyUse.reduce(0, +)
    #expect(abs(used - quiet.readings.filter { $0.meter == 0 }.reduce(0) { $0 + $1.value } / 6) < 1)
  }
}
