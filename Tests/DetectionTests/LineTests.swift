import Readings
import Testing

@testable import Detection

/// Clocks that are wrong and lines that deliver late: events of their own, never leaks.
@Suite struct LineTests {
  @Test func aBacklogDeliveredAtOnceIsOneLateFlush() throws {
    var readings = Meter(days: 40).readings()
    for i in 2500..<2596 { readings[i].arrival = readings[2596].time }
    let got = judge(readings)
    #expect(got.map(\.kind) == [.lateFlush, .lateFlush] && got.map(\.change) == [.opened, .closed])
    #expect(got[0].onset == readings[2500].time)
  }

  /// Backwards: the newest is judged at once, the others fill the hours that had no data.
  @Test(arguments: [false, true]) func aBacklogDeliveredBackwardsFillsItsHours(shuffled: Bool) throws {
    var readings = Meter(days: 40, extra: { $0 >= 26 ? 6 : 0 }).readings()
    let hole = 2500..<2596
    var part = Array(readings[hole])
    for i in part.indices { part[i].arrival = readings[hole.upperBound].time }
    var rng = SplitMix(7)
    if shuffled { part.shuffle(using: &rng) } else { part.reverse() }
    readings.replaceSubrange(hole, with: part)
    var d = detector()
    var out = d.run(Array(readings[..<hole.upperBound]))
    // 24 h of 15-minute readings; the hours at both ends may belong to judged ones.
    let filled = (0..<30).count { d.states[0].residuals.code(age: $0) != FixedPoint.missing }
    #expect(filled >= 24)
    out += d.run(Array(readings[hole.upperBound...]))
    #expect(out.openedLeaks.count == 1)
    #expect(out.opened(.lateFlush).count == 1)
  }

  @Test func aLoggerThatReportsOnceADayIsToldOnce() {
    var readings = Meter(days: 40, minutes: 60).readings()
    for i in readings.indices { readings[i].arrival = readings[min(readings.count - 1, i / 24 * 24 + 23)].time }
    let got = judge(readings)
    #expect(got.leaks.isEmpty)
    #expect(got.opened(.lateFlush).count == 1)
  }

  /// The sender's clock falls back by nine hours (UTC taken for local time) and is set right after three days.
  @Test(arguments: [15, 60]) func aClockThatFallsBackSuspendsJudgement(minutes: Int) throws {
    var readings = Meter(days: 60, minutes: minutes).readings()
    let perDay = 1440 / minutes
    for i in 40 * perDay..<43 * perDay { readings[i].time = readings[i].time.adding(seconds: -9 * 3600) }
    let got = judge(readings)
    #expect(got.leaks.isEmpty && got.opened(.highUse).isEmpty)
    #expect(got.opened(.clockSkew).count == 1)
    let closed = try #require(got.last { $0.kind == .clockSkew })
    #expect(closed.change == .closed)
    #expect(Meter().day(closed.time) < 43.1)
  }

  @Test func aClockThatRunsAheadIsToldAfterThreeReadings() {
    var readings = Meter(days: 42).readings()
    for i in 40 * 96..<41 * 96 { readings[i].time = readings[i].time.adding(seconds: 3600 * 24 * 30) }
    let got = judge(readings)
    #expect(got.map(\.kind).filter { $0 != .gap } == [.clockSkew, .clockSkew])
    #expect(got.leaks.isEmpty)
  }

  /// Two hours behind for three days: told, and nothing else.
  @Test(arguments: [5, 15, 30, 60]) func aClockTwoHoursBehindIsASkewOnly(minutes: Int) {
    var readings = Meter(days: 50, minutes: minutes).readings()
    let perDay = 1440 / minutes
    for i in 40 * perDay..<43 * perDay { readings[i].time = readings[i].time.adding(seconds: -2 * 3600) }
    let got = judge(readings)
    #expect(got.map(\.kind).filter { $0 != .gap && $0 != .lateFlush } == [.clockSkew, .clockSkew])
  }

  /// Slow from the first day on is how this sender is: it is told, and judged all the same.
  @Test func aSenderThatIsAlwaysLateIsStillJudged() {
    var readings = Meter(days: 45, extra: { $0 >= 40 ? 8 : 0 }).readings()
    for i in readings.indices { readings[i].arrival = readings[i].time.adding(seconds: 3 * 3600) }
    let got = judge(readings)
    #expect(got.opened(.clockSkew).count == 1)
    #expect(got.openedLeaks.count == 1)
  }

  @Test func oneLateReadingIsNothing() {
    var readings = Meter(days: 30).readings()
    for i in stride(from: 100, to: readings.count, by: 50) { readings[i].arrival = readings[i].time.adding(seconds: 20_000) }
    #expect(judge(readings).isEmpty)
  }
}
