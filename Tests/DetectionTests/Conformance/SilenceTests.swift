import Detection
import Readings
import Testing

/// Sensors that stop sending, for ever or for a while.
@Suite struct SilenceTests {
  /// What a sensor has to be silent for, as documented: four intervals, at least 45 min.
  private static func limit(_ s: Scenario) -> Int64 { max(4 * Int64(s.minutes) * 60_000, 2_700_000) }

  @Test(arguments: UInt64(1)...8) func aSensorThatStopsIsOneGapAndNothingElse(seed: UInt64) throws {
    let scenario = Scenario.random(seed)
    let readings = scenario.readings()
    let last = try #require(readings.last).time
    var d = scenario.detector()
    let before = d.run(readings)
    // Silent since their last reading; who is silent already and told so says nothing more.
    var silent: [SensorSlot: Timestamp] = [:]
    for r in readings { silent[r.slot] = r.time }
    var open: Set<SensorSlot> = []
    for t in before where t.kind == .gap { if t.change == .opened { open.insert(t.slot) } else { open.remove(t.slot) } }
    var told: [Transition] = []
    var ticks = (1...1500).map { last.adding(seconds: Int64($0) * 120) }
    ticks += (1...60).map { last.adding(seconds: Int64($0 * $0) * 86_400) }
    ticks.append(Timestamp(milliseconds: 7_258_118_399_999))
    for t in ticks { d.advance(to: t) { told.append($0) } }
    #expect(told.map(\.kind).allSatisfy { $0 == .gap } && told.map(\.change).allSatisfy { $0 == .opened })
    #expect(told.map(\.slot).sorted() == silent.keys.filter { !open.contains($0) }.sorted())
    for t in told {
      let since = try #require(silent[t.slot])
      #expect(t.onset == since && t.time.since(since) > Self.limit(scenario))
      #expect(t.time.since(since) <= max(Self.limit(scenario), last.since(since)) + 120_000)
    }
    let state = d.snapshot()
    for t in ticks { d.advance(to: t) { told.append($0) } }
    #expect(told.count <= scenario.means.count && difference(d.snapshot(), state) == nil)
  }

  @Test(arguments: UInt64(1)...6, [1, 48, 1440]) func aSensorThatComesBackClosesItsGapAndOpensNoLeak(seed: UInt64, hours: Int) throws {
    var scenario = Scenario.random(seed, quiet: true)
    let away = 20.0 + Double(seed) / 7
    scenario.days = 32 + hours / 24
    let all = scenario.readings()
    var d = scenario.detector()
    let first = d.run(all.filter { scenario.day($0.time) < away })
    #expect(first.isEmpty)
    let rest = all.filter { scenario.day($0.time) >= away + Double(hours) / 24 }
    let back = try #require(rest.first).time
    let last = try #require(all.last { scenario.day($0.time) < away }).time
    var opened: [Transition] = []
    var t = last
    while t < back {
      d.advance(to: t) { opened.append($0) }
      t = t.adding(seconds: 300)
    }
    let gaps = back.since(last) - 300_000 > Self.limit(scenario) ? scenario.means.count : 0
    let after = d.run(rest)
    #expect(opened.count == gaps && opened.allSatisfy { $0.kind == .gap && $0.change == .opened && $0.onset == last })
    #expect(after.count == gaps && after.allSatisfy { $0.kind == .gap && $0.change == .closed && $0.time == back }, "\(after)")
    #expect(Set(after.map(\.slot)) == Set(opened.map(\.slot)))
  }
}
