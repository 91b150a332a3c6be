import Readings
import Testing

struct HoursTests {
  private func at(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text + ":00+09:00")) }

  @Test(arguments: [
    ("2026-11-24T22:00", true), ("2026-11-24T21:59", false), ("2026-11-25T00:00", true), ("2026-11-25T05:59", true),
    ("2026-11-25T06:00", false),
  ]) func acrossMidnight(moment: String, isIn: Bool) throws {
    let hours = WeeklyHours([.init(start: 1320, end: 360)])
    #expect(hours.contains(try at(moment), .japan) == isIn)
  }

  /// The 23rd of November is a holiday on a Monday, the 28th a Saturday.
  @Test(arguments: [("2026-11-23T12:00", false), ("2026-11-24T12:00", true), ("2026-11-28T12:00", false), ("2026-11-24T17:15", false)])
  func onSomeDays(moment: String, isIn: Bool) throws {
    let hours = WeeklyHours([.init(start: 510, end: 1035, days: [.workday])])
    #expect(hours.contains(try at(moment), .japan) == isIn)
  }

  @Test func theEndIsTheFirstMinuteOutside() throws {
    let night = WeeklyHours([.init(start: 1320, end: 360)])
    #expect(night.end(from: try at("2026-11-24T23:30").adding(seconds: 17), .japan) == (try at("2026-11-25T06:00")))
    #expect(night.end(from: try at("2026-11-25T06:00"), .japan) == (try at("2026-11-25T06:00")))
    // Two spans that touch, and a span that never ends.
    let weekend = WeeklyHours([.init(start: 1320, end: 360), .init(start: 360, end: 480)])
    #expect(weekend.end(from: try at("2026-11-24T23:30"), .japan) == (try at("2026-11-25T08:00")))
    let always = WeeklyHours([.init(start: 0, end: 1440)])
    #expect(always.end(from: try at("2026-11-24T00:00"), .japan).since(try at("2026-11-24T00:00")) <= 7 * 86_400_000 + 60_000)
  }

  @Test func worksRecur() throws {
    let year = try at("2026-01-01T00:00")..<(try at("2027-01-01T00:00"))
    var r = Recurrence(start: 60, length: 180)
    #expect(r.windows(in: year, .japan).count == 365)
    r.weekdays = [1]
    r.weeks = [2]
    let tuesdays = r.windows(in: year, .japan)
    #expect(tuesdays.count == 12)
    #expect(tuesdays[10] == (try at("2026-11-10T01:00"))..<(try at("2026-11-10T04:00")))
    r = Recurrence(start: 1380, length: 120)
    r.days = [31]
    #expect(r.windows(in: year, .japan).count == 7 + 1)
    r.first = Int32(CivilDate(year: 2026, month: 3, day: 1).daysSinceEpoch)
    r.last = Int32(CivilDate(year: 2026, month: 10, day: 30).daysSinceEpoch)
    #expect(r.windows(in: year, .japan).count == 4)
    // Across midnight: what began yesterday is still on.
    #expect(r.windows(in: (try at("2026-07-01T00:30"))..<(try at("2026-07-01T00:31")), .japan).isEmpty)
    #expect(r.windows(in: (try at("2026-08-01T00:30"))..<(try at("2026-08-01T00:31")), .japan).count == 1)
  }
}
