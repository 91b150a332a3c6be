import Readings
import Testing

@testable import TownModel

/// The utilities that are hard to watch: drawn alike from a seed, true to their labels, with everything in them.
struct HardTownTests {
  private func scenarios(_ n: Int, seed: UInt64 = 4) -> [Scenario] { (1...n).map { HardTown.scenario($0, seed: seed) } }

  /// Seed 4 draws small ones too: play one of those.
  private func quick(_ change: (inout Scenario) -> Void = { _ in }) -> Town {
    var s = HardTown.scenario(2, seed: 4)
    s.interval = 3600
    change(&s)
    return Town(s, seed: 4)
  }

  @Test func theSameSeedGivesTheSameTown() {
    let (a, b) = (quick(), quick())
    #expect(a.readings == b.readings && a.labels.map(\.volume) == b.labels.map(\.volume))
    #expect(HardTown.scenario(2, seed: 5).meters.map(\.mean) != HardTown.scenario(2, seed: 4).meters.map(\.mean))
    // Parts are drawn for themselves: other events do not change the demand.
    #expect(quick { $0.events = [] }.meanFlow == a.meanFlow)
  }

  @Test func framesLieInTheirRanges() {
    for s in scenarios(60) {
      #expect(HardRanges.meters.contains(s.meters.count) && HardRanges.days.contains(s.days) && [300, 600, 900, 3600].contains(s.interval))
      let ids = s.meters.map(\.id)
      #expect(Set(ids).count == ids.count)
      for (i, m) in s.meters.enumerated() { #expect(m.parent.map { ids[..<i].contains($0) } ?? true) }
    }
    let all = scenarios(60).flatMap(\.meters)
    #expect(Set(scenarios(60).map(\.interval)).count == 4)
    #expect(all.contains { $0.parent != nil } && all.contains { $0.shape == .residential } && all.contains { $0.shape != .residential })
  }

  @Test func allKindsArePresentAndNoLeakBeginsInTheFirstThreeWeeks() {
    let all = scenarios(60).flatMap { s in s.events.map { (s, $0) } }
    let kinds = Set(all.map(\.1.kind))
    // What hard towns are not drawn with stands in scenarios.
    let others: Set<Scenario.Kind> = [.fire, .pool, .heat, .shutoff]
    for k in Scenario.Kind.allCases where k.isLabelled && !others.contains(k) { #expect(kinds.contains(k), "\(k)") }
    for (s, e) in all {
      #expect(e.day >= 0 && e.day + e.hours / 24 < Double(s.days) + 0.05)
      guard e.kind.isLeak else { continue }
      let size = e.flow / (s.meters.first { $0.id == e.meter }?.mean ?? 1)
      #expect(e.day >= HardRanges.quiet && size >= 0.02 - 1e-9 && size <= 0.4 + 1e-9)
    }
  }

  @Test func labelsHoldTheWaterThatWasAdded() {
    // Water only, through perfect lines: faults would hide some of it.
    func perfect(_ s: inout Scenario, _ kept: (Scenario.Kind) -> Bool) {
      s.events.removeAll { !kept($0.kind) }
      for i in s.meters.indices { (s.meters[i].lost, s.meters[i].doubled, s.meters[i].late) = (0, 0, 0) }
    }
    let quiet = quick { perfect(&$0) { _ in false } }
    let leaky = quick { perfect(&$0) { $0.isLeak } }
    var added = [Double](repeating: 0, count: leaky.scenario.meters.count)
    for (a, b) in zip(quiet.readings, leaky.readings) { added[a.meter] += b.value - a.value }
    #expect(!leaky.labels.isEmpty)
    for i in added.indices {
      let told = leaky.labels.filter { $0.meter == i }.reduce(0) { $0 + $1.volume }
      #expect(abs(added[i] - told) <= 0.02 * told + 1, "meter \(i): \(added[i]) m³ added, \(told) labelled")
    }
  }

  @Test func visitorsAndColdAreOneEventAtTheMeterAbove() throws {
    let s = try Scenario(
      yaml: """
        days: 40
        interval_s: 3600
        meters: [{ id: top, zone: a }, { id: x, zone: a, parent: top }, { id: y, zone: a, parent: top }]
        events:
          - { kind: freeze, meter: x, day: 30.5, hours: 48, flow_m3h: 1 }
          - { kind: freeze, meter: y, day: 30.5, hours: 48, flow_m3h: 2 }
          - { kind: burst, meter: x, day: 30.5, hours: 48, flow_m3h: 1 }
          - { kind: burst, meter: y, day: 30.5, hours: 48, flow_m3h: 2 }
          - { kind: reset, meter: y, day: 10, hours: 2 }
        """, file: "t.yaml")
    let t = Town(s, seed: 1)
    let top = t.labels.filter { $0.meter == 0 }
    #expect(top.filter { $0.kind == .freeze }.map(\.peak) == [3])
    #expect(top.filter { $0.kind == .burst }.map(\.peak) == [1, 2])
    let zeros = t.readings.filter { $0.value == 0 }
    #expect(zeros.count == 2 && zeros.allSatisfy { $0.meter == 2 })
  }

  @Test func linesLoseDoubleAndDelay() throws {
    func town(_ line: String) throws -> [TownReading] {
      Town(try Scenario(yaml: "days: 60\nmeters: [{ id: a, zone: z, \(line) }]", file: "t.yaml"), seed: 2).readings
    }
    let all = try town("lost: 0")
    #expect(abs(Double(all.count - (try town("lost: 0.02")).count) / Double(all.count) - 0.02) < 0.005)
    #expect(abs(Double((try town("doubled: 0.02")).count - all.count) / Double(all.count) - 0.02) < 0.005)
    let late = try town("late: 0.02")
    #expect(late.count == all.count && late.contains { $0.arrival > $0.time } && late != late.sorted { $0.time < $1.time })
  }
}
