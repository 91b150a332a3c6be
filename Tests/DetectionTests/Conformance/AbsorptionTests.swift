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
    let s = scenario(seed, minutes: seed == 1 ? 5 : [15, 30, 60, 60][Int(seed % 4)], days: 95, start: "2026-06-01T00:00:00+09:00") {
      Happening(kind: .ramp, from: 35, to: 95, size: share * $0)
    }
    let leaks = s.judge(s.readings()).leaks
    #expect(leaks.openedLeaks.contains { s.day($0.time) > 35 }, "never found")
    #expect(leaks.last.map { $0.change != .closed } ?? true, "closed on day \(leaks.last.map { s.day($0.time) } ?? .nan)")
  }

  @Test(arguments: UInt64(1)...8) func slowLeakIsFoundAndStillOpenAtItsEnd(seed: UInt64) { Self.followSlowLeak(seed, share: 0.3) }

  /// Smaller ones are often never found. Probably they are learnt as they grow: ring and nights look back 42 days at most.
  @Test(arguments: UInt64(2)...7, [0.15, 0.2, 0.25]) func smallSlowLeakIsFoundAndStillOpenAtItsEnd(seed: UInt64, share: Double) {
    withKnownIssue("never found: of 64 leaks to 15 % some 54, to 20 % some 18, to 25 % some 2", isIntermittent: true) {
      Self.followSlowLeak(seed, share: share)
    }
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
    withKnownIssue("see `noLeakIsClosedByTheReadingThatOpensIt`", isIntermittent: true) { #expect(early.isEmpty) }
    guard share < 0.2 else { return #expect(between.isEmpty) }
    withKnownIssue("leaks of 15 % in loud meters are closed in between and found again", isIntermittent: true) {
      #expect(between.isEmpty)
    }
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
    withKnownIssue("closed on the holiday and found again up to two days later, as another event", isIntermittent: true) {
      #expect(!leaks.contains { $0.change == .closed && (49..<50).contains(s.day($0.time)) })
    }
  }

  /// Whatever opens an event has seen more than what would close it. Today the newest three hours are asked whether the leak is over,
  /// also when it is one hour old; and what was closed is forgotten, so that it takes hours to find it again.
  @Test(arguments: UInt64(1)...30) func noLeakIsClosedByTheReadingThatOpensIt(seed: UInt64) {
    let from = 18 + Double(seed) / 31
    let share = [0.4, 1, 8][Int(seed % 3)]
    let s = Self.scenario(seed, minutes: [15, 30][Int(seed % 2)], days: 20, start: Self.plain) {
      Happening(kind: .burst, from: from, to: 99, size: share * $0)
    }
    let leaks = s.judge(s.readings()).leaks
    #expect(leaks.contains { $0.change == .opened })
    withKnownIssue(
      "an edge seen by the last reading of an hour is closed by that hour: two of the three were dry or half dry", isIntermittent: true
    ) {
      #expect(!leaks.contains { $0.change == .closed }, "\(share) of the mean, every \(s.minutes) min")
    }
  }
}
