import Detection
import Readings
import Testing

/// Faults of meter and line are events of their own kind, no leaks, and leave the baseline alone.
@Suite struct HealthTests {
  @Test func silenceOpensAGapOnceAndTheNextReadingClosesIt() throws {
    let meter = Meter(days: 30)
    let readings = meter.readings()
    var d = detector()
    _ = d.run(Array(readings[0..<2000]))
    var out: [Transition] = []
    let last = readings[1999].time
    for minute in 1...600 { d.advance(to: last.adding(seconds: Int64(minute) * 60)) { out.append($0) } }
    let gap = try #require(out.first)
    #expect(out.count == 1 && gap.kind == .gap && gap.change == .opened && gap.onset == last)
    #expect(gap.time.since(last) > 3_600_000 && gap.time.since(last) < 2 * 3_600_000)
    let after = d.run(Array(readings[2040..<2100]))
    #expect(after.map(\.change) == [.closed] && after.map(\.kind) == [.gap])
    #expect(after.first?.firstOnset == gap.firstOnset)
  }

  @Test func advanceChangesNothingUnlessItReports() {
    let readings = Meter(days: 10).readings()
    var d = detector()
    _ = d.run(readings)
    let before = d.snapshot()
    var count = 0
    d.advance(to: (readings.last?.time ?? .distantPast).adding(seconds: 1800)) { _ in count += 1 }
    #expect(count == 0 && d.snapshot() == before)
  }

  @Test func gapNobodySawIsRecordedWhenItEnds() {
    let readings = Meter(days: 30).readings()
    let out = judge(Array(readings[0..<1500] + readings[1560...]))
    #expect(out.map(\.kind) == [.gap, .gap] && out.map(\.change) == [.opened, .closed])
    #expect(out.first?.onset == readings[1499].time)
  }

  /// Readings every 15 min: 30 min are two of them.
  @Test(arguments: [(0, 60), (20, 30), (180, 180)]) func silenceIsAGapAfterTheSetTime(minutes: Int, expected: Int64) throws {
    let readings = Meter(days: 10, minutes: 15).readings()
    var settings = DetectorSettings()
    settings.gapMinutes = minutes
    var d = detector(settings: settings)
    _ = d.run(readings)
    let last = try #require(readings.last).time
    var opened: [Int64] = []
    for minute in 1...300 { d.advance(to: last.adding(seconds: Int64(minute) * 60)) { opened.append($0.time.since(last) / 60_000) } }
    #expect(opened == [expected + 1])
  }

  @Test(arguments: [5, 15, 60]) func stuckMeterIsAFault(minutes: Int) throws {
    var readings = Meter(days: 30, minutes: minutes).readings()
    let from = 20 * 1440 / minutes
    let to = 21 * 1440 / minutes
    for i in from..<to { readings[i].value = readings[from].value }
    let out = judge(readings)
    #expect(out.map(\.kind) == [.stuck, .stuck] && out.map(\.change) == [.opened, .closed])
    #expect(out.first?.onset == readings[from].time)
    #expect(try #require(out.first).time.since(readings[from].time) <= Int64(max(180, 5 * minutes)) * 60_000)
  }

  @Test func meterOfCoarseStepsIsNotStuck() {
    let readings = Meter(days: 40, minutes: 5, mean: 3).readings().map {
      Reading(slot: 0, time: $0.time, arrival: $0.time, value: max(0.5, ($0.value * 2).rounded() / 2))
    }
    #expect(judge(readings).opened(.stuck).isEmpty)
  }

  @Test func valuesOutsideTheMetersRangeAreAFault() {
    var readings = Meter(days: 30).readings()
    for i in 2000..<2010 { readings[i].value = 500 + Double(i) }
    let out = judge(readings, SensorProfile(range: 0...100))
    #expect(out.map(\.kind) == [.outOfRange, .outOfRange])
  }

  @Test func reverseFlowIsAFaultUnlessAllowed() {
    var readings = Meter(days: 30).readings()
    for i in 2000..<2010 { readings[i].value = -readings[i].value }
    #expect(judge(readings).opened(.reverseFlow).count == 1)
    #expect(judge(readings, SensorProfile(allowsReverseFlow: true)).opened(.reverseFlow).isEmpty)
  }

  /// What the codec refused, as the service hands it over.
  private func refusing(_ readings: [Reading], _ refused: Range<Int>, _ d: inout Detector) -> [Transition] {
    var out: [Transition] = []
    for (i, r) in readings.enumerated() {
      guard refused.contains(i) else {
        out += d.run([r])
        continue
      }
      d.noteReverse(Reading(slot: r.slot, time: r.time, arrival: r.arrival, value: -r.value), emit: { out.append($0) })
      d.advance(to: r.arrival) { out.append($0) }
    }
    return out
  }

  /// Told when and as flow that the detector judges itself, from the third reading to the first good one; no gap beside it.
  @Test(arguments: [5, 15, 60]) func refusedFlowIsReverseFlowAndTeachesNothing(minutes: Int) throws {
    let readings = Meter(days: 30, minutes: minutes).readings()
    let (from, to) = (20 * 1440 / minutes, 20 * 1440 / minutes + 10)
    var reversed = readings
    for i in from..<to { reversed[i].value = -reversed[i].value }
    var d = detector()
    let out = refusing(readings, from..<to, &d)
    #expect(out.map(\.kind) == [.reverseFlow, .reverseFlow] && out.map(\.change) == [.opened, .closed])
    #expect(out == judge(reversed))
    let opened = try #require(out.first)
    #expect(opened.onset == readings[from + 2].time && opened.observed < 0)
    var clean = detector()
    _ = clean.run(readings.enumerated().filter { !(from..<to).contains($0.offset) }.map(\.element))
    try expectTheSame(clean, d, from: try #require(readings.last?.time), within: 1e-9)
  }

  /// It was refused by the settings of then: those of now, a range that ends at 0, and that it comes twice change nothing.
  @Test func refusedFlowStaysWhatItWas() {
    let readings = Meter(days: 30).readings()
    var plain = detector()
    let expected = refusing(readings, 2000..<2010, &plain)
    #expect(expected.count == 2)
    for profile in [SensorProfile(allowsReverseFlow: true), SensorProfile(range: 0...500)] {
      var d = detector(1, profile)
      #expect(refusing(readings, 2000..<2010, &d) == expected)
    }
    var d = detector()
    var out = refusing(Array(readings[..<2005]), 2000..<2005, &d)
    for r in readings[2001..<2005] {
      d.noteReverse(Reading(slot: 0, time: r.time, arrival: r.arrival, value: -r.value), emit: { out.append($0) })
    }
    out += refusing(Array(readings[2005...]), 0..<5, &d)
    #expect(out == expected)
  }

  @Test func whatIsNoRefusedFlowIsIgnored() {
    var d = detector()
    let total = d.addSensor(SensorProfile(quantity: .total))
    let time = Timestamp(seconds: 1_760_000_000)
    for (slot, value) in [(SensorSlot(0), 1.0), (0, .nan), (7, -1), (-1, -1), (total, -1)] {
      d.noteReverse(Reading(slot: slot, time: time, arrival: time, value: value)) { _ in }
    }
    #expect(d.ignoredReadings == 5 && d.explain(0).lastTime == nil)
  }

  @Test func thousandfoldValuesAreAUnitJump() {
    var readings = Meter(days: 40).readings()
    for i in 2500..<2800 { readings[i].value *= 1000 }
    let out = judge(readings)
    #expect(out.map(\.kind) == [.unitJump, .unitJump])
  }

  /// Both expect the same over the next day, in m³/h.
  private func expectTheSame(_ a: borrowing Detector, _ b: borrowing Detector, from last: Timestamp, within limit: Double) throws {
    for hours in 0..<24 {
      let t = last.adding(seconds: Int64(hours) * 3600)
      let (before, after) = (a.expectation(0, at: t), b.expectation(0, at: t))
      let x = try #require(before)
      let y = try #require(after)
      #expect(abs(x.expected - y.expected) < limit)
    }
  }

  /// m³/min or L instead of m³/h: from ten in the morning for two days. The daily course tells it from a closed valve.
  @Test(arguments: [60.0, 1000], [5, 15, 60]) func smallValuesWithTheUsualCourseAreAUnitJump(factor: Double, minutes: Int) throws {
    let meter = Meter(days: 40, minutes: minutes)
    var readings = meter.readings()
    let from = (26 * 1440 + 600) / minutes
    for i in from..<from + 2880 / minutes { readings[i].value /= factor }
    let out = judge(readings)
    #expect(out.map(\.kind) == [.unitJump, .unitJump] && out.map(\.change) == [.opened, .closed])
    let opened = try #require(out.first)
    #expect(opened.onset.since(readings[from].time) <= 3_600_000 && opened.time.since(readings[from].time) <= 24 * 3_600_000)
    #expect(try #require(out.last).time.since(readings[from + 2880 / minutes].time) <= Int64(3 * minutes + 10) * 60_000)
    // Nothing was learnt of it.
    var a = detector()
    var b = detector()
    _ = a.run(meter.readings())
    _ = b.run(readings)
    let last = try #require(readings.last?.time)
    try expectTheSame(a, b, from: last, within: 0.05 * 20)
  }

  /// What trickles past a closed valve has no course, or the noise of its own.
  @Test(arguments: [60.0, 1000], [0.0, 0.3]) func trickleOfAClosedValveIsNoUnitJump(factor: Double, noise: Double) {
    var readings = Meter(days: 40).readings()
    var rng = SplitMix(9)
    for i in 2500..<2800 { readings[i].value = max(0, 20 / factor * (1 + noise * rng.normal())) }
    #expect(judge(readings).opened(.unitJump).isEmpty)
  }

  @Test func singleSpikeIsRecordedAndMovesNothing() throws {
    let clean = Meter(days: 40).readings()
    var spiked = clean
    for i in stride(from: 2000, to: 3600, by: 97) { spiked[i].value += 150 }
    let out = judge(spiked)
    #expect(out.leaks.isEmpty && out.opened(.spike).count >= 12)
    var a = detector()
    var b = detector()
    _ = a.run(clean)
    _ = b.run(spiked)
    let last = try #require(clean.last?.time)
    try expectTheSame(a, b, from: last, within: 0.03 * 20)
  }

  @Test func clockThatRunsAheadIsIgnored() {
    let readings = Meter(days: 30).readings()
    var d = detector()
    let expected = d.run(Array(readings[0..<2000]))
    var ahead = readings[2000]
    ahead.time = ahead.time.adding(seconds: 400 * 86_400)
    #expect(expected.isEmpty && d.run([ahead]).isEmpty)
    #expect(d.ignoredReadings == 1)
    #expect(d.run(Array(readings[2000...])).isEmpty)
  }
}
