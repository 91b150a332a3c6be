import Detection
import Readings
import Testing

/// The same readings give the same transitions and the same state bit for bit: again, in any batches, restored at any reading.
@Suite struct DeterminismTests {
  /// A scenario as it arrives, and what a detector makes of it.
  struct Case {
    var scenario: Scenario
    var readings: [Reading]
    var transitions: [Transition]
    var snapshot: [UInt8]

    init(_ seed: UInt64) {
      scenario = .random(seed, days: 24...30)
      var rng = SplitMix(seed &+ 1000)
      readings = scenario.readings().swapped(&rng).duplicated(&rng)
      var d = scenario.detector()
      transitions = d.play(readings)
      snapshot = d.snapshot()
    }
  }

  static let cases = (UInt64(1)...8).map(Case.init)

  /// The scenarios would prove nothing if nothing happened in them.
  @Test func scenariosHoldEventsOfManyKinds() {
    let all = Self.cases.flatMap(\.transitions)
    #expect(all.openedLeaks.count >= 8)
    #expect(Set(all.map(\.kind)).isSuperset(of: [.burst, .highUse, .gap, .stuck, .reverseFlow, .spike]))
    #expect(Set(all.leaks.map(\.change)) == [.opened, .updated, .escalated, .closed])
  }

  @Test(arguments: UInt64(1)...8) func twoRunsGiveTheSame(seed: UInt64) {
    let c = Self.cases[Int(seed) - 1]
    let again = Case(seed)
    #expect(difference(again.transitions, c.transitions) == nil)
    #expect(difference(again.snapshot, c.snapshot) == nil)
  }

  @Test(arguments: UInt64(1)...8) func anyBatchingGivesTheSame(seed: UInt64) {
    let c = Self.cases[Int(seed) - 1]
    var rng = SplitMix(seed)
    for most in [1, 700] {
      var d = c.scenario.detector()
      var cuts: [Int] = []
      while (cuts.last ?? 0) < c.readings.count { cuts.append((cuts.last ?? 0) + Int.random(in: 1...most, using: &rng)) }
      #expect(difference(d.play(c.readings, cuts: cuts), c.transitions) == nil, "batches of at most \(most)")
      #expect(difference(d.snapshot(), c.snapshot) == nil, "batches of at most \(most)")
    }
  }

  @Test(arguments: UInt64(1)...8) func restoredAtRandomReadingsGivesTheSame(seed: UInt64) throws {
    let c = Self.cases[Int(seed) - 1]
    var rng = SplitMix(seed)
    let cuts = (0..<25).map { _ in Int.random(in: 1..<c.readings.count, using: &rng) }.sorted()
    var d = c.scenario.detector()
    #expect(difference(try d.play(c.readings, restoredAt: cuts), c.transitions) == nil)
    #expect(difference(d.snapshot(), c.snapshot) == nil)
  }

  /// While a leak is being found, told and closed.
  @Test(arguments: UInt64(1)...6) func restoredAtEachReadingAroundAnEventGivesTheSame(seed: UInt64) throws {
    let c = Self.cases[Int(seed) - 1]
    let leaks = c.transitions.leaks
    let change: EventChange = seed.isMultiple(of: 2) ? .closed : .opened
    let event = try #require(leaks.first { $0.change == change } ?? leaks.first ?? c.transitions.last)
    let middle = c.readings.firstIndex { $0.time >= event.time } ?? c.readings.count
    var d = c.scenario.detector()
    let around = Array(max(1, middle - 200)..<min(middle + 100, c.readings.count))
    #expect(difference(try d.play(c.readings, restoredAt: around), c.transitions) == nil)
    #expect(difference(d.snapshot(), c.snapshot) == nil)
  }

  @Test(arguments: UInt64(1)...4) func sensorsOfOtherGroupsChangeNothing(seed: UInt64) {
    let c = Self.cases[Int(seed) - 1]
    let other = Scenario.random(seed &+ 50, days: c.scenario.days...c.scenario.days).readings()
    var d = c.scenario.detector()
    let shift = SensorSlot(c.scenario.means.count)
    for _ in 0..<4 { _ = d.addSensor(SensorProfile(group: 9)) }
    let both = (c.readings + other.map { Reading(slot: $0.slot + shift, time: $0.time, arrival: $0.arrival, value: $0.value) })
    let order = both.indices.sorted { (both[$0].time, $0) < (both[$1].time, $1) }
    let got = d.run(order.map { both[$0] })
    #expect(got.contains { $0.slot >= shift })
    var alone = c.scenario.detector()
    let expected = alone.run(order.filter { $0 < c.readings.count }.map { c.readings[$0] })
    #expect(difference(got.filter { $0.slot < shift }, expected) == nil)
  }
}

extension Detector {
  /// As the service does: readings in batches, and the clock ticks behind every 50th reading.
  /// - Parameters:
  ///   - cuts: batches end at these places too.
  ///   - pause: called at each of them.
  mutating func play(_ readings: [Reading], cuts: [Int], pause: (inout Detector) throws -> Void) rethrows -> [Transition] {
    var out: [Transition] = []
    var next = 0
    var newest = Timestamp.distantPast
    var from = 0
    while from < readings.count {
      while next < cuts.count && cuts[next] <= from { next += 1 }
      let tick = (from / 50 + 1) * 50
      let to = min(readings.count, tick, next < cuts.count ? cuts[next] : .max)
      out += run(Array(readings[from..<to]))
      for r in readings[from..<to] { newest = max(newest, r.time) }
      if to == tick { advance(to: newest) { out.append($0) } }
      if next < cuts.count && to == cuts[next] { try pause(&self) }
      from = to
    }
    return out
  }

  mutating func play(_ readings: [Reading], cuts: [Int] = []) -> [Transition] { play(readings, cuts: cuts) { _ in } }

  /// As `play`, but at each of those readings another detector goes on, restored from a snapshot.
  mutating func play(_ readings: [Reading], restoredAt cuts: [Int]) throws -> [Transition] {
    try play(readings, cuts: cuts) { d in
      let bytes = d.snapshot()
      d = try Detector.restore(bytes, settings: d.settings, calendar: d.calendar)
      #expect(difference(d.snapshot(), bytes) == nil)
    }
  }
}
