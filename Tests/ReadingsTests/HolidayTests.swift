import Readings
import Testing

/// Holidays by rule against the Cabinet Office's list (国民の祝日について), typed in by hand: month.day, including substitutes.
@Suite struct HolidayTests {
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

  @Test(arguments: official.keys.sorted()) func yearAgreesWithTheOfficialList(year: Int) {
    let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
    let next = CivilDate(year: year + 1, month: 1, day: 1).daysSinceEpoch
    let found = (first..<next).map { CivilDate(daysSinceEpoch: $0) }.filter(JapaneseHolidays.contains)
    #expect(found.map { "\($0.month).\($0.day)" }.joined(separator: " ") == Self.official[year])
  }

  /// Equinoxes of later years, after the tables of the National Astronomical Observatory: (year, day of March, day of September).
  @Test(arguments: [
    (2028, 20, 22), (2029, 20, 23), (2030, 20, 23), (2031, 21, 23), (2032, 20, 22), (2033, 20, 23), (2036, 20, 22), (2040, 20, 22),
    (2044, 20, 22),
    (2045, 20, 22), (2047, 21, 23), (2048, 20, 22), (2050, 20, 23),
  ])
  func equinoxes(year: Int, spring: Int, autumn: Int) {
    #expect(JapaneseHolidays.contains(CivilDate(year: year, month: 3, day: spring)))
    #expect(JapaneseHolidays.contains(CivilDate(year: year, month: 9, day: autumn)))
  }

  @Test func inBetweenDaysOf2032() {
    // 敬老の日 is Monday 20 September, 秋分の日 Wednesday the 22nd: Tuesday is 国民の休日.
    #expect(JapaneseHolidays.contains(CivilDate(year: 2032, month: 9, day: 21)))
    #expect(!JapaneseHolidays.contains(CivilDate(year: 2031, month: 9, day: 22)))
  }

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

  @Test func everyYearTo2050HasAPlausibleNumber() {
    for year in 2020...2050 {
      let first = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
      let n = (0..<365).filter { JapaneseHolidays.contains(CivilDate(daysSinceEpoch: first + $0)) }.count
      #expect((16...21).contains(n), "\(year)")
    }
  }
}
