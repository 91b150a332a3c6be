import Detection
import Readings
import Testing

/// The same readings give the same transitions bit for bit: in any batches, restored at any reading, swapped within the window.
@Suite struct DeterminismTests {
  static let settings = DetectorSettings()

  /// Three meters with leaks, faults and gaps, merged by time.
  static func town(minutes: Int = 10, days: Int = 45) -> [Reading] {
    var all: [Reading] = []
    for k in 0..<3 {
      var meter = Meter(days: days, minutes: minutes, mean: 5 * Double(k + 1), seed: UInt64(k + 7), slot: SensorSlot(k))
      let size = 3 * Double(k + 1)
      meter.extra = { $0 >= 25.3 + Double(k) && $0 < 32 ? size : $0 > 40.2 && $0 < 40.23 ? 10 * size : 0 }
      all += meter.readings().enumerated().filter { i, _ in !(i > 2000 && i < 2000 + 60 * k) }.map { $0.element }
    }
    return all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  @Test(arguments: [1, 2, 3]) func anyBatchingGivesTheSame(seed: UInt64) {
    let readings = Self.town()
    var whole = detector(3)
    let expected = whole.run(readings)
    #expect(expected.openedCount >= 3)
    var rng = SplitMix(seed)
    var split = detector(3)
    #expect(split.run(readings, batches: &rng) == expected)
    #expect(split.snapshot() == whole.snapshot())
  }

  @Test func restoredAtRandomReadingsGivesTheSame() throws {
    let readings = Self.town()
    var whole = detector(3)
    let expected = whole.run(readings)
    for seed in UInt64(1)...6 {
      var rng = SplitMix(seed)
      var cuts = (0..<12).map { _ in Int.random(in: 0..<readings.count, using: &rng) }.sorted()
      cuts.append(readings.count)
      var d = detector(3)
      var out: [Transition] = []
      var from = 0
      for cut in cuts {
        out += d.run(Array(readings[from..<cut]))
        let bytes = d.snapshot()
        d = try Detector.restore(bytes, settings: Self.settings, calendar: .japan)
        #expect(d.snapshot() == bytes)
        from = cut
      }
      #expect(out == expected, "seed \(seed)")
    }
  }

  @Test(arguments: [5, 10]) func swapsWithinTenMinutesChangeNothing(minutes: Int) {
    let readings = Self.town(minutes: minutes)
    let expected = judge(readings)
    var swapped = readings
    var rng = SplitMix(11)
    // Each reading is put off by up to 9 min, the newest event time shows when it arrives.
    let delays = readings.map { $0.time.milliseconds + Int64.random(in: 0..<540_000, using: &rng) }
    swapped = readings.indices.sorted { (delays[$0], $0) < (delays[$1], $1) }.map { readings[$0] }
    #expect(swapped != readings)
    let got = judge(swapped)
    func essence(_ ts: [Transition]) -> [String] {
      ts.map { "\($0.slot) \($0.kind) \($0.change) \($0.onset.milliseconds) \($0.excess)" }.sorted()
    }
    #expect(essence(got.filter { $0.kind != .gap }) == essence(expected.filter { $0.kind != .gap }))
  }

  @Test func lateAndDuplicatedReadingsAreCountedAndChangeNothing() {
    let readings = Self.town()
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
    #expect(d.run(more) == expected)
    #expect((0..<3).reduce(0) { $0 + d.explain(SensorSlot($1)).lateReadings } > 300)
  }

  @Test func otherSensorsChangeNothing() {
    let readings = Self.town()
    let alone = judge(readings.filter { $0.slot == 0 })
    #expect(judge(readings).filter { $0.slot == 0 } == alone)
  }

  @Test func wholeWeeksLaterGivesTheSame() {
    // Weeks without holidays in both places.
    var meter = Meter(days: 40)
    meter.extra = { $0 >= 30 && $0 < 35 ? 5 : 0 }
    let here = judge(meter.readings())
    let shift: Int64 = -364 * 86_400_000 / 52 * 3
    let there = judge(
      meter.readings().map {
        Reading(slot: 0, time: $0.time.adding(milliseconds: shift), arrival: $0.arrival.adding(milliseconds: shift), value: $0.value)
      })
    #expect(!here.isEmpty)
    #expect(there.map { $0.time.milliseconds - shift } == here.map(\.time.milliseconds))
  }

  @Test(arguments: [0.25, 4.0, 1024.0]) func unitsDoNotMatter(scale: Double) {
    var settings = DetectorSettings()
    settings.minimumLeak = 0
    let readings = Self.town()
    let scaled = readings.map { Reading(slot: $0.slot, time: $0.time, arrival: $0.arrival, value: $0.value * scale) }
    let a = judge(readings, settings: settings).filter { $0.change == .opened || $0.change == .closed }
    let b = judge(scaled, settings: settings).filter { $0.change == .opened || $0.change == .closed }
    #expect(a.map(\.time) == b.map(\.time) && a.map(\.kind) == b.map(\.kind))
    #expect(zip(a, b).allSatisfy { abs($0.excess * scale - $1.excess) <= 1e-3 * abs($1.excess) })
  }
}
