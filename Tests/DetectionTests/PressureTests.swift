import Readings
import Testing

@testable import Detection

/// A fall of pressure speaks for a burst, and alone for nothing.
@Suite struct PressureTests {
  /// Meter 0 with a gauge of pressure, slot 1, in the same pipes.
  static func detector(tied: Bool = true) -> Detector {
    var d = Detector()
    _ = d.addSensor(SensorProfile())
    _ = d.addSensor(SensorProfile(quantity: .pressure))
    if tied { d.setProfile(0, SensorProfile(pressure: [1])) }
    return d
  }

  /// 400 kPa, less by the square of the flow, and by `fall`.
  static func gauge(_ flow: [Reading], mean: Double, seed: UInt64 = 9, fall: @escaping (Double) -> Double = { _ in 0 }) -> [Reading] {
    var rng = SplitMix(seed)
    return flow.map { r in
      let q = r.value / mean
      let value = 400 - 15 * q * q - fall(Meter().day(r.time)) + 0.8 * rng.normal()
      return Reading(slot: 1, time: r.time, arrival: r.arrival, value: (value * 10).rounded() / 10)
    }
  }

  static func merged(_ a: [Reading], _ b: [Reading]) -> [Reading] { (a + b).sorted { ($0.time, $0.slot) < ($1.time, $1.slot) } }

  private struct Course {
    var flow: [Reading]
    var pressure: [Reading]
    var all: [Reading] { PressureTests.merged(flow, pressure) }

    /// A burst of `share` of the mean from day 35.6 on (14:24), which takes `fall` kPa.
    init(minutes: Int = 5, seed: UInt64 = 1, share: Double, fall: Double, hours: Double = 72) {
      let end = 35.6 + hours / 24
      let meter = Meter(days: 38, minutes: minutes, mean: 20, seed: seed, extra: { $0 >= 35.6 && $0 < end ? 20 * share : 0 })
      flow = meter.readings()
      pressure = PressureTests.gauge(Meter(days: 38, minutes: minutes, mean: 20, seed: seed).readings(), mean: 20) {
        $0 >= 35.6 && $0 < end ? fall : 0
      }
    }
  }

  /// Hours from the burst until it is told; infinity = not told.
  private func delay(_ out: [Transition]) -> Double {
    out.openedLeaks.first { $0.slot == 0 && Meter().day($0.time) >= 35.6 }.map { (Meter().day($0.time) - 35.6) * 24 } ?? .infinity
  }

  /// A fifth of the mean at noise of 4 %: every second one within the hours that a hydrant may take, the others when they are found anyhow.
  @Test func aBurstOpensSoonerWithPressure() throws {
    let delays = try (UInt64(1)...4).map { try self.delays(seed: $0) }
    #expect(delays.allSatisfy { $0.soon <= $0.late && $0.late > 8 }, "\(delays)")
    #expect(delays.count { $0.soon < 2.25 } >= 2, "\(delays)")
  }

  private func delays(seed: UInt64) throws -> (soon: Double, late: Double) {
    let course = Course(seed: seed, share: 0.19, fall: 25)
    var alone = Self.detector(tied: false)
    var together = Self.detector()
    let (late, soon) = (alone.run(course.all), together.run(course.all))
    let told = try #require(soon.openedLeaks.first { $0.slot == 0 })
    let fall = try #require(told.pressure)
    #expect(told.evidence.contains(.pressureDrop) && fall.slot == 1)
    #expect(abs(fall.size - 25) < 8 && abs((Meter().day(fall.time) - 35.6) * 24) < 0.25)
    #expect(soon.leaks.filter { $0.slot == 0 }.allSatisfy { $0.pressure == fall })
    return (delay(soon), delay(late))
  }

  @Test(arguments: UInt64(1)...4) func aLargeBurstIsExplainedByPressureToo(seed: UInt64) throws {
    let course = Course(seed: seed, share: 0.8, fall: 60)
    var d = Self.detector()
    let told = try #require(d.run(course.all).openedLeaks.first)
    #expect(told.evidence.contains(.pressureDrop) && told.pressure.map { abs($0.size - 60) < 15 } == true)
  }

  /// A valve, a pump, a gauge that is moved: noted at the gauge, told to nobody.
  @Test(arguments: [5, 15]) func pressureAloneIsNoLeak(minutes: Int) throws {
    let course = Course(minutes: minutes, share: 0, fall: 60, hours: 8)
    var d = Self.detector()
    let out = d.run(course.all)
    #expect(out.leaks.isEmpty)
    let falls = out.filter { $0.kind == .pressureFall && Meter().day($0.onset) > 35 }
    #expect(falls.map(\.change) == [.opened, .closed] && falls.allSatisfy { $0.slot == 1 && $0.severity == .info })
    #expect(try #require(falls.first?.pressure).size > 40)
  }

  @Test func aRiseWithoutAFallIsJudgedAsWithoutAGauge() {
    let course = Course(share: 0.15, fall: 0)
    var alone = Self.detector(tied: false)
    var together = Self.detector()
    let a = alone.run(course.all).filter { $0.slot == 0 }
    let b = together.run(course.all).filter { $0.slot == 0 }
    #expect(a == b)
  }

  /// A hydrant takes pressure as well: what it shows ends before a leak would be told.
  @Test(arguments: UInt64(1)...4) func aHydrantIsNoBurst(seed: UInt64) {
    let course = Course(seed: seed, share: 1.2, fall: 60, hours: 0.75)
    var d = Self.detector()
    #expect(d.run(course.all).openedLeaks.isEmpty)
  }

  @Test func aDayOfUsualPumpingIsNoFall() {
    let meter = Meter(days: 38, minutes: 5, mean: 20)
    let pressure = Self.gauge(meter.readings(), mean: 20) { day in
      let hour = day * 24
      // Runs at another time each day, 25 kPa less for two hours.
      let begin = (hour / 24).rounded(.down) * 24 + 9 + 3 * sin(day.rounded(.down))
      return hour >= begin && hour < begin + 2 ? 25 : 0
    }
    var d = Self.detector()
    let out = d.run(Self.merged(meter.readings(), pressure))
    #expect(out.leaks.isEmpty)
    // At first each is new; when it is known none is.
    #expect(out.filter { $0.kind == .pressureFall && $0.change == .opened && meter.day($0.onset) > 21 }.count <= 2)
  }

  @Test func theRecordHoldsNoPadding() {
    #expect(MemoryLayout<PressureState>.size == MemoryLayout<PressureState>.stride)
    #expect(MemoryLayout<PressureState>.size == 8 + 64 + 16 + 12 + 16 + 8 + 4 + 8 + 8 + 8)
    #expect(MemoryLayout<WatchState>.size == 56 && MemoryLayout<WatchState>.stride == 56)
  }
}

/// Foundation is not needed for this.
private func sin(_ x: Double) -> Double {
  var y = x.truncatingRemainder(dividingBy: 6.283185307179586)
  if y > 3.141592653589793 { y -= 6.283185307179586 }
  // Bhaskara I; within 0.002.
  let a = abs(y)
  let s = 16 * a * (3.141592653589793 - a) / (49.34802200544679 - 4 * a * (3.141592653589793 - a))
  return y < 0 ? -s : s
}
