import Foundation
import Readings
import Testing

@testable import TownModel

struct TownTests {
  private func town(_ events: String = "", seed: UInt64 = 5, days: Int = 20) throws -> Town {
    let yaml = """
      municipality: t
      days: \(days)
      interval_s: 600
      weather: 0.02
      meters:
        - { id: top, zone: a, mean_m3h: 5, noise: 0.05 }
        - { id: low, zone: a, mean_m3h: 10, noise: 0.1, parent: top }
      events: [\(events)]
      """
    return Town(try Scenario(yaml: yaml, file: "t.yaml"), seed: seed)
  }

  @Test func theSameSeedGivesTheSameTown() throws {
    #expect(try town().readings == town().readings)
    #expect(try town().readings != town(seed: 6).readings)
  }

  @Test func aLeakShowsAtItsMeterAndAboveAndItsLabelHoldsItsVolume() throws {
    let quiet = try town()
    let leaky = try town("{ kind: burst, meter: low, day: 10, hours: 48, flow_m3h: 3 }")
    var added = [0.0, 0.0]
    for (a, b) in zip(quiet.readings, leaky.readings) { added[a.meter] += (b.value - a.value) / 6 }
    for v in added { #expect(abs(v - 144) < 1) }
    #expect(leaky.labels.count == 2)
    for l in leaky.labels { #expect(abs(l.volume - 144) < 1 && l.kind == .burst && l.peak == 3) }
  }

  @Test func parentsCarryTheirChildren() throws {
    let t = try town()
    #expect(t.meanFlow[0] > t.meanFlow[1] + 3)
    for (a, b) in zip(t.readings.filter { $0.meter == 0 }, t.readings.filter { $0.meter == 1 }) { #expect(a.value > b.value) }
  }

  @Test func noiseIsAutocorrelatedAndGrowsWithTheLevel() throws {
    let t = try town(days: 60)
    let low = t.readings.filter { $0.meter == 1 }
    // Residuals against the mean of the same hour and kind of day.
    var sums: [Int: (Double, Double)] = [:]
    func key(_ r: TownReading) -> Int {
      let day = t.calendar.day(of: r.time)
      return t.calendar.millisecondOfDay(of: r.time) / 600_000 * 3 + Int(t.calendar.dayType(ofDay: day).rawValue)
    }
    for r in low { sums[key(r), default: (0, 0)] = (sums[key(r), default: (0, 0)].0 + r.value, sums[key(r), default: (0, 0)].1 + 1) }
    let residual = low.map { r in r.value - (sums[key(r)].map { $0.0 / $0.1 } ?? 0) }
    let variance = residual.map { $0 * $0 }.reduce(0, +)
    let lag1 = zip(residual, residual.dropFirst()).map(*).reduce(0, +) / variance
    #expect(lag1 > 0.5 && lag1 < 0.98)
    func spread(_ hours: ClosedRange<Int>) -> Double {
      let part = zip(low, residual).filter { hours.contains(t.calendar.millisecondOfDay(of: $0.0.time) / 3_600_000) }.map(\.1)
      return (part.map { $0 * $0 }.reduce(0, +) / Double(part.count)).squareRoot()
    }
    #expect(spread(18...20) > 1.4 * spread(1...3))
  }

  @Test func faultsOfMetersAndLines() throws {
    let gap = try town("{ kind: gap, meter: low, day: 5, hours: 10 }")
    #expect(gap.readings.count == (try town().readings.count) - 60)
    let stuck = try town("{ kind: stuck, meter: low, day: 5, hours: 10 }")
    let during = stuck.readings.filter { $0.meter == 1 && $0.time >= stuck.start.adding(seconds: 5 * 86_400) }.prefix(60)
    #expect(Set(during.map(\.value)).count == 1)
    let late = try town("{ kind: late, meter: low, day: 5, hours: 4 }")
    #expect(late.readings.filter { $0.arrival > $0.time }.count == 24)
    #expect(zip(late.readings, late.readings.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    let double = try town("{ kind: duplicate, meter: low, day: 5, hours: 1 }")
    #expect(double.readings.count == (try town().readings.count) + 6)
  }

  @Test(arguments: [
    ("municipality: t\nmeters:\n  - { id: a, zone: z, mean: 3 }", "t.yaml:3"), ("days: 0", "t.yaml:1"), ("meters: []", "meters"),
    ("meters:\n  - { id: a, zone: z }\nevents:\n  - { kind: quake, meter: a }", "t.yaml:4"),
    ("meters:\n  - { id: a, zone: z }\nevents:\n  - { kind: burst, meter: a }", "flow_m3h"),
    ("meters:\n  - { id: a, zone: z }\nevents:\n  - { kind: gap, meter: b }", "`b`"),
    ("meters:\n  - { id: a, zone: z, parent: b }", "parent"),
    ("meters:\n  - { id: a, zone: z }\nevents:\n  - { kind: dead_battery, meter: a }", "battery"),
    ("meters:\n  - { id: a, zone: z, register: true, quantum_m3h: 1 }", "register"),
    ("meters:\n  - { id: a, zone: z }\ngauges:\n  - { kind: level, id: b, zone: z, mean: 3, swing: 1 }", "`meter`"),
    ("meters:\n  - { id: a, zone: z }\ngauges:\n  - { kind: temperature, id: a, zone: z, mean: 3, swing: 1 }", "twice"),
    ("meters:\n  - { id: a, zone: z }\nworks:\n  - { name: w, zone: y, day: 1, hours: 1 }", "`y`"),
    ("meters:\n  - { id: a, zone: z }\npeople:\n  - { action: repaired, meter: b }", "`b`"),
    ("meters:\n  - { id: a, zone: z }\npeople:\n  - { action: planned_work, meter: a }", "begins"),
    ("meters:\n  - { id: a b, zone: z }", "a b"), ("- x", "t.yaml"), ("", "t.yaml"), ("a: [", "t.yaml"),
  ])
  func mistakesAreNamed(yaml: String, part: String) {
    let error = #expect(throws: ScenarioError.self) { try Scenario(yaml: yaml, file: "t.yaml") }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  @Test func theBuiltInTownIsTheFileOfItsName() throws {
    #expect(Scenario.defaultYAML == (try Self.file("town")))
    let s = try Scenario(yaml: Scenario.defaultYAML, file: "built-in")
    #expect((12...14).contains(s.meters.count))
    #expect(Set(s.meters.map(\.zone)).count == 4)
    // What issue D names for the demo.
    let kinds = Set(s.events.map(\.kind))
    #expect(kinds.isSuperset(of: [.freeze, .flushing, .burst, .incipient, .deadBattery, .stuck, .flapping]))
    #expect(Set(s.events.filter { $0.kind == .freeze }.map(\.meter)) == Set(s.meters.map(\.id)))
    #expect(s.sayings.contains { $0.action == .plannedWork } && !s.works.isEmpty && s.billed > 0)
    #expect(s.meters.contains { $0.isRegister } && Set(s.gauges.map(\.kind)) == Set(Scenario.Gauge.Kind.allCases))
    #expect(s.events.contains { $0.kind == .burst } && s.events.contains { $0.kind == .incipient })
  }

  @Test(arguments: ["town", "quiet", "hamlet"]) func shippedScenariosPlay(name: String) throws {
    let s = try Scenario(yaml: try Self.file(name), file: name)
    let t = Town(s, seed: 3)
    #expect(t.readings.count > s.meters.count * s.days * 86_400 / s.interval * 9 / 10)
    // A meter's mean is its own demand and that of the meters below it.
    func whole(_ m: Scenario.Meter) -> Double { s.meters.filter { $0.parent == m.id }.reduce(m.mean) { $0 + whole($1) } }
    for (i, m) in s.meters.enumerated() {
      #expect(abs(t.meanFlow[i] / whole(m) - 1) < 0.15, "\(m.id) \(t.meanFlow[i])")
    }
  }

  @Test(arguments: Scenario.Shape.allCases) func demandHasMeanOneOverAWeekAndNoStepAtMidnight(shape: Scenario.Shape) {
    let demand = Demand(shape, night: 0.35)
    let week: [DayType] = [.workday, .workday, .workday, .workday, .workday, .saturday, .holiday]
    let hours = stride(from: 0.0, to: 24, by: 0.1)
    let sum = week.reduce(0.0) { total, day in total + hours.reduce(0.0) { $0 + demand.relative(day, hour: $1) } }
    #expect(abs(sum / (7 * 240) - 1) < 0.01)
    for (a, b) in zip(week, week.dropFirst() + week.prefix(1)) {
      #expect(abs(demand.relative(a, hour: 23.999) - demand.relative(b, hour: 0)) < 0.05 * demand.relative(b, hour: 0))
    }
  }

  @Test func seasonLiesHighInAugustAndLowInFebruary() throws {
    let s = try Scenario(
      yaml: "days: 365\nstart: 2026-01-01\nweather: 0\nseason: 0.2\nmeters: [{ id: a, zone: z }]", file: "t.yaml")
    let c = Climate(s, seed: 1)
    #expect(abs(c.factor(day: 216) - 1.2) < 0.005)
    #expect(abs(c.factor(day: 34) - 0.8) < 0.005)
  }

  @Test func aPulseMeterLosesNoWater() throws {
    func flow(_ quantum: Double) throws -> [Double] {
      let s = try Scenario(
        yaml: "days: 10\nmeters: [{ id: a, zone: z, mean_m3h: 2, households: 30, quantum_m3h: \(quantum) }]", file: "t.yaml")
      return Town(s, seed: 9).readings.map(\.value)
    }
    let (exact, pulses) = (try flow(0), try flow(0.12))
    #expect(abs(exact.reduce(0, +) - pulses.reduce(0, +)) < 0.13)
    #expect(pulses.allSatisfy { abs($0 / 0.12 - ($0 / 0.12).rounded()) < 1e-9 })
  }

  private static func file(_ name: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "simulator/scenarios/\(name).yaml"), encoding: .utf8)
  }
}
