import Detection
import Readings
import Testing

/// What the page is told.
@Suite struct ExplanationTests {
  @Test func learningShowsProgress() {
    let readings = Meter(days: 20).readings()
    var d = detector()
    #expect(d.explain(0).state == .learning(days: 0, of: 14))
    _ = d.run(Array(readings.prefix(96 * 5 + 8)))
    #expect(d.explain(0).state == .learning(days: 5, of: 14))
    _ = d.run(Array(readings.dropFirst(96 * 5 + 8)))
    #expect(d.explain(0).state == .normal)
    #expect(d.explain(0).interval == 900_000)
  }

  @Test func bandHoldsMostReadingsOfAQuietMeter() {
    let readings = Meter(days: 60).readings()
    var d = detector()
    _ = d.run(Array(readings[0..<(50 * 96)]))
    var inside = 0
    for r in readings[(50 * 96)...] {
      guard let b = d.expectation(0, at: r.time) else { continue }
      #expect(b.low <= b.expected && b.expected <= b.high)
      if b.low <= r.value && r.value <= b.high { inside += 1 }
    }
    #expect(Double(inside) > 0.9 * 960)
  }

  @Test func openLeakIsExplained() throws {
    var meter = Meter(days: 36)
    meter.extra = { $0 >= 33 ? 8 : 0 }
    var d = detector()
    _ = d.run(meter.readings())
    let e = d.explain(0)
    #expect(e.state == .leak(.burst) && e.isLearningSuspended)
    #expect(abs((e.leakExcess ?? 0) - 8) < 2)
    #expect(abs(meter.day(try #require(e.leakOnset)) - 33) < 0.2)
    #expect(abs((e.meanFlow ?? 0) - 20) < 3)
    let shift = try #require(e.statistics.first { $0.name == "shift_24h" })
    #expect(shift.value > shift.threshold && shift.threshold > 0)
    let (minimum, reference) = (try #require(e.nightMinimum), try #require(e.nightReference))
    #expect(minimum > reference + 4)
  }

  @Test func unknownSlotIsEmpty() { #expect(detector().explain(7).state == .learning(days: 0, of: 14)) }
}
