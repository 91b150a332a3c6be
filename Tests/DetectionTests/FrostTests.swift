import Readings
import Testing

@testable import Detection

/// Freezing nights: taps that trickle everywhere are no leaks, and what bursts in the thaw is found.
@Suite struct FrostTests {
  /// Four zones (slots 0 … 3) and a thermometer (4) in one town.
  static func detector(_ settings: DetectorSettings = .init()) -> Detector {
    var d = Detector(settings: settings)
    for _ in 0..<4 { _ = d.addSensor(SensorProfile(group: 7)) }
    _ = d.addSensor(SensorProfile(quantity: .temperature, group: 7))
    return d
  }

  /// Nights of these days are freezing: from 20:00 the evening before until 09:00.
  static func isTrickling(_ day: Double, _ nights: ClosedRange<Int>) -> Bool {
    let night = Int((day + 4.0 / 24).rounded(.down))
    let hour = (day + 4.0 / 24 - Double(night)) * 24 - 4
    return nights.contains(night) && hour >= -4 && hour < 9
  }

  /// °C: −8 at the coldest of a freezing night, 3 otherwise; 6 at 14:00.
  static func temperatures(days: Int, nights: ClosedRange<Int>) -> [Reading] {
    (0..<(days * 144)).map { i in
      let t = Meter().start.adding(milliseconds: Int64(i) * 600_000)
      let day = Double(i) / 144
      let hour = (day - day.rounded(.down)) * 24
      let wave = 1 - abs(hour - 14) / 10
      let night = Int((day + 6.0 / 24).rounded(.down))
      let isCold = nights.contains(night) && (hour >= 18 || hour < 8.5)
      let value = isCold ? -6 + wave : 3 + 3 * wave
      return Reading(slot: 4, time: t, arrival: t, value: (value * 10).rounded() / 10)
    }
  }

  /// - Parameter burst: m³/h more in zone 2.
  static func town(
    days: Int, nights: ClosedRange<Int>, minutes: Int = 10, burst: @escaping (Double) -> Double = { _ in 0 }
  ) -> [Reading] {
    var all = temperatures(days: days, nights: nights)
    for n in 0..<4 {
      let mean = 10 + 5 * Double(n)
      let share = 0.2 + 0.05 * Double(n)
      all += Meter(
        days: days, minutes: minutes, mean: mean, seed: UInt64(n + 1), slot: SensorSlot(n),
        extra: { day in
          (isTrickling(day, nights) ? share * mean : 0) + (n == 2 ? burst(day) : 0)
        }
      ).readings()
    }
    return all.sorted { ($0.time, $0.slot) < ($1.time, $1.slot) }
  }

  @Test func aFreezingSpellIsOneCommonCauseAndNoLeak() throws {
    let readings = Self.town(days: 45, nights: 35...37)
    var d = Self.detector()
    let out = d.run(readings)
    #expect(out.leaks.isEmpty, "\(out.leaks.map { Meter().day($0.time) })")
    let common = out.filter { $0.kind == .commonCause }
    #expect(common.map(\.change) == [.opened, .closed] && common.allSatisfy { $0.evidence == .freezing })
    #expect((34.75...35.5).contains(Meter().day(try #require(common.first).time)))
    // Three nights, each with the morning after.
    let frost = out.filter { $0.kind == .freezing }
    #expect(frost.map(\.change) == [.opened, .closed, .opened, .closed, .opened, .closed])
    #expect(frost.allSatisfy { $0.slot == 4 && $0.severity == .info && $0.expected == -4 })
    for t in frost where t.change == .closed {
      let day = Meter().day(t.time)
      #expect((day - day.rounded(.down)) * 24 >= 10, "\(day)")
    }
    // Without the thermometer the town is taken for leaking, or the rise for a common cause of no name.
    var blind = Self.detector()
    let unknown = blind.run(readings.filter { $0.slot != 4 })
    #expect(!unknown.leaks.isEmpty || !unknown.opened(.commonCause).isEmpty)
  }

  /// What was learnt before the frost is what is known after it.
  @Test func freezingNightsAreNotLearnt() throws {
    func learnt(_ nights: ClosedRange<Int>, trickles: Bool) -> (night: Double, mean: Double) {
      var d = Self.detector()
      _ = d.run(trickles ? Self.town(days: 45, nights: nights) : Self.town(days: 45, nights: 90...91))
      let e = d.explain(1)
      return (e.nightReference ?? .nan, e.meanFlow ?? .nan)
    }
    let (cold, mild) = (learnt(32...37, trickles: true), learnt(32...37, trickles: false))
    #expect(abs(cold.mean - mild.mean) < 0.03 * mild.mean && abs(cold.night - mild.night) < 0.05 * mild.night, "\(cold) \(mild)")
    #expect(cold.night.isFinite)
  }

  @Test func aBurstInTheThawIsFound() throws {
    var d = Self.detector()
    let out = d.run(Self.town(days: 45, nights: 35...37, burst: { $0 >= 38.3 ? 4 : 0 }))
    let found = try #require(out.openedLeaks.first)
    #expect(found.slot == 2 && out.openedLeaks.count == 1 && (38.3...39.5).contains(Meter().day(found.time)))
  }

  /// Service pipes of all zones at once: after a frost that is no common cause.
  @Test func manySmallLeaksInTheThawAreLeaks() {
    var d = Self.detector()
    var all = Self.temperatures(days: 45, nights: 35...37)
    for n in 0..<4 {
      let mean = 10 + 5 * Double(n)
      all += Meter(
        days: 45, minutes: 10, mean: mean, seed: UInt64(n + 1), slot: SensorSlot(n),
        extra: { day in
          (Self.isTrickling(day, 35...37) ? 0.25 * mean : 0) + (day >= 38.25 ? 0.2 * mean : 0)
        }
      ).readings()
    }
    let out = d.run(all.sorted { ($0.time, $0.slot) < ($1.time, $1.slot) })
    #expect(out.openedLeaks.count >= 2)
    #expect(out.filter { $0.kind == .commonCause && $0.change == .opened }.allSatisfy { $0.evidence == .freezing })
  }

  @Test func aLargeBurstInAFreezingNightIsFoundAtOnce() throws {
    var d = Self.detector()
    let out = d.run(Self.town(days: 40, nights: 35...37, burst: { $0 >= 36.1 ? 30 : 0 }))
    let found = try #require(out.openedLeaks.first)
    #expect(found.slot == 2 && (36.1...36.3).contains(Meter().day(found.time)) && out.openedLeaks.count == 1)
  }

  @Test func mildNightsChangeNothing() {
    let readings = Self.town(days: 45, nights: 90...91, burst: { $0 >= 36.1 ? 4 : 0 })
    var d = Self.detector()
    let with = d.run(readings).filter { $0.slot < 4 }
    var plain = Self.detector()
    #expect(with == plain.run(readings.filter { $0.slot < 4 }))
    #expect(!with.leaks.isEmpty)
  }

  @Test func aSilentThermometerDoesNotFreezeForEver() throws {
    var d = Self.detector()
    let readings = Self.town(days: 40, nights: 35...36).filter { $0.slot != 4 || Meter().day($0.time) < 35.1 }
    let out = d.run(readings)
    let end = try #require(out.first { $0.kind == .freezing && $0.change == .closed })
    #expect((35.5...35.7).contains(Meter().day(end.time)))
  }

  @Test func withoutAThresholdThereIsNoFreezeMode() {
    var settings = DetectorSettings()
    settings.frostBelow = nil
    var d = Self.detector(settings)
    #expect(d.run(Self.town(days: 40, nights: 35...37)).filter { $0.kind == .freezing }.isEmpty)
  }

  /// A thermometer shows what it shows: below 0, near 0 and back.
  @Test func temperaturesAreNoFaults() {
    var d = Self.detector()
    #expect(!d.run(Self.temperatures(days: 60, nights: 20...50)).contains { $0.kind.isHealth })
  }

  /// Weeks of frost become what winter shows here.
  @Test func aLongWinterIsLearnt() throws {
    var d = Self.detector()
    let out = d.run(Self.town(days: 90, nights: 30...88))
    #expect(out.filter { $0.kind == .freezing && $0.change == .opened }.count > 50)
    // Night by night judged again in the end, against nights like it.
    let band = d.expectation(1, at: Meter().start.adding(milliseconds: Int64(88.1 * 86_400_000)))
    #expect(try #require(band).expected > 15 * (0.3 + 0.15))
  }

  @Test func theRecordHoldsNoPadding() {
    #expect(MemoryLayout<FrostState>.size == MemoryLayout<FrostState>.stride && MemoryLayout<FrostState>.size == 8 + 64 + 16 + 8 * 8)
  }
}
