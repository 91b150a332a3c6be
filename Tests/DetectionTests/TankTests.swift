import Readings
import Testing

@testable import Detection

/// The mass balance of a tank as a meter of its own.
@Suite struct TankTests {
  /// 100 m², a pump that fills it (slot 0), the outlet to the town (1), the level (2), the balance (3).
  static func detector(shape: TankShape? = nil, outlet: Bool = true, minimumLeak: Double? = nil) -> Detector {
    var d = Detector()
    _ = d.addSensor(SensorProfile())
    _ = d.addSensor(SensorProfile())
    _ = d.addSensor(SensorProfile(quantity: .level))
    _ = d.addSensor(SensorProfile(minimumLeak: minimumLeak))
    tie(&d, shape: shape, outlet: outlet)
    return d
  }

  static func tie(_ d: inout Detector, shape: TankShape? = nil, outlet: Bool = true) {
    var members = [ZoneMember(slot: 0, isOutlet: false)]
    if outlet { members.append(ZoneMember(slot: 1, isOutlet: true)) }
    let shape = shape ?? TankShape(area: 100)!
    let isSet = d.setTank(3, members, level: 2, shape: shape, leastWidth: shape.width(resolution: 0.01, error: 0.2))
    precondition(isSet)
  }

  struct Water {
    var readings: [Reading] = []
    /// m³/h at a day, of the truth.
    var leak: (Double) -> Double
  }

  /// A pump of 36 m³/h between two marks, an outlet of 20 m³/h, both metered to 1 %, a level in steps of 1 cm with 4 mm of waves.
  static func water(
    days: Int, minutes: Int = 5, seed: UInt64 = 1, curve: (Double) -> Double = { $0 / 100 }, leak: @escaping (Double) -> Double = { _ in 0 }
  ) -> Water {
    var rng = SplitMix(seed)
    let town = Meter(days: days, minutes: minutes, mean: 20, noise: 0.03, seed: seed).readings()
    var volume = 250.0
    var isPumping = true
    var out: [Reading] = []
    let hours = Double(minutes) / 60
    for r in town {
      if volume < 200 { isPumping = true } else if volume > 330 { isPumping = false }
      let level = ((curve(volume) + 0.004 * rng.normal()) * 100).rounded() / 100
      let inflow = isPumping ? 36.0 : 0
      func reading(_ slot: SensorSlot, _ value: Double) -> Reading { Reading(slot: slot, time: r.time, arrival: r.arrival, value: value) }
      out += [
        reading(0, isPumping ? ((inflow * (1 + 0.01 * rng.normal())) * 100).rounded() / 100 : 0),
        reading(1, ((r.value * (1 + 0.01 * rng.normal())) * 100).rounded() / 100), reading(2, level),
      ]
      volume += (inflow - r.value - leak(Meter().day(r.time))) * hours
    }
    return Water(readings: out, leak: leak)
  }

  static func run(_ d: inout Detector, _ readings: [Reading]) -> (derived: [Reading], transitions: [Transition]) {
    var derived: [Reading] = []
    var out: [Transition] = []
    readings.withUnsafeBufferPointer { d.process($0, derive: { derived.append($0) }, emit: { out.append($0) }) }
    return (derived, out)
  }

  private func mean(_ derived: [Reading], _ days: Range<Double>) -> Double {
    let part = derived.filter { days.contains(Meter().day($0.time)) }.map(\.value)
    return part.reduce(0, +) / Double(max(part.count, 1))
  }

  @Test(arguments: [1, 5, 10, 30]) func theBalanceIsWhatIsMissing(minutes: Int) {
    var d = Self.detector()
    let (derived, _) = Self.run(&d, Self.water(days: 12, minutes: minutes, leak: { $0 >= 6 ? 2 : 0 }).readings)
    #expect(derived.allSatisfy { $0.slot == 3 && $0.sequence == Reading.derived })
    // Steps of 1 cm are 1 m³: an hour each, and none is missing after the beginning.
    #expect(derived.count > 11 * 24)
    #expect(zip(derived, derived.dropFirst()).allSatisfy { $1.time.since($0.time) == 3_600_000 })
    #expect(
      abs(mean(derived, 1..<6)) < 0.15 && abs(mean(derived, 6.1..<11.9) - 2) < 0.15, "\(mean(derived, 1..<6)) \(mean(derived, 6.1..<11.9))")
    let wild = derived.filter { abs($0.value - (Meter().day($0.time) >= 6 ? 2 : 0)) > 3 }
    #expect(wild.count < 3, "\(wild.count)")
  }

  /// The town draws what it always draws: neither meter shows anything of it.
  @Test(arguments: UInt64(1)...3) func aLeakOfTheTankIsFoundByTheBalanceOnly(seed: UInt64) throws {
    var d = Self.detector()
    let out = Self.run(&d, Self.water(days: 45, seed: seed, leak: { $0 >= 38.4 ? 2.5 : 0 }).readings).transitions
    // Of the pump itself nothing is asked: it runs more.
    #expect(!out.openedLeaks.contains { $0.slot != 0 && Meter().day($0.onset) < 38 })
    let found = try #require(out.openedLeaks.first { $0.slot == 3 })
    #expect(Meter().day(found.time) < 39.5 && abs(found.excess - 2.5) < 1.3)
    #expect(!out.openedLeaks.contains { $0.slot == 1 })
    // In figures of the balance: nothing is expected to be missing.
    #expect(abs(found.expected) < 1 && abs(found.observed - 2.5) < 1.5)
    let e = d.explain(3)
    let (mean, expected, last) = (try #require(e.meanFlow), try #require(e.expected), try #require(e.lastValue))
    #expect(abs(mean) < 1 && abs(expected) < 1 && abs(last - 2.5) < 2)
  }

  @Test func withoutAnOutletItIsWhatTheTownDraws() throws {
    var d = Self.detector(outlet: false)
    let (derived, out) = Self.run(&d, Self.water(days: 40, leak: { $0 >= 35.4 ? 4 : 0 }).readings.filter { $0.slot != 1 })
    #expect(abs(mean(derived, 1..<35) - 19) < 2)
    let found = try #require(out.openedLeaks.first { $0.slot == 3 })
    #expect(Meter().day(found.onset) > 35 && abs(found.excess - 4) < 1.5)
  }

  @Test func aTankThatWidensIsMeasuredByItsCurve() {
    let shape = TankShape([.init(level: 0, volume: 0), .init(level: 2, volume: 150), .init(level: 3, volume: 400)])!
    var d = Self.detector(shape: shape)
    let water = Self.water(days: 8, curve: { v in v < 150 ? v / 75 : 2 + (v - 150) / 250 }, leak: { $0 >= 4 ? 3 : 0 })
    let (derived, _) = Self.run(&d, water.readings)
    #expect(abs(mean(derived, 1..<4)) < 0.3 && abs(mean(derived, 4.1..<7.9) - 3) < 0.3)
  }

  @Test func aSilentGaugeMakesItMissing() {
    var d = Self.detector()
    let hole = 20.0..<22.0
    let water = Self.water(days: 40)
    let (derived, out) = Self.run(&d, water.readings.filter { $0.slot != 2 || !hole.contains(Meter().day($0.time)) })
    #expect(!derived.contains { Meter().day($0.time) > 20.05 && Meter().day($0.time) < 21.95 })
    #expect(derived.contains { Meter().day($0.time) > 22.1 && Meter().day($0.time) < 22.3 })
    #expect(!out.leaks.contains { $0.slot != 0 } && out.opened(.gap).map(\.slot) == [2])
    #expect(!out.contains { $0.kind == .stuck })
  }

  @Test func widthFollowsTheGaugesSteps() {
    let shape = TankShape(area: 150)!
    // 150 m² · 1 mm / 0.2 m³/h = 45 min; · 1 cm = 7.5 h, of which an hour is the most.
    #expect(shape.width(resolution: 0.001, error: 0.2) == 3_600_000 && shape.width(resolution: 0.01, error: 0.2) == 3_600_000)
    #expect(TankShape(area: 20)!.width(resolution: 0.001, error: 0.2) == 600_000)
    #expect(TankShape(area: 50)!.width(resolution: 0.001, error: 0.1) == 1_800_000)
    #expect(TankShape([.init(level: 1, volume: 0), .init(level: 1, volume: 5)]) == nil && TankShape(area: 0) == nil)
  }

  @Test func whatIsNoTankIsRefused() {
    var d = Self.detector()
    let shape = TankShape(area: 10)!
    let results = [
      d.setTank(3, [ZoneMember(slot: 0, isOutlet: false)], level: 1, shape: shape, leastWidth: 600_000),
      d.setTank(3, [ZoneMember(slot: 0, isOutlet: true)], level: 2, shape: shape, leastWidth: 600_000),
      d.setTank(3, [ZoneMember(slot: 0, isOutlet: false)], level: 77, shape: shape, leastWidth: 600_000),
      d.setTank(3, [], level: 2, shape: shape, leastWidth: 600_000),
    ]
    #expect(results == [false, false, false, true])
  }

  @Test func theRecordHoldsNoPadding() {
    #expect(MemoryLayout<TankState.Bound>.size == 48 && MemoryLayout<TankState.Bound>.stride == 48)
    #expect(MemoryLayout<TankState>.size == MemoryLayout<TankState>.stride)
    #expect(MemoryLayout<TankState>.size == 16 + 64 + 16 + 16 + 128 + 32 * 48 + 16 + 8 + 8)
  }
}
