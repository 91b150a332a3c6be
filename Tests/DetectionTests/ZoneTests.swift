import Readings
import Testing

@testable import Detection

/// Zones as sums with signs of meters.
@Suite struct ZoneTests {
  /// Inlet 0 feeds the zone and, through outlet 1, the zone behind it. Slot 2 is the zone's net inflow.
  private static func zone() -> Detector {
    var d = detector(3)
    let isSet = d.setZone(2, [ZoneMember(slot: 0, isOutlet: false), ZoneMember(slot: 1, isOutlet: true)])
    precondition(isSet)
    return d
  }

  /// Zone of 10 m³/h and one of 20 m³/h behind it; `leak` is in the first, `beyond` in the second.
  private static func readings(
    days: Int = 45, inlet: Int = 15, outlet: Int = 15, leak: @escaping (Double) -> Double = { _ in 0 },
    beyond: @escaping (Double) -> Double = { _ in 0 }
  ) -> (inlet: [Reading], outlet: [Reading]) {
    // The same water passes both meters: flows are made minute by minute on the finer grid and averaged.
    let step = min(inlet, outlet)
    let own = Meter(days: days, minutes: step, mean: 10, seed: 3, extra: leak).readings()
    let behind = Meter(days: days, minutes: step, mean: 20, seed: 4, extra: beyond).readings()
    func coarse(_ values: [Double], _ minutes: Int, _ slot: SensorSlot) -> [Reading] {
      let k = minutes / step
      return stride(from: 0, to: values.count - k + 1, by: k).map { i in
        Reading(slot: slot, time: own[i].time, arrival: own[i].time, value: values[i..<i + k].reduce(0, +) / Double(k))
      }
    }
    return (coarse(zip(own, behind).map { $0.value + $1.value }, inlet, 0), coarse(behind.map(\.value), outlet, 1))
  }

  private static func merged(_ r: (inlet: [Reading], outlet: [Reading])) -> [Reading] {
    (r.inlet + r.outlet).sorted { ($0.time, $0.slot) < ($1.time, $1.slot) }
  }

  private static func run(_ d: inout Detector, _ readings: [Reading]) -> (derived: [Reading], transitions: [Transition]) {
    var derived: [Reading] = []
    var out: [Transition] = []
    readings.withUnsafeBufferPointer { d.process($0, derive: { derived.append($0) }, emit: { out.append($0) }) }
    return (derived, out)
  }

  /// Members of different intervals: the zone follows the slowest.
  @Test(arguments: [(15, 15, 15), (5, 15, 15), (15, 60, 60), (1, 5, 10), (10, 30, 30)]) func theSumIsInletsMinusOutlets(
    inlet: Int, outlet: Int, width: Int64
  ) throws {
    let r = Self.readings(days: 4, inlet: inlet, outlet: outlet)
    var d = Self.zone()
    let derived = Self.run(&d, Self.merged(r)).derived
    #expect(derived.count > 3 * 1440 / Int(width) && derived.allSatisfy { $0.slot == 2 && $0.sequence == Reading.derived })
    for x in derived {
      let end = x.time.adding(milliseconds: width * 60_000)
      func mean(_ rs: [Reading]) -> Double {
        let part = rs.filter { $0.time >= x.time && $0.time < end }.map(\.value)
        return part.reduce(0, +) / Double(part.count)
      }
      #expect(
        abs(x.value - (mean(r.inlet) - mean(r.outlet))) < 1e-4, "\(Meter().day(x.time)) \(x.value) \(mean(r.inlet)) \(mean(r.outlet))")
    }
    #expect(zip(derived, derived.dropFirst()).allSatisfy { $1.time.since($0.time) == width * 60_000 })
  }

  @Test func aLeakInTheZoneIsTheZonesAndOneBeyondIsNot() throws {
    var d = Self.zone()
    let inZone = Self.run(&d, Self.merged(Self.readings(leak: { $0 >= 40 ? 3 : 0 }))).transitions
    let found = try #require(inZone.openedLeaks.first { $0.slot == 2 })
    #expect(Meter().day(found.time) < 41.5 && abs(found.excess - 3) < 1)
    var other = Self.zone()
    let beyond = Self.run(&other, Self.merged(Self.readings(beyond: { $0 >= 40 ? 6 : 0 }))).transitions
    #expect(!beyond.openedLeaks.contains { $0.slot == 2 })
    #expect(beyond.openedLeaks.contains { $0.slot == 1 })
  }

  /// The outlet's gateway delivers an hour late: the sums are the same, and come as late.
  @Test func aLateMemberIsWaitedFor() {
    let r = Self.readings(days: 20)
    var d = Self.zone()
    let expected = Self.run(&d, Self.merged(r)).derived
    var late = Self.zone()
    let order = (r.inlet.map { ($0, $0.time) } + r.outlet.map { ($0, $0.time.adding(seconds: 3600)) })
      .sorted { ($0.1, $0.0.slot) < ($1.1, $1.0.slot) }.map { r, t in
        var r = r
        r.arrival = t
        return r
      }
    let got = Self.run(&late, order).derived
    // The first day both learn the intervals.
    let day = r.inlet[96].time
    let (a, b) = (expected.filter { $0.time > day }, got.filter { $0.time > day })
    #expect(b == Array(a.prefix(b.count)) && a.count - b.count <= 5)
  }

  /// What a member did not send is no zero: those hours of the zone are missing, and nothing is told of it.
  @Test func aSilentMemberMakesTheZoneMissingAndNotLow() {
    var r = Self.readings(days: 45)
    r.outlet.removeSubrange(3000..<3200)
    var d = Self.zone()
    let (derived, transitions) = Self.run(&d, Self.merged(r))
    let hole = r.inlet[3000].time..<r.inlet[3200].time
    #expect(!derived.contains { hole.contains($0.time) })
    #expect(transitions.leaks.isEmpty && !transitions.contains { $0.slot == 2 })
    #expect(transitions.opened(.gap).map(\.slot) == [1])
  }

  @Test func aFaultyMemberDoesNotReachTheZone() {
    var r = Self.readings(days: 45)
    for i in 3500..<3600 { r.inlet[i].value *= 1000 }
    var d = Self.zone()
    let (derived, transitions) = Self.run(&d, Self.merged(r))
    #expect(derived.allSatisfy { abs($0.value) < 100 } && !transitions.contains { $0.slot == 2 })
  }

  @Test func totalizersAreMembersToo() throws {
    var d = Detector(settings: .init())
    _ = d.addSensor(SensorProfile(quantity: .total))
    _ = d.addSensor(SensorProfile())
    _ = d.addSensor(SensorProfile())
    let isSet = d.setZone(2, [ZoneMember(slot: 0, isOutlet: false), ZoneMember(slot: 1, isOutlet: true)])
    #expect(isSet)
    var r = Self.readings(days: 4)
    var sum = 1000.0
    for i in r.inlet.indices {
      let flow = r.inlet[i].value
      r.inlet[i].value = sum
      sum += flow / 4
    }
    let derived = Self.run(&d, Self.merged(r)).derived
    #expect(derived.count > 350)
    #expect(derived.allSatisfy { $0.value > 0 && $0.value < 40 })
  }

  @Test(arguments: UInt64(1)...3) func splitAndRestoredZonesAreTheSame(seed: UInt64) throws {
    var rng = SplitMix(seed)
    let readings = Self.merged(Self.readings(days: 30, outlet: 60, leak: { $0 >= 25 ? 3 : 0 }))
    var whole = Self.zone()
    let expected = Self.run(&whole, readings)
    var d = Self.zone()
    var derived: [Reading] = []
    var out: [Transition] = []
    var from = 0
    while from < readings.count {
      let to = min(readings.count, from + Int.random(in: 1...400, using: &rng))
      let part = Self.run(&d, Array(readings[from..<to]))
      derived += part.derived
      out += part.transitions
      d = try Detector.restore(d.snapshot(), settings: .init(), calendar: .japan)
      // As at a restart: the settings name the same members again.
      let isSet = d.setZone(2, [ZoneMember(slot: 0, isOutlet: false), ZoneMember(slot: 1, isOutlet: true)])
      #expect(isSet)
      from = to
    }
    #expect(derived == expected.derived && out == expected.transitions, "seed \(seed)")
    let (a, b) = (whole.snapshot(), d.snapshot())
    #expect(a == b, "seed \(seed) \(zip(a, b).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset))")
  }

  @Test func membersAreChecked() {
    var d = detector(20)
    func members(_ slots: [SensorSlot]) -> [ZoneMember] { slots.map { ZoneMember(slot: $0, isOutlet: false) } }
    let results = [
      d.setZone(19, members([0, 1])), d.setZone(18, members([19])), d.setZone(18, members([0, 0])), d.setZone(18, members([77])),
      d.setZone(18, members(Array(0..<17))), d.setZone(18, members([0])), d.setZone(17, members([0])), d.setZone(16, members([0])),
      d.setZone(15, members([0])), d.setZone(19, members([1, 2])), d.setZone(15, members([0])),
    ]
    #expect(results == [true, false, false, false, false, true, true, true, false, true, true])
    // A virtual sensor has no readings of its own.
    let t = Meter().start
    _ = d.run([Reading(slot: 19, time: t, arrival: t, value: 5)])
    #expect(d.ignoredReadings == 1)
  }

  @Test func theRecordHoldsNoPadding() {
    #expect(MemoryLayout<ZoneState>.size == MemoryLayout<ZoneState>.stride && MemoryLayout<ZoneState>.size % 8 == 0)
    #expect(MemoryLayout<ZoneState>.size == 8 + 64 + 8 + 8 + 16 + 128 + 384 * 6)
  }
}
