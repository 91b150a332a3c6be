import Detection
import Readings
import Testing

/// Readings that come twice, swapped or late: they change nothing, or at least make no leak of a normal history.
@Suite struct DeliveryTests {
  /// A normal history and hours of it that are held back: one to six times, an hour to three days.
  private struct Late {
    var scenario: Scenario
    /// In the order of time.
    var readings: [Reading]
    /// Held back, in the order of time, and where in `rest` they come in.
    var held: [(readings: [Reading], at: Int)] = []
    var rest: [Reading] = []

    init(_ seed: UInt64, quiet: Bool) {
      scenario = .random(seed, quiet: quiet)
      readings = scenario.readings()
      var rng = SplitMix(seed &+ 77)
      var withheld: [Reading] = []
      var ranges: [(slot: SensorSlot, from: Double, to: Double, until: Double)] = []
      for _ in 0..<Int.random(in: 1...6, using: &rng) {
        let slot = SensorSlot(Int.random(in: 0..<scenario.means.count, using: &rng))
        let from = Double.random(in: 1..<Double(scenario.days - 4), using: &rng)
        let length = Double.random(in: 1...72, using: &rng) / 24
        guard !ranges.contains(where: { $0.slot == slot && from < $0.to + 1 && $0.from < from + length + 1 }) else { continue }
        ranges.append((slot, from, from + length, from + length + Double.random(in: 0.02...3, using: &rng)))
      }
      func isHeld(_ r: Reading) -> Bool {
        ranges.contains { $0.slot == r.slot && scenario.day(r.time) >= $0.from && scenario.day(r.time) < $0.to }
      }
      rest = readings.filter { !isHeld($0) }
      for h in ranges {
        withheld = readings.filter { $0.slot == h.slot && scenario.day($0.time) >= h.from && scenario.day($0.time) < h.to }
        held.append((withheld, rest.firstIndex { scenario.day($0.time) >= h.until } ?? rest.count))
      }
    }

    /// As delivered: the hours that were held back come in one flush, each in the given order.
    func delivered(_ order: ([Reading]) -> [Reading]) -> [Reading] {
      var out: [Reading] = []
      for (i, r) in rest.enumerated() {
        for h in held where h.at == i { out += arrived(order(h.readings), at: r.time) }
        out.append(r)
      }
      for h in held where h.at == rest.count { out += arrived(order(h.readings), at: rest.last?.time ?? .distantPast) }
      return out
    }

    private func arrived(_ readings: [Reading], at time: Timestamp) -> [Reading] {
      readings.map { Reading(slot: $0.slot, time: $0.time, arrival: max(time, $0.time), value: $0.value) }
    }
  }

  private typealias Order = (name: String, apply: ([Reading]) -> [Reading])

  private static func orders(_ seed: UInt64) -> [Order] {
    func shuffled(_ readings: [Reading]) -> [Reading] {
      var rng = SplitMix(seed)
      return readings.shuffled(using: &rng)
    }
    return [("in order", { $0 }), ("reversed", { $0.reversed() }), ("shuffled", shuffled)]
  }

  @Test(arguments: UInt64(1)...8) func hoursThatComeLateOpenNoLeakInANormalHistory(seed: UInt64) {
    let late = Late(seed, quiet: true)
    #expect(late.scenario.judge(late.readings).leaks.isEmpty, "the history itself is normal")
    for (name, order) in Self.orders(seed) {
      let delivered = late.delivered(order)
      #expect(delivered.count == late.readings.count && difference(delivered, late.readings) != nil)
      #expect(late.scenario.judge(delivered).leaks.isEmpty, "\(name)")
    }
  }

  @Test(arguments: UInt64(1)...8) func hoursThatComeLateMakeNoMoreOfLeaks(seed: UInt64) {
    let late = Late(seed, quiet: false)
    let inTime = late.scenario.judge(late.readings)
    for (name, order) in Self.orders(seed) {
      let got = late.scenario.judge(late.delivered(order))
      #expect(got.openedLeaks.count <= inTime.openedLeaks.count, "\(name)")
      #expect(got.leaks.count <= inTime.leaks.count, "\(name)")
    }
  }

  @Test(arguments: UInt64(1)...8) func duplicatesChangeNothing(seed: UInt64) {
    let scenario = Scenario.random(seed)
    let readings = scenario.readings()
    var rng = SplitMix(seed)
    let expected = scenario.judge(readings)
    let twice = readings.duplicated(&rng)
    #expect(twice.count > readings.count && !expected.isEmpty)
    #expect(difference(scenario.judge(twice), expected) == nil)
  }

  @Test(arguments: UInt64(1)...6) func swapsWithinTenMinutesChangeNoEvent(seed: UInt64) {
    var scenario = Scenario.random(seed)
    scenario.minutes = [3, 4, 5][Int(seed % 3)]
    // A meter above is asked when an hour of the one below is judged, which then depends on the order of arrival.
    scenario.isTree = false
    scenario.means = Array(scenario.means.prefix(1))
    // Something to tell in every scenario, and nothing that hides it: a month of leaks would be learnt as usual.
    let late = Double(scenario.days) - 4
    scenario.happenings = [scenario.happenings[0].filter { $0.kind != .burst && $0.kind != .ramp && $0.to < late }]
    scenario.happenings[0].append(Happening(kind: .burst, from: late + 0.2, to: late + 2, size: 0.7 * scenario.means[0]))
    let readings = scenario.readings()
    let expected = scenario.judge(readings)
    #expect(!expected.openedLeaks.isEmpty)
    var rng = SplitMix(seed)
    let swapped = readings.swapped(&rng)
    #expect(difference(swapped, readings) != nil)
    func essence(_ ts: [Transition]) -> [String] {
      ts.filter { $0.kind != .gap }.map { "\($0.slot) \($0.kind) \($0.change) \($0.onset.milliseconds) \($0.excess)" }
    }
    #expect(difference(essence(scenario.judge(swapped)), essence(expected)) == nil)
  }

  /// An hour that has its readings takes no others.
  @Test func lateCopiesOfKnownHoursAreCountedAndChangeNothing() {
    let readings = town()
    let expected = judge(readings)
    var more: [Reading] = []
    for (i, r) in readings.enumerated() {
      more.append(r)
      if i % 50 == 0 { more.append(r) }
      if i % 70 == 0, i > 600 {
        var late = readings[i - 500]
        late.arrival = r.time
        late.value *= 3
        more.append(late)
      }
    }
    var d = detector(3)
    #expect(difference(d.run(more), expected) == nil)
    #expect((0..<3).reduce(0) { $0 + d.explain(SensorSlot($1)).lateReadings } > 300)
  }
}
