import Detection
import Readings
import Testing

/// No reading and no moment makes the detector trap, and no figure it tells is other than finite.
@Suite struct WildInputTests {
  private static let values: [Double] = [
    .nan, .signalingNaN, .infinity, -.infinity, 1e300, -1e300, 1e308, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    .leastNormalMagnitude,
    1e-300, 1e-38, 1e-45, 0, -0.0, 1, -1, 1e6, 1e9, 1.1e9, 1e19, 1e30, 1e38, 4e38, Double(Float.greatestFiniteMagnitude), .ulpOfOne, -1e9,
  ]
  private static let times: [Int64] = [
    .min, .max, .min / 4, .max / 2, -62_135_596_800_000, -1, 0, 1, 1000, 1_780_000_000_000, 7_258_118_399_999, 7_258_118_400_000,
    253_402_300_799_999,
  ]
  private static let slots: [SensorSlot] = [-1, .min, .max, 4, 5, 1000]

  private static func check(_ ts: [Transition], _ note: String) {
    for t in ts {
      let figures = [t.expected, t.observed, t.excess, t.volume, t.confidence]
      #expect(figures.allSatisfy(\.isFinite) && (0...1).contains(t.confidence) && t.volume >= 0, "\(note): \(t)")
      #expect(t.onset <= t.time && t.firstOnset <= t.time && t.time.milliseconds > 0, "\(note): \(t)")
    }
  }

  private static func check(_ d: borrowing Detector, _ note: String) {
    for slot in (0..<SensorSlot(d.sensorCount)) + slots {
      let e = d.explain(slot)
      let figures = [e.expected, e.low, e.high, e.lastValue, e.meanFlow, e.leakExcess, e.leakVolume, e.nightMinimum, e.nightReference]
      #expect(figures.allSatisfy { $0?.isFinite ?? true }, "\(note): \(e)")
      #expect(
        e.statistics.allSatisfy { $0.value.isFinite && $0.threshold.isFinite } && e.thresholdFactor.isFinite, "\(note): \(e.statistics)")
      for t in times {
        guard let band = d.expectation(slot, at: Timestamp(milliseconds: t)) else { continue }
        #expect(band.low.isFinite && band.expected.isFinite && band.high.isFinite, "\(note): \(band)")
      }
    }
  }

  /// Stretches of a normal history, and between them up to 300 readings of a wild kind each.
  @Test(arguments: UInt64(1)...10) func wildReadingsAmongNormalOnes(seed: UInt64) {
    let scenario = Scenario.random(seed)
    let readings = scenario.readings()
    var rng = SplitMix(seed)
    var d = scenario.detector()
    if seed.isMultiple(of: 3) { for k in scenario.means.indices { d.setProfile(SensorSlot(k), SensorProfile(allowsReverseFlow: true)) } }
    var wild: Int64 = 0
    var from = 0
    while from < readings.count {
      let to = min(readings.count, from + Int.random(in: 1...800, using: &rng))
      Self.check(d.run(Array(readings[from..<to])), "seed \(seed)")
      from = to
      let kind = Int.random(in: 0..<6, using: &rng)
      let repeated = Self.values.randomElement(using: &rng) ?? 0
      for n in 0..<Int.random(in: 1...300, using: &rng) {
        var r = readings[min(from + n, readings.count - 1)]
        if kind != 1 { r.value = kind == 0 ? repeated : Self.values.randomElement(using: &rng) ?? 0 }
        if kind == 1 || kind == 2 { r.time = Timestamp(milliseconds: Self.times.randomElement(using: &rng) ?? 0) }
        if kind == 1 || kind == 3 { r.arrival = Timestamp(milliseconds: Self.times.randomElement(using: &rng) ?? 0) }
        if kind == 4 { r.slot = Self.slots.randomElement(using: &rng) ?? 0 }
        // Times far ahead of their arrival are refused; the latest possible one with an unknown arrival would end the history.
        if r.time.milliseconds > 2_000_000_000_000 && n % 8 > 0 { r.arrival = readings[from - 1].time }
        wild += 1
        Self.check(d.run([r]), "seed \(seed), \(r)")
      }
      if kind == 5 {
        for t in Self.times.shuffled(using: &rng) { d.advance(to: Timestamp(milliseconds: t)) { Self.check([$0], "tick \(t)") } }
      }
    }
    Self.check(d, "seed \(seed)")
    #expect(d.ignoredReadings > 0 && d.ignoredReadings < wild)
  }

  /// Histories of impossible size: each is one value, now and then another.
  @Test(arguments: values.filter(\.isFinite)) func historiesOfOneWildSize(value: Double) {
    for reverse in [false, true] {
      var d = detector(1, SensorProfile(allowsReverseFlow: reverse))
      var rng = SplitMix(9)
      let start = Scenario(seed: 1).start
      let readings = (0..<(30 * 24)).map { i in
        let t = start.adding(seconds: Int64(i) * 3600)
        let wild = Int.random(in: 0..<100, using: &rng) == 0 ? Self.values.randomElement(using: &rng) ?? 0 : value
        return Reading(slot: 0, time: t, arrival: t, value: wild * Double.random(in: 0.8...1.2, using: &rng) * (i > 600 ? 2 : 1))
      }
      Self.check(d.run(readings), "\(value)")
      Self.check(d, "\(value)")
    }
  }

  @Test func impossibleTimesTellNothing() {
    let readings = Scenario(seed: 1).readings()
    var d = detector()
    _ = d.run(readings)
    let state = d.snapshot()
    for t in Self.times where t <= 0 || t >= 7_258_118_400_000 {
      d.advance(to: Timestamp(milliseconds: t)) { Issue.record("tick \(t): \($0)") }
      // Its arrival is not known either: otherwise three from the future are a clock that is wrong.
      #expect(d.run([Reading(slot: 0, time: Timestamp(milliseconds: t), arrival: Timestamp(milliseconds: 0), value: 1)]).isEmpty)
    }
    #expect(d.ignoredReadings > 5)
    for slot in Self.slots {
      #expect(d.run([Reading(slot: slot, time: readings[5].time, arrival: readings[5].time, value: 1)]).isEmpty)
    }
    // All but the count of ignored readings, which lies in the header.
    #expect(difference(Array(d.snapshot().dropFirst(40)), Array(state.dropFirst(40))) == nil)
  }

  @Test func silentAndConstantInputs() {
    var d = detector(2)
    #expect(d.run([]).isEmpty)
    let constant = (0..<20_000).map { i in
      Reading(slot: 0, time: Timestamp(seconds: 1_780_000_000 + Int64(i) * 600), arrival: Timestamp(seconds: 0), value: 0)
    }
    #expect(d.run(constant).leaks.isEmpty)
    #expect(d.expectation(1, at: Timestamp(seconds: 1_780_000_000)) == nil)
  }
}
