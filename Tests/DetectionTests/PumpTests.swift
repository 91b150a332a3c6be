import Readings
import Testing

@testable import Detection

/// A pump that is on or off has no shape of the day, and neither has the zone whose tank it fills.
@Suite struct PumpTests {
  /// A pump (slot 0) that fills a tank from which a town draws (1); their difference is a zone (2).
  struct PumpTown {
    var days = 60
    var seed: UInt64 = 1
    /// m³ between the marks, and m³/h while it runs.
    var tank = 90.0
    var rate = 33.0
    /// m³/h at a day: a leak of the tank, and one behind the outlet.
    var lost: (Double) -> Double = { _ in 0 }
    var extra: (Double) -> Double = { _ in 0 }

    static func detector() -> Detector {
      var d = Detector()
      for _ in 0..<3 { _ = d.addSensor(SensorProfile()) }
      d.setZone(2, [ZoneMember(slot: 0, isOutlet: false), ZoneMember(slot: 1, isOutlet: true)])
      return d
    }

    func run() -> [Transition] {
      var d = PumpTown.detector()
      return d.run(readings())
    }

    func readings() -> [Reading] {
      var rng = SplitMix(seed)
      var (held, isOn) = (0.5 * tank, false)
      return Meter(days: days, minutes: 5, noise: 0.03, seed: seed, slot: 1, extra: extra).readings().flatMap { r in
        if held < 0 { isOn = true } else if held > tank { isOn = false }
        let inflow = isOn ? ((rate * (1 + 0.01 * rng.normal())) * 100).rounded() / 100 : 0
        held += (inflow - r.value - lost(Meter().day(r.time))) / 12
        return [Reading(slot: 0, time: r.time, arrival: r.arrival, value: inflow), r]
      }
    }
  }

  /// Whatever the tank holds: from two hours to a day.
  @Test(arguments: [30.0, 60, 90, 200], [UInt64(1), 2]) func aPumpAndItsZoneMakeNoAlarm(tank: Double, seed: UInt64) {
    let out = PumpTown(seed: seed, tank: tank).run()
    #expect(out.leaks.isEmpty, "\(out.leaks.map { ($0.slot, Meter().day($0.time), $0.evidence) })")
    // A rise that ends is no use of water either. Where the tank holds water for two hours the pump follows the town, hour by hour.
    #expect(tank < 60 || out.filter { $0.kind == .highUse && $0.slot != 1 && Meter().day($0.time) > 14 }.isEmpty)
  }

  @Test func aBurstBehindTheTankIsFoundAtTheOutlet() throws {
    let out = PumpTown(days: 45, extra: { $0 >= 40.3 ? 8 : 0 }).run()
    let found = try #require(out.openedLeaks.first)
    #expect(found.slot == 1 && Meter().day(found.time) < 40.4)
  }

  /// Without a gauge of the level the pump tells of it late, by the volume of days.
  @Test(arguments: UInt64(1)...3) func aLargeLeakOfTheTankShowsInTheVolumeOfDays(seed: UInt64) throws {
    let out = PumpTown(days: 52, seed: seed, lost: { $0 >= 40.3 ? 9 : 0 }).run()
    let found = try #require(out.openedLeaks.first)
    #expect(found.slot == 0 && (41...47).contains(Meter().day(found.time)) && found.excess > 4 && found.excess < 12, "\(found)")
  }

  @Test func theFormIsLearntAndUnlearnt() {
    var d = PumpTown.detector()
    _ = d.run(PumpTown(days: 10).readings())
    #expect(d.states[0].baseline.form == .onOff && d.states[1].baseline.form == .daily && d.states[2].baseline.form == .stored)
    // The pump is gone: what the town draws comes by itself.
    var after = Meter(days: 50, minutes: 5)
    after.start = after.start.adding(milliseconds: 10 * 86_400_000)
    _ = d.run(after.readings())
    #expect(d.states[0].baseline.form == .daily)
  }

  /// A works that is still at night and on rest days keeps its hours: what flows at night is not expected.
  @Test func aWorksKeepsItsHours() {
    var d = detector()
    let readings = Meter(days: 40, minutes: 10).readings().map { r in
      let day = LocalCalendar.japan.day(of: r.time)
      let hour = LocalCalendar.japan.millisecondOfDay(of: r.time) / 3_600_000
      let isOpen = (8..<17).contains(hour) && LocalCalendar.japan.dayType(ofDay: day) == .workday
      return Reading(slot: 0, time: r.time, arrival: r.arrival, value: isOpen ? r.value + 20 : 0)
    }
    #expect(d.run(readings).leaks.isEmpty && d.states[0].baseline.form == .daily)
  }

  /// What a meter shows before anything has flowed says nothing of its size: it used to be 0 for good, and no value was beyond it.
  @Test func aMeterThatBeginsWithNothingLearnsItsSize() {
    var readings = Meter(days: 20, minutes: 10).readings()
    for i in readings.indices {
      let day = Meter().day(readings[i].time)
      if day < 0.4 { readings[i].value = 0 } else if day >= 18.5, day < 18.6 { readings[i].value *= 60 }
    }
    #expect(judge(readings).opened(.unitJump).map { Meter().day($0.onset) >= 18.5 } == [true])
  }
}
