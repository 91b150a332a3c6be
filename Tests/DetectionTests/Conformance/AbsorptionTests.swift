import Detection
import Readings
import Testing

/// A leak is not learnt as what is usual: neither while it grows for months, nor while it stays for one.
@Suite struct AbsorptionTests {
  private static func scenario(_ seed: UInt64, minutes: Int, days: Int, start: String, _ happening: (Double) -> Happening) -> Scenario {
    var s = Scenario(seed: seed)
    var rng = SplitMix(seed)
    s.minutes = minutes
    s.days = days
    s.start = Timestamp(iso8601: start) ?? s.start
    s.noise = Double.random(in: 0.02...0.05, using: &rng)
    s.means = [Double.random(in: 4...200, using: &rng)]
    s.happenings = [[happening(s.means[0])]]
    return s
  }

  /// Weeks without holidays: before 1973 the calendar knows none.
  private static let plain = "1970-01-05T00:00:00+09:00"

  /// From nothing to that share of the mean in 60 days: found, and open at its end.
  private static func followSlowLeak(_ seed: UInt64, share: Double) {
    let leaks = slowLeak(seed, share: share)
    #expect(!leaks.openedLeaks.isEmpty, "never found")
    #expect(leaks.last.map { $0.change != .closed } ?? true, "closed before its end")
  }

  /// What is told of a leak that grows from day 35 to day 95.
  private static func slowLeak(_ seed: UInt64, share: Double) -> [Transition] {
    let s = scenario(seed, minutes: seed == 1 ? 5 : [15, 30, 60, 60][Int(seed % 4)], days: 95, start: "2026-06-01T00:00:00+09:00") {
      Happening(kind: .ramp, from: 35, to: 95, size: share * $0)
    }
    return s.judge(s.readings()).leaks.filter { s.day($0.time) > 35 }
  }

  @Test(arguments: UInt64(1)...8) func slowLeakIsFoundAndStillOpenAtItsEnd(seed: UInt64) { Self.followSlowLeak(seed, share: 0.3) }

  /// Smaller ones are learnt as they grow, but for the trend over six weeks: it finds them and takes back what was learnt.
  @Test(arguments: UInt64(1)...8, [0.2, 0.25]) func smallSlowLeakIsFoundAndStillOpenAtItsEnd(seed: UInt64, share: Double) {
    Self.followSlowLeak(seed, share: share)
  }

  /// A quarter per cent of the mean a day drowns in the nights of a loud meter, but in most it does not.
  @Test func mostLeaksOfAFewPerCentAMonthAreFound() {
    let found = (UInt64(1)...8).filter { !Self.slowLeak($0, share: 0.15).openedLeaks.isEmpty }
    #expect(found.count >= 6, "only seeds \(found)")
  }

  /// Closed within a day (measured: 0.56 d at 15 % of the mean, 0.25 d from 40 % on), and what is expected is as before: within 10 %
  /// (measured: −1 % to +7.6 %, which is growth that the level may follow).
  @Test(arguments: UInt64(1)...8, [0.15, 0.4, 1, 8]) func repairedLeakIsClosedAndWasNotLearnt(seed: UInt64, share: Double) throws {
    let from = 24 + Double(seed) / 9
    let s = Self.scenario(seed, minutes: [15, 30, 60, 60][Int(seed % 4)], days: 60, start: Self.plain) {
      Happening(kind: .burst, from: from, to: from + 30, size: share * $0)
    }
    var d = s.detector()
    let readings = s.readings()
    let cut = try #require(readings.firstIndex { s.day($0.time) >= from - 0.1 })
    #expect(d.run(Array(readings[..<cut])).leaks.isEmpty)
    let before = try #require(Self.meanOfAWeek(&d, s))
    let leaks = d.run(Array(readings[cut...])).leaks
    let after = try #require(Self.meanOfAWeek(&d, s))
    #expect(abs(after / before - 1) < 0.1, "\(before) before, \(after) after")
    let opened = try #require(leaks.openedLeaks.first)
    #expect((from...from + 2).contains(s.day(opened.time)))
    #expect(leaks.openedLeaks.allSatisfy { s.day($0.time) < from + 30 })
    let end = try #require(leaks.last)
    #expect(end.change == .closed && s.day(end.time) < from + 31)
    #expect(s.day(end.time) > from + 30 || share < 0.2)
    let early = leaks.filter { $0.change == .closed && s.day($0.time) < from + 1 }
    let between = leaks.filter { $0.change == .closed && s.day($0.time) >= from + 1 && s.day($0.time) < from + 30 }
    #expect(early.isEmpty)
    // A leak of 15 % in a loud meter may be lost sight of and found again, but not day by day.
    #expect(between.count <= (share < 0.2 ? 4 : 0))
  }

  private static func meanOfAWeek(_ d: inout Detector, _ s: Scenario) -> Double? {
    let week = (0..<168).compactMap { d.expectation(0, at: s.start.adding(seconds: Int64($0) * 3600 + 56 * 86_400))?.expected }
    return week.count == 168 ? week.reduce(0, +) / 168 : nil
  }

  /// On a 祝日 on a weekday the nearer of two expectations is taken, with a leak the higher one.
  @Test(arguments: UInt64(1)...8, [0.15, 0.2, 0.3]) func openLeakOutlastsAHoliday(seed: UInt64, share: Double) {
    // 海の日 is day 49.
    let s = Self.scenario(seed, minutes: 60, days: 53, start: "2026-06-01T00:00:00+09:00") {
      Happening(kind: .burst, from: 40, to: 60, size: share * $0)
    }
    let leaks = s.judge(s.readings()).leaks
    #expect(leaks.contains { $0.change == .opened && s.day($0.time) < 44 })
    #expect(!leaks.contains { $0.change == .closed && (49..<50).contains(s.day($0.time)) })
  }

  /// Whatever opens an event has seen more than what would close it: hours before a leak are no evidence of its end.
  @Test(arguments: UInt64(1)...30) func noLeakIsClosedByTheReadingThatOpensIt(seed: UInt64) {
    let from = 18 + Double(seed) / 31
    let share = [0.4, 1, 8][Int(seed % 3)]
    let s = Self.scenario(seed, minutes: [15, 30][Int(seed % 2)], days: 20, start: Self.plain) {
      Happening(kind: .burst, from: from, to: 99, size: share * $0)
    }
    let leaks = s.judge(s.readings()).leaks
    #expect(leaks.contains { $0.change == .opened })
    #expect(!leaks.contains { $0.change == .closed }, "\(share) of the mean, every \(s.minutes) min")
  }
}
