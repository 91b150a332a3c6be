import Readings
import Testing

@testable import Detection

/// Totalizers: the register's increase is judged as flow.
@Suite struct RegisterTests {
  /// A meter's flow as its register, in steps of `resolution` m³, beginning anew at `size`.
  private static func register(_ meter: Meter, from start: Double = 5000, resolution: Double = 0.1, size: Double = 1e9) -> [Reading] {
    var sum = start
    return meter.readings().map { r in
      var r = r
      // The register at the end of the interval that the flow is of.
      sum += r.value * Double(meter.minutes) / 60
      r.time = r.time.adding(milliseconds: Int64(meter.minutes) * 60_000)
      r.arrival = r.time
      r.value = ((sum / resolution).rounded(.down) * resolution).truncatingRemainder(dividingBy: size)
      return r
    }
  }

  private static let total = SensorProfile(quantity: .total)

  @Test(arguments: [(1, 0.01), (5, 0.1), (15, 1.0), (60, 1.0)]) func expectedFlowIsTheFlow(minutes: Int, resolution: Double) throws {
    let meter = Meter(days: 21, minutes: minutes)
    var d = detector(1, Self.total)
    let got = d.run(Self.register(meter, resolution: resolution))
    #expect(got.isEmpty)
    var flow = detector()
    _ = flow.run(meter.readings())
    let means = (d.explain(0).meanFlow, flow.explain(0).meanFlow)
    let a = try #require(means.0)
    let b = try #require(means.1)
    #expect(abs(a - b) < 0.02 * b)
    for h in 0..<24 {
      let t = meter.start.adding(seconds: Int64(20 * 24 + h) * 3600 + 1800)
      let (own, other) = (d.expectation(0, at: t), flow.expectation(0, at: t))
      let x = try #require(own)
      let y = try #require(other)
      #expect(abs(x.expected - y.expected) < 0.12 * b, "hour \(h): \(x.expected) and \(y.expected)")
    }
  }

  @Test(arguments: [5, 15, 60]) func aBurstIsFoundInTheRegister(minutes: Int) throws {
    let meter = Meter(days: 45, minutes: minutes, extra: { $0 >= 40.4 ? 8 : 0 })
    let got = judge(Self.register(meter), Self.total)
    let found = try #require(got.openedLeaks.first)
    #expect(got.openedLeaks.count == 1)
    #expect(meter.day(found.time) < 40.9 && abs(meter.day(found.onset) - 40.4) < 0.1)
    // The first figure is of two hours; after days it has settled.
    let last = try #require(got.leaks.last)
    #expect(abs(last.excess - 8) < 1, "\(last.excess)")
  }

  @Test func aRegisterThatBeginsAnewLosesNothing() throws {
    let meter = Meter(days: 40)
    let got = judge(Self.register(meter, from: 99_000, size: 100_000), Self.total)
    #expect(got.map(\.kind) == [.reset, .reset] && got.map(\.change) == [.opened, .closed])
    #expect(got[0].severity == .info)
  }

  @Test(arguments: [0.0, 123_456.0]) func anExchangedMeterIsAResetAndNoLeak(start: Double) {
    let meter = Meter(days: 60)
    var readings = Self.register(meter, from: 31_000)
    let offset = readings[3000].value
    for i in 3000..<readings.count { readings[i].value += start - offset }
    let got = judge(readings, Self.total)
    #expect(got.map(\.kind) == [.reset, .reset] && got.leaks.isEmpty)
  }

  @Test func waterThatRunsBackIsReverseFlow() {
    let meter = Meter(days: 40, mean: 20)
    var readings = Self.register(meter)
    // Six hours in which 5 m³/h run back.
    let lost = readings[3024].value - (readings[3000].value - 30)
    for i in 3000..<3024 { readings[i].value = readings[2999].value - 5.0 / 4 * Double(i - 2999) }
    for i in 3024..<readings.count { readings[i].value -= lost }
    let got = judge(readings, Self.total)
    #expect(got.leaks.isEmpty)
    #expect(got.opened(.reverseFlow).count == 1 && got.opened(.reset).isEmpty)
  }

  @Test func aRegisterThatStandsStillIsStuck() {
    var readings = Self.register(Meter(days: 30))
    for i in 2000..<2200 { readings[i].value = readings[1999].value }
    let got = judge(readings, Self.total)
    #expect(got.opened(.stuck).count == 1 && got.leaks.isEmpty)
  }

  /// Nine digits and three decimals: a Float would count in steps of 64 m³.
  @Test func largeRegistersKeepTheirDigits() throws {
    let meter = Meter(days: 20)
    var d = detector(1, Self.total)
    let got = d.run(Self.register(meter, from: 123_456_000, resolution: 0.001))
    #expect(got.isEmpty)
    let learnt = d.explain(0).meanFlow
    let mean = try #require(learnt)
    #expect(abs(mean - 20) < 1.5)
  }

  @Test func stepsGrowWithTheResolution() {
    var r = RegisterState()
    var told: [Int64] = []
    // 2 m³/h in pulses of 1 m³, asked every five minutes: steps of an hour say something, steps of ten minutes nothing.
    for i in 0..<600 {
      let t = 1_700_000_000_000 + Int64(i) * 300_000
      if case .flow(_, let since) = r.take((Double(i) * 2 / 12).rounded(.down), at: t) { told.append(t - since) }
    }
    #expect(told.suffix(10).allSatisfy { $0 == 3_600_000 })
  }

  @Test(arguments: UInt64(1)...20) func wildRegistersAreSurvived(seed: UInt64) {
    var rng = SplitMix(seed)
    var r = RegisterState()
    var t: Int64 = 1_700_000_000_000
    for _ in 0..<5000 {
      t += Int64.random(in: 1...4_000_000, using: &rng)
      let v = [Double.random(in: -1e12...1e12, using: &rng), 0, 1e30, -1e30, 5, 99_999, 100_000].randomElement(using: &rng)!
      switch r.take(v, at: t) {
      case .flow(let f, let since), .rollover(let f, let since): #expect(f.isFinite && since < t, "seed \(seed)")
      case .waiting, .reset: break
      }
    }
  }
}
