import Readings
import Testing

@testable import Detection

/// What is no leak: hydrants, a value that stands alone, a unit that is too large.
@Suite struct ShortUseTests {
  /// A night's hydrant of two hours is as large as the zone's whole use, or five times that.
  @Test(arguments: [5, 10, 15], [20.0, 100]) func aHydrantOfTwoHoursIsHighUse(minutes: Int, flow: Double) {
    for begin in [40.08, 40.1, 40.375, 40.6] {
      let out = judge(Meter(days: 42, minutes: minutes, extra: { $0 >= begin && $0 < begin + 2.0 / 24 ? flow : 0 }).readings())
      #expect(out.leaks.isEmpty, "day \(begin): \(out.leaks.map { Meter().day($0.time) })")
      #expect(out.opened(.highUse).contains { abs(Meter().day($0.onset) - begin) < 0.03 }, "day \(begin)")
    }
  }

  /// The same that does not end is told a quarter of an hour later, with its onset.
  @Test(arguments: [1, 5, 10, 15], UInt64(1)...3) func aBurstIsToldWhenAHydrantWouldBeShut(minutes: Int, seed: UInt64) throws {
    let out = judge(Meter(days: 42, minutes: minutes, seed: seed, extra: { $0 >= 40.08 ? 20 : 0 }).readings())
    let first = try #require(out.openedLeaks.first)
    let hours = (Meter().day(first.time) - 40.08) * 24
    #expect(hours > 2 && hours < 3, "\(hours)")
    #expect(abs(Meter().day(first.onset) - 40.08) < 0.03 && abs(first.excess - 20) < 4, "\(first.excess)")
  }

  /// A leak of a fifth of the mean that begins by day is told in its first night: the course of the day does not hide it.
  @Test(arguments: UInt64(1)...4) func aLeakShowsWhenGuestsSleep(seed: UInt64) {
    let leak = judge(Meter(days: 43, seed: seed, extra: { $0 >= 40.6 ? 4 : 0 }).readings())
    #expect(leak.openedLeaks.contains { Meter().day($0.time) < 41.5 })
  }

  @Test func aLoneValueFarBeyondAllOthersIsASpike() {
    var readings = Meter(days: 20, minutes: 5).readings()
    readings[5000].value = 300
    let spikes = judge(readings).opened(.spike)
    #expect(spikes.map(\.onset) == [readings[5000].time])
    // Two in a row are none.
    readings[5001].value = 310
    #expect(judge(readings).opened(.spike).isEmpty)
  }

  /// L/min under the name of m³/h: by night these values are what the meter may show by day.
  @Test func aUnitThatIsTooLargeIsOneFaultAndNoBurst() {
    var readings = Meter(days: 44, minutes: 5).readings()
    for i in readings.indices where (40.4..<41.6).contains(Meter().day(readings[i].time)) {
      readings[i].value *= 1000.0 / 60
    }
    let out = judge(readings)
    #expect(out.leaks.isEmpty)
    let faults = out.filter { $0.kind == .unitJump }
    let days = faults.map { Meter().day($0.time) }
    #expect(days.count == 2 && abs(days[0] - 40.4) < 0.1 && abs(days[1] - 41.6) < 0.2, "\(days)")
  }
}
