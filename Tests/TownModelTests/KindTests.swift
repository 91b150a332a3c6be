import Readings
import Testing

@testable import TownModel

/// What single kinds of events make of the readings.
struct KindTests {
  private func town(_ meters: String, _ events: String = "", gauges: String = "", days: Int = 20) throws -> Town {
    let yaml = "days: \(days)\ninterval_s: 600\nweather: 0\nmeters: [\(meters)]\nevents: [\(events)]\ngauges: [\(gauges)]"
    return Town(try Scenario(yaml: yaml, file: "t.yaml"), seed: 7)
  }

  private func values(_ town: Town, _ meter: Int, _ days: Range<Double>) -> [Double] {
    town.readings.filter { $0.meter == meter && $0.time >= town.time(day: days.lowerBound) && $0.time < town.time(day: days.upperBound) }
      .map { town.shown($0) }
  }

  @Test func aWrongUnitMultiplies() throws {
    let meter = "{ id: a, zone: z }"
    let (plain, wrong) = (try town(meter), try town(meter, "{ kind: unit, meter: a, day: 5, hours: 24, factor: 10 }"))
    for (a, b) in zip(values(plain, 0, 5..<6), values(wrong, 0, 5..<6)) { #expect(abs(b - 10 * a) < 0.01) }
    #expect(values(plain, 0, 6..<20) == values(wrong, 0, 6..<20))
  }

  @Test(arguments: [-540, 120]) func aWrongClockTellsAnotherTime(_ minutes: Int) throws {
    let t = try town("{ id: a, zone: z }", "{ kind: clock, meter: a, day: 5, hours: 24, minutes: \(minutes) }")
    let during = t.readings.filter { $0.arrival >= t.time(day: 5) && $0.arrival < t.time(day: 6) }
    #expect(during.count == 144 && during.allSatisfy { $0.time.since($0.arrival) == Int64(minutes) * 60_000 })
    #expect(t.readings.filter { $0.time != $0.arrival }.count == 144)
  }

  @Test func aReplacedTotalizerGoesOnFromItsOwnCount() throws {
    let t = try town("{ id: a, zone: z, register: true }", "{ kind: replaced, meter: a, day: 5, hours: 1 }")
    let (before, after) = (values(t, 0, 4..<5), values(t, 0, 5..<20))
    #expect(before.allSatisfy { $0 > 9000 } && after.first == 3.217)
    #expect(zip(after, after.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func aTotalizerRollsOverWithoutLosingWater() throws {
    let meter = "{ id: a, zone: z, register: true }"
    let (plain, rolled) = (try town(meter), try town(meter, "{ kind: rollover, meter: a, day: 5, hours: 1 }"))
    let (a, b) = (values(plain, 0, 0..<20), values(rolled, 0, 0..<20))
    let steps = zip(zip(a, a.dropFirst()), zip(b, b.dropFirst())).map { ($0.0.1 - $0.0.0, $0.1.1 - $0.1.0) }
    #expect(steps.filter { $0.1 < 0 }.count == 1)
    #expect(steps.allSatisfy { abs($0.0 - $0.1) < 0.002 || abs($0.0 - $0.1 - 10_000) < 0.002 })
    #expect(b.allSatisfy { $0 >= 0 && $0 < 10_000 })
  }

  @Test func aShutOffStopsTheMeterAndThoseBelowOnly() throws {
    let meters = "{ id: top, zone: z }, { id: mid, zone: z, parent: top }, { id: low, zone: z, parent: mid }"
    let t = try town(meters, "{ kind: shutoff, meter: mid, day: 5, hours: 6 }")
    #expect(values(t, 0, 5..<5.25).allSatisfy { $0 > 0 })
    for i in 1...2 {
      #expect(values(t, i, 5..<5.25).allSatisfy { $0 == 0 } && values(t, i, 5.25..<20).allSatisfy { $0 > 0 })
    }
    #expect(t.labels.map(\.meter) == [1])
  }

  @Test func oneLineForAllMetersInTheMeasureOfEach() throws {
    let meters = "{ id: a, zone: z, mean_m3h: 10 }, { id: b, zone: y, mean_m3h: 4 }"
    let t = try town(meters, "{ kind: freeze, meter: \"*\", day: 5, hours: 24, share: 0.5 }")
    #expect(t.scenario.events.map(\.flow) == [5, 2] && t.scenario.events.map(\.meter) == ["a", "b"])
    #expect(throws: ScenarioError.self) { try town(meters, "{ kind: freeze, meter: c, day: 5, share: 0.5 }") }
    #expect(throws: ScenarioError.self) { try town(meters, "{ kind: tank_leak, meter: a, day: 5, flow_m3h: 1 }") }
    #expect(throws: ScenarioError.self) { try town(meters, "{ kind: rollover, meter: a, day: 5 }") }
    #expect(throws: ScenarioError.self) { try town(meters, "{ kind: clock, meter: a, day: 5 }") }
  }

  private static let pumped = "{ id: pump, zone: z, mean_m3h: 0.5, tank_m3: 120 }, { id: out, zone: y, mean_m3h: 20, parent: pump }"
  private static let gauge = "{ kind: level, id: l, zone: z, meter: pump, mean: 1, swing: 1, area_m2: 60 }"

  /// m³ that came in, went out and are more in the tank, over days.
  private func balance(_ t: Town, _ days: Range<Double>) -> (inflow: Double, outflow: Double, gained: Double) {
    let levels = values(t, 2, days)
    func volume(_ meter: Int) -> Double { values(t, meter, days).dropLast().reduce(0, +) / 6 }
    return (volume(0), volume(1), 60 * (levels[levels.count - 1] - levels[0]))
  }

  @Test func aBurstBehindATankMakesThePumpRunLongerNotStronger() throws {
    let burst = "{ kind: burst, meter: out, day: 10, hours: 48, flow_m3h: 6 }"
    let (plain, leaky) = (try town(Self.pumped, gauges: Self.gauge), try town(Self.pumped, burst, gauges: Self.gauge))
    #expect(Set(values(leaky, 0, 0..<20)) == Set(values(plain, 0, 0..<20)))
    for t in [plain, leaky] {
      // What is used at the tank itself, 0.5 m³/h, shows at no other meter.
      let b = balance(t, 9..<13)
      #expect(abs(b.inflow - b.outflow - b.gained - 0.5 * 96) < 10, "\(b)")
    }
    let more = balance(leaky, 9..<13).inflow - balance(plain, 9..<13).inflow
    #expect(abs(more - 288) < 130, "\(more)")
  }

  @Test func aLeakOfTheTankShowsInTheBalanceOnly() throws {
    let leak = "{ kind: tank_leak, meter: pump, day: 10, hours: 96, flow_m3h: 4 }"
    let (plain, leaky) = (try town(Self.pumped, gauges: Self.gauge), try town(Self.pumped, leak, gauges: Self.gauge))
    #expect(values(leaky, 1, 0..<20) == values(plain, 1, 0..<20))
    let b = balance(leaky, 10..<14)
    #expect(abs(b.inflow - b.outflow - b.gained - 4.5 * 96) < 10, "\(b)")
  }
}
