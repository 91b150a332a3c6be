import Readings
import Testing

@testable import Detection

/// All of it together: again, in any batches, restored at any reading, with clock ticks between.
@Suite struct GaugeDeterminismTests {
  /// Four zones, a thermometer (4), a gauge of pressure (5) of zone 2, a tank: level (6), balance (7); its flows are zones 0 and 1.
  static func detector() -> Detector {
    var d = FrostTests.detector()
    _ = d.addSensor(SensorProfile(quantity: .pressure, group: 7))
    _ = d.addSensor(SensorProfile(quantity: .level, group: 7))
    _ = d.addSensor(SensorProfile(group: 7))
    return tied(d)
  }

  /// As at a start: the settings say the same again.
  static func tied(_ detector: consuming Detector) -> Detector {
    var d = detector
    d.setProfile(2, SensorProfile(group: 7, pressure: [5]))
    let isSet = d.setTank(
      7, [ZoneMember(slot: 1, isOutlet: false), ZoneMember(slot: 0, isOutlet: true)], level: 6, shape: TankShape(area: 100)!,
      leastWidth: 600_000)
    precondition(isSet)
    return d
  }

  static let readings: [Reading] = {
    let burst = { (day: Double) in day >= 31.6 ? 4.0 : 0 }
    var all = FrostTests.town(days: 34, nights: 26...28, burst: burst)
    let flow = all.filter { $0.slot == 2 }
    all += PressureTests.gauge(flow, mean: 20) { $0 >= 31.6 ? 30 : 0 }.map { r in
      var r = r
      r.slot = 5
      return r
    }
    var volume = 300.0
    let outlet = all.filter { $0.slot == 0 }
    for (r, inflow) in zip(outlet, all.filter { $0.slot == 1 }) {
      all.append(Reading(slot: 6, time: r.time, arrival: r.arrival, value: (volume).rounded() / 100))
      volume += (inflow.value - r.value) / 6 - 0.8333
    }
    return all.enumerated().sorted { ($0.element.time, $0.element.slot, $0.offset) < ($1.element.time, $1.element.slot, $1.offset) }
      .map(\.element)
  }()

  @Test func somethingHappensInIt() {
    var d = Self.detector()
    let out = d.play(Self.readings)
    #expect(Set(out.map(\.kind)).isSuperset(of: [.freezing, .commonCause, .pressureFall, .burst]))
    #expect(out.contains { $0.pressure != nil && $0.kind == .burst })
    #expect(d.explain(7).meanFlow != nil)
  }

  @Test(arguments: UInt64(1)...4) func restoredAndBatchedAnyhowIsTheSame(seed: UInt64) throws {
    var rng = SplitMix(seed)
    var whole = Self.detector()
    let expected = whole.play(Self.readings)
    let cuts = (0..<30).map { _ in Int.random(in: 1..<Self.readings.count, using: &rng) }.sorted()
    var d = Self.detector()
    let got = try d.play(Self.readings, cuts: cuts) { d in
      let bytes = d.snapshot()
      d = Self.tied(try Detector.restore(bytes, settings: d.settings, calendar: d.calendar))
      #expect(d.snapshot() == bytes, "seed \(seed)")
    }
    #expect(got == expected, "seed \(seed)")
    #expect(whole.snapshot() == d.snapshot(), "seed \(seed)")
  }

  @Test func aDamagedCheckpointIsRefused() throws {
    var d = Self.detector()
    _ = d.run(Array(Self.readings.prefix(5000)))
    var bytes = d.snapshot()
    bytes[bytes.count - 3] ^= 1
    #expect(Self.refusal(bytes) == .corrupt && Self.refusal(Array(bytes.dropLast(8))) == .truncated)
  }

  private static func refusal(_ bytes: [UInt8]) -> SnapshotError? {
    do {
      _ = try Detector.restore(bytes, settings: .init(), calendar: .japan)
      return nil
    } catch {
      return error
    }
  }
}
