import Readings
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", Int64(0)), ("1970-01-01T09:00:00+09:00", 0), ("2026-11-23T10:00:00+09:00", 1_795_395_600_000),
    ("2026-11-23t01:00:00z", 1_795_395_600_000), ("2026-11-23 01:00Z", 1_795_395_600_000), ("2026-11-23T01:00:00.250Z", 1_795_395_600_250),
    ("2026-11-23T01:00:00.2509Z", 1_795_395_600_250), ("2026-11-23T10:00:00+0900", 1_795_395_600_000),
    ("2026-11-23T10:00:00+09", 1_795_395_600_000),
    ("2026-11-22T24:00:00Z", 1_795_392_000_000), ("1969-12-31T23:59:59Z", -1000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000),
  ])
  func reads(text: String, milliseconds: Int64) {
    #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-23", "2026-11-23T10:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23T25:00:00Z",
    "2026-11-23T10:60:00Z",
    "2026-11-23T10:00:61Z", "2026-11-23T24:00:01Z", "2026-11-23T10:00:00+9", "2026-11-23T10:00:00Zx", "2026-11-23T10:00:00.Z",
    "0000-01-01T00:00:00Z",
    "２０２６-11-23T10:00:00Z", "2026-11-23T10:00:00+24:00",
  ])
  func refuses(text: String) { #expect(Timestamp(iso8601: text) == nil) }

  @Test func defaultOffsetIsUsedOnlyWithoutOne() {
    #expect(Timestamp(iso8601: "2026-11-23T10:00", defaultOffset: 32_400)?.milliseconds == 1_795_395_600_000)
    #expect(Timestamp(iso8601: "2026-11-23T01:00Z", defaultOffset: 32_400)?.milliseconds == 1_795_395_600_000)
  }

  @Test(arguments: [-62_135_596_800_000, -1, 0, 1, 951_782_400_000, 1_795_395_600_123, 253_402_300_799_000] as [Int64])
  func writesWhatItReads(milliseconds: Int64) {
    for offset in [0, 32_400, -12_600] where milliseconds > -62_000_000_000_000 && milliseconds < 253_000_000_000_000 {
      let t = Timestamp(milliseconds: milliseconds)
      #expect(Timestamp(iso8601: t.iso8601(offset: offset)) == t)
    }
  }

  @Test func daysRunThroughTheCalendar() {
    var expected = CivilDate(year: 1899, month: 12, day: 31)
    for n in expected.daysSinceEpoch..<(expected.daysSinceEpoch + 80_000) {
      let d = CivilDate(daysSinceEpoch: n)
      #expect(d == expected && d.isValid && d.daysSinceEpoch == n)
      expected.day += 1
      if !expected.isValid { expected = CivilDate(year: expected.year, month: expected.month + 1, day: 1) }
      if expected.month == 13 { expected = CivilDate(year: expected.year + 1, month: 1, day: 1) }
    }
    #expect(CivilDate(year: 2026, month: 11, day: 23).weekday == 0)
    #expect(CivilDate(year: 1900, month: 1, day: 1).weekday == 0)
  }

  @Test(arguments: [-1, 0, 1, 86_399_999, 86_400_000, -86_400_000, 1_795_395_600_000] as [Int64]) func localDays(milliseconds: Int64) {
    let c = LocalCalendar.japan
    let t = Timestamp(milliseconds: milliseconds)
    #expect((0..<86_400_000).contains(c.millisecondOfDay(of: t)))
    #expect(c.midnight(ofDay: c.day(of: t)).adding(milliseconds: Int64(c.millisecondOfDay(of: t))) == t)
  }

  @Test func secondsRoundDown() {
    #expect(Timestamp(milliseconds: -1).seconds == -1)
    #expect(Timestamp(milliseconds: -1000).seconds == -1)
    #expect(Timestamp(milliseconds: 1999).seconds == 1)
  }
}
