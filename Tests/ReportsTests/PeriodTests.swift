import Readings
import Reports
import Testing

@Suite struct PeriodTests {
  @Test(arguments: [
    (ReportPeriod.Kind.daily, "2024-02-29", day(2024, 2, 29), 1), (.monthly, "2024-02", day(2024, 2, 1), 29),
    (.monthly, "2026-02", day(2026, 2, 1), 28),
    (.monthly, "2026-12", day(2026, 12, 1), 31), (.annual, "2026", day(2026, 4, 1), 365), (.annual, "2023", day(2023, 4, 1), 366),
  ])
  func days(_ kind: ReportPeriod.Kind, _ code: String, _ first: Int, _ count: Int) throws {
    let p = try #require(ReportPeriod(kind, code))
    #expect(p.days.lowerBound == first && p.days.count == count)
    #expect(p.code == code && p.kind == kind)
    #expect(ReportPeriod(kind, containing: p.days.lowerBound) == p && ReportPeriod(kind, containing: p.days.upperBound - 1) == p)
    #expect(p.next.days.lowerBound == p.days.upperBound && p.next.previous == p)
  }

  @Test(arguments: [
    (ReportPeriod.Kind.daily, "2026-02-29"), (.daily, "2026-2-01"), (.daily, "2026-02"), (.daily, "1969-12-31"), (.daily, "2026-11-+1"),
    (.monthly, "2026-13"), (.monthly, "2026-00"), (.monthly, "2026-1"), (.monthly, ""), (.monthly, "２０２６-11"), (.annual, "26"),
    (.annual, "9998"),
    (.annual, "-026"), (.daily, "2026-11-26-1"),
  ])
  func refused(_ kind: ReportPeriod.Kind, _ code: String) { #expect(ReportPeriod(kind, code) == nil) }

  /// A 年度 begins in April: 31 March belongs to the one before.
  @Test func fiscalYear() {
    #expect(ReportPeriod(.annual, containing: day(2027, 3, 31)) == .year(2026))
    #expect(ReportPeriod(.annual, containing: day(2027, 4, 1)) == .year(2027))
    #expect(ReportPeriod.year(2026).months == (2026 * 12 + 3)..<(2027 * 12 + 3))
    #expect(MonthNumber.of(year: 2026, month: 11) == 24_322)
  }

  @Test func compared() {
    #expect(ReportPeriod.month(24_322).compared.map(\.period.code) == ["2026-10", "2025-11"])
    #expect(ReportPeriod.day(day(2026, 3, 1)).compared.map(\.period.code) == ["2026-02-28", "2026-02-22"])
    #expect(ReportPeriod.year(2026).compared.map(\.period.code) == ["2025"])
  }
}
