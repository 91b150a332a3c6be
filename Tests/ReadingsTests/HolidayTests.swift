import Readings
import Testing

/// Holidays by rule against lists: month.day, including substitutes.
@Suite struct HolidayTests {
  /// The Cabinet Office's list (国民の祝日について), typed in by hand.
  static let official: [Int: String] = [
    2015: "1.1 1.12 2.11 3.21 4.29 5.3 5.4 5.5 5.6 7.20 9.21 9.22 9.23 10.12 11.3 11.23 12.23",
    2016: "1.1 1.11 2.11 3.20 3.21 4.29 5.3 5.4 5.5 7.18 8.11 9.19 9.22 10.10 11.3 11.23 12.23",
    2017: "1.1 1.2 1.9 2.11 3.20 4.29 5.3 5.4 5.5 7.17 8.11 9.18 9.23 10.9 11.3 11.23 12.23",
    2018: "1.1 1.8 2.11 2.12 3.21 4.29 4.30 5.3 5.4 5.5 7.16 8.11 9.17 9.23 9.24 10.8 11.3 11.23 12.23 12.24",
    2019: "1.1 1.14 2.11 3.21 4.29 4.30 5.1 5.2 5.3 5.4 5.5 5.6 7.15 8.11 8.12 9.16 9.23 10.14 10.22 11.3 11.4 11.23",
    2020: "1.1 1.13 2.11 2.23 2.24 3.20 4.29 5.3 5.4 5.5 5.6 7.23 7.24 8.10 9.21 9.22 11.3 11.23",
    2021: "1.1 1.11 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.22 7.23 8.8 8.9 9.20 9.23 11.3 11.23",
    2022: "1.1 1.10 2.11 2.23 3.21 4.29 5.3 5.4 5.5 7.18 8.11 9.19 9.23 10.10 11.3 11.23",
    2023: "1.1 1.2 1.9 2.11 2.23 3.21 4.29 5.3 5.4 5.5 7.17 8.11 9.18 9.23 10.9 11.3 11.23",
    2024: "1.1 1.8 2.11 2.12 2.23 3.20 4.29 5.3 5.4 5.5 5.6 7.15 8.11 8.12 9.16 9.22 9.23 10.14 11.3 11.4 11.23",
    2025: "1.1 1.13 2.11 2.23 2.24 3.20 4.29 5.3 5.4 5.5 5.6 7.21 8.11 9.15 9.23 10.13 11.3 11.23 11.24",
    2026: "1.1 1.12 2.11 2.23 3.20 4.29 5.3 5.4 5.5 5.6 7.20 8.11 9.21 9.22 9.23 10.12 11.3 11.23",
    2027: "1.1 1.11 2.11 2.23 3.21 3.22 4.29 5.3 5.4 5.5 7.19 8.11 9.20 9.23 10.11 11.3 11.23",
  ]

  /// Years that the Cabinet Office has not announced yet, computed apart from our code by a script from 国民の祝日に関する法律:
  /// the days of article 2, substitutes by article 3 (2), days between two 祝日 by article 3 (3). Its equinoxes are moments of the
  /// sun in Japanese time after J. Meeus, Astronomical Algorithms, 2nd ed., chapter 27, right to a minute; none to 2050 lies nearer to
  /// midnight than 14 min (20 March 2026, 23 September 2041 and 22 September 2045 are the nearest). Day by day the same as the dataset
  /// holidays.yml of github.com/holiday-jp/holiday_jp (commit f9d2e3c), whose own tests hold it against the Cabinet Office's file.
  static let computed: [Int: String] = [
    2028: "1.1 1.10 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.17 8.11 9.18 9.22 10.9 11.3 11.23",
    2029: "1.1 1.8 2.11 2.12 2.23 3.20 4.29 4.30 5.3 5.4 5.5 7.16 8.11 9.17 9.23 9.24 10.8 11.3 11.23",
    2030: "1.1 1.14 2.11 2.23 3.20 4.29 5.3 5.4 5.5 5.6 7.15 8.11 8.12 9.16 9.23 10.14 11.3 11.4 11.23",
    2031: "1.1 1.13 2.11 2.23 2.24 3.21 4.29 5.3 5.4 5.5 5.6 7.21 8.11 9.15 9.23 10.13 11.3 11.23 11.24",
    2032: "1.1 1.12 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.19 8.11 9.20 9.21 9.22 10.11 11.3 11.23",
    2033: "1.1 1.10 2.11 2.23 3.20 3.21 4.29 5.3 5.4 5.5 7.18 8.11 9.19 9.23 10.10 11.3 11.23",
    2034: "1.1 1.2 1.9 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.17 8.11 9.18 9.23 10.9 11.3 11.23",
    2035: "1.1 1.8 2.11 2.12 2.23 3.21 4.29 4.30 5.3 5.4 5.5 7.16 8.11 9.17 9.23 9.24 10.8 11.3 11.23",
    2036: "1.1 1.14 2.11 2.23 3.20 4.29 5.3 5.4 5.5 5.6 7.21 8.11 9.15 9.22 10.13 11.3 11.23 11.24",
    2037: "1.1 1.12 2.11 2.23 3.20 4.29 5.3 5.4 5.5 5.6 7.20 8.11 9.21 9.22 9.23 10.12 11.3 11.23",
    2038: "1.1 1.11 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.19 8.11 9.20 9.23 10.11 11.3 11.23",
    2039: "1.1 1.10 2.11 2.23 3.21 4.29 5.3 5.4 5.5 7.18 8.11 9.19 9.23 10.10 11.3 11.23",
    2040: "1.1 1.2 1.9 2.11 2.23 3.20 4.29 4.30 5.3 5.4 5.5 7.16 8.11 9.17 9.22 10.8 11.3 11.23",
    2041: "1.1 1.14 2.11 2.23 3.20 4.29 5.3 5.4 5.5 5.6 7.15 8.11 8.12 9.16 9.23 10.14 11.3 11.4 11.23",
    2042: "1.1 1.13 2.11 2.23 2.24 3.20 4.29 5.3 5.4 5.5 5.6 7.21 8.11 9.15 9.23 10.13 11.3 11.23 11.24",
    2043: "1.1 1.12 2.11 2.23 3.21 4.29 5.3 5.4 5.5 5.6 7.20 8.11 9.21 9.22 9.23 10.12 11.3 11.23",
    2044: "1.1 1.11 2.11 2.23 3.20 3.21 4.29 5.3 5.4 5.5 7.18 8.11 9.19 9.22 10.10 11.3 11.23",
    2045: "1.1 1.2 1.9 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.17 8.11 9.18 9.22 10.9 11.3 11.23",
    2046: "1.1 1.8 2.11 2.12 2.23 3.20 4.29 4.30 5.3 5.4 5.5 7.16 8.11 9.17 9.23 9.24 10.8 11.3 11.23",
    2047: "1.1 1.14 2.11 2.23 3.21 4.29 5.3 5.4 5.5 5.6 7.15 8.11 8.12 9.16 9.23 10.14 11.3 11.4 11.23",
    2048: "1.1 1.13 2.11 2.23 2.24 3.20 4.29 5.3 5.4 5.5 5.6 7.20 8.11 9.21 9.22 10.12 11.3 11.23",
    2049: "1.1 1.11 2.11 2.23 3.20 4.29 5.3 5.4 5.5 7.19 8.11 9.20 9.21 9.22 10.11 11.3 11.23",
    2050: "1.1 1.10 2.11 2.23 3.20 3.21 4.29 5.3 5.4 5.5 7.18 8.11 9.19 9.23 10.10 11.3 11.23",
  ]

  @Test(arguments: official.keys.sorted() + computed.keys.sorted()) func yearAgreesWithTheList(year: Int) {
    let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
    let next = CivilDate(year: year + 1, month: 1, day: 1).daysSinceEpoch
    let found = (first..<next).map { CivilDate(daysSinceEpoch: $0) }.filter(JapaneseHolidays.contains)
    #expect(found.map { "\($0.month).\($0.day)" }.joined(separator: " ") == Self.official[year] ?? Self.computed[year])
  }

  @Test func everyYearTo2050HasAList() { #expect((Array(Self.official.keys) + Array(Self.computed.keys)).sorted() == Array(2015...2050)) }

  @Test(arguments: [
    ("2026-11-23", DayType.holiday), ("2026-11-24", .workday), ("2026-11-28", .saturday), ("2026-11-29", .holiday),
    ("2026-05-06", .holiday),
    ("1970-01-06", .workday), ("1969-12-28", .holiday), ("1969-12-31", .holiday), ("2027-01-02", .holiday), ("2027-01-04", .workday),
    ("2026-08-12", .workday), ("2026-08-13", .holiday), ("2026-08-16", .holiday), ("2026-08-17", .workday),
  ])
  func dayTypes(text: String, expected: DayType) throws {
    let t = try #require(Timestamp(iso8601: text + "T12:00+09:00"))
    #expect(LocalCalendar.japan.dayType(ofDay: LocalCalendar.japan.day(of: t)) == expected)
  }

  @Test func specialDaysAreHolidays() {
    let obon = (13...16).map { Int32(CivilDate(year: 2026, month: 8, day: $0).daysSinceEpoch) }
    let calendar = LocalCalendar(specialDays: obon.reversed())
    for d in obon { #expect(calendar.dayType(ofDay: Int(d)) == .holiday) }
    #expect(calendar.dayType(ofDay: Int(obon[3]) + 1) == .workday)
    #expect(calendar.dayType(ofDay: Int(obon[0]) - 1) == .workday)
  }

  @Test(arguments: [Int.min, Int.max, 0, -1_000_000, 10_000_000]) func farDaysAreSurvived(day: Int) {
    _ = LocalCalendar.japan.dayType(ofDay: day)
  }
}
