import Readings
import Reports
import Testing

@Suite struct FiguresTests {
  /// The meter behind another one is no part of the total; the zone's volume is its inflow.
  @Test func volumesOfAMonth() throws {
    let r = Town().report
    #expect(r.total.supplied == 7200)
    #expect(r.total.days == 30 && r.total.perDay == 240 && r.total.share == 1 && r.total.missingHours == 0)
    #expect(r.total.night == 5 && r.total.smallestNight == 5)
    #expect(r.meters.map(\.isCounted) == [true, false])
    #expect(r.meters.map(\.volume) == [7200, 3600])
    #expect(r.meters.map(\.mean) == [10, 5] && r.meters[0].low == 1 && r.meters[0].high == 20)
    #expect(r.meters.map(\.nightReference) == [5, 2])
    let zone = try #require(r.zones.first)
    #expect(r.zones.count == 1 && zone.volume == 7200 && zone.meters == 2 && zone.night == 5 && zone.nightReference == 5)
    #expect(r.days.count == 30 && r.days.map(\.supplied).allSatisfy { $0 == 240 })
    #expect(r.isFinished && r.leaks.isEmpty)
  }

  @Test func comparedWithMonthAndYearBefore() {
    var town = Town()
    let november = day(2026, 11, 1)
    town.flow = { id, d in id.sensor == "m02" ? nil : d >= november ? (300, 6, 24) : d < day(2026, 1, 1) ? (200, 4, 24) : (250, 5, 24) }
    let r = town.report
    #expect(r.total.supplied == 9000)
    #expect(r.comparisons.map(\.period) == ["2026-10", "2025-11"])
    #expect(r.comparisons.map(\.figures.supplied) == [7750, 6000])
    #expect(r.comparisons.map(\.figures.night) == [5, 4])
    // Against the four weeks before.
    #expect(r.meters[0].nightReference == 5 && r.meters[0].night == 6)
  }

  /// A zone with a sum of its own shows that sum, and the sum is no part of the total; a meter of two inlets is not counted twice.
  @Test func netMeters() throws {
    var town = Town()
    let (a, b, net) = (sensor("ina/nishi/m01/flow"), sensor("ina/nishi/m03/flow"), sensor("ina/nishi/net/flow"))
    town.meters = [
      ReportMeter(id: a, name: "a", zoneName: "西町", firstDay: 0), ReportMeter(id: b, name: "b", zoneName: "西町", firstDay: 0),
      ReportMeter(id: net, name: "差引", zoneName: "西町", upstream: [a, b], isNet: true, firstDay: 0),
    ]
    town.flow = { id, _ in id == net ? (150, 3, 24) : (100, 2, 24) }
    let r = town.report
    #expect(r.total.supplied == 200 * 30 && r.total.night == 4)
    #expect(r.zones.first?.volume == 150 * 30 && r.zones.first?.night == 3 && r.zones.first?.meters == 2)
  }

  @Test func hoursWithoutReadings() {
    var town = Town()
    // The first ten days are missing, and half of the eleventh.
    town.flow = { id, d in
      guard id.sensor == "m01" else { return nil }
      return d >= day(2026, 11, 1) && d <= day(2026, 11, 10) ? nil : d == day(2026, 11, 11) ? (120, nil, 12) : (240, 5, 24)
    }
    let r = town.report
    #expect(r.total.missingHours == 252 && r.total.days == 20)
    #expect(r.total.share == 468.0 / 720)
    #expect(r.meters[0].missingHours == 252 && r.meters[1].missingHours == 720 && r.meters[1].volume == nil)
    #expect(r.days[9].supplied == nil && r.days[9].share == 0 && r.days[10].share == 0.5 && r.days[10].night == nil)
    #expect(r.notes.contains { $0.ja.contains("欠測が 35.0%") && $0.en.contains("35.0%") })
  }

  /// What has not come yet is not missing, and a meter is not missed before it was there.
  @Test func hoursToCome() {
    var town = Town()
    town.now = time("2026-11-16T12:00")
    town.meters = [ReportMeter(id: sensor("ina/nishi/m01/flow"), name: "x", zoneName: "y", firstDay: day(2026, 11, 6))]
    town.flow = { _, d in d < day(2026, 11, 6) || d > day(2026, 11, 16) ? nil : d == day(2026, 11, 16) ? (120, 5, 12) : (240, 5, 24) }
    let r = town.report
    #expect(!r.isFinished && r.total.share == 1 && r.total.missingHours == 0 && r.total.supplied == 2520)
    #expect(r.meters[0].nightReference == nil, "five nights are no reference")
    #expect(r.comparisons.allSatisfy { $0.figures.supplied == nil && $0.figures.share == nil })
    #expect(r.notes.first?.ja.contains("途中") == true)
  }

  /// Months of a 年度 that are still to come say nothing, not even of leaks that are open today.
  @Test func monthsToCome() {
    var town = Town()
    town.period = .year(2026)
    town.now = time("2026-12-01T00:00")
    town.flow = { _, d in d < day(2026, 12, 1) ? (240, 5, 24) : nil }
    town.leaks = [leak(onset: "2026-11-20T00:00", opened: "2026-11-21T00:00", closed: nil, known: "2026-12-01T00:00", .open)]
    let months = town.report.months
    #expect(months.map(\.figures.hasBegun) == Array(repeating: true, count: 8) + Array(repeating: false, count: 4))
    #expect(months.map(\.figures.leaksOpen) == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0] && town.report.total.share == 1)
  }

  @Test func nothingAtAll() {
    var town = Town()
    town.meters = []
    let r = town.report
    #expect(r.total.supplied == nil && r.total.lost == 0 && r.zones.isEmpty)
    town = Town()
    town.flow = { _, _ in nil }
    #expect(town.report.total.supplied == nil && town.report.total.share == 0 && town.report.total.missingHours == 720)
  }

  @Test func leapDay() {
    var town = Town()
    town.period = .month(MonthNumber.of(year: 2028, month: 2))
    town.now = time("2028-06-01T00:00")
    let r = town.report
    #expect(r.days.count == 29 && r.last == "2028-02-29" && r.total.supplied == 240 * 29)
    #expect(r.comparisons.map(\.figures.supplied) == [240 * 31, 240 * 28])
    town.period = .year(2027)
    #expect(town.report.total.supplied == 240 * 366 && town.report.months.count == 12)
    #expect(town.report.first == "2027-04-01" && town.report.last == "2028-03-31")
  }

  /// The median of the nights before, without those in a leak; the leak's end frees them.
  @Test func referenceWithoutLeaks() {
    var town = Town()
    town.flow = { id, d in id.sensor == "m02" ? nil : (240, d >= day(2026, 10, 10) && d < day(2026, 10, 30) ? 9 : 5, 24) }
    #expect(town.report.meters[0].nightReference == 9)
    // From the night of the 10th to that of the 29th: 20 nights go, 8 stay.
    town.leaks = [leak(onset: "2026-10-10T02:00", opened: "2026-10-12T00:00", closed: "2026-10-29T12:00")]
    #expect(town.report.meters[0].nightReference == 5)
    town.leaks[0].outcome = .falseAlarm
    #expect(town.report.meters[0].nightReference == 9)
  }

  @Test func largestDay() {
    var town = Town()
    town.flow = { id, d in id.sensor == "m02" ? nil : (d == day(2026, 11, 23) ? 999 : 240, 5, 24) }
    #expect(town.report.total.largest == 999 && town.report.total.largestDay == "2026-11-23")
  }

  @Test func revenueWater() {
    var town = Town()
    town.billed = [
      .init(municipality: "ina", month: MonthNumber.of(year: 2026, month: 11), volume: 6480),
      .init(municipality: "ina", month: MonthNumber.of(year: 2026, month: 10), volume: 6000),
      .init(municipality: "komagane", month: MonthNumber.of(year: 2026, month: 11), volume: 1),
    ]
    let r = town.report
    #expect(r.total.billed == 6480 && r.total.suppliedOfBilled == 7200 && r.total.nonRevenue == 720)
    #expect(r.total.revenueShare == 0.9)
    #expect(r.comparisons[0].figures.billed == 6000 && r.comparisons[1].figures.billed == nil)
    #expect(r.balance.count == 1 && r.balance.first?.nonRevenue == 720)
    #expect(r.notes.contains { $0.ja.contains("推定") && $0.ja.contains("有収率") })
    // Of a year only the months that were entered.
    town.period = .year(2026)
    let year = town.report
    #expect(year.total.billed == 12_480 && year.total.suppliedOfBilled == 240 * 61)
    #expect(year.months.map { $0.figures.billed }.compactMap { $0 } == [6000, 6480])
  }

  @Test func aDay() {
    var town = Town()
    town.period = .day(day(2026, 11, 26))
    town.hours = (0..<24).map { Double($0) }
    let r = town.report
    #expect(r.total.supplied == 240 && r.hours.count == 24 && r.days.isEmpty && r.first == r.last)
    #expect(r.comparisons.map(\.relation) == [.before, .weekBefore] && r.comparisons.allSatisfy { $0.figures.supplied == 240 })
    #expect(r.nightWindow == "01:00–04:00")
  }
}
