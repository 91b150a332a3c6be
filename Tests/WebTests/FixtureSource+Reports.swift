import Readings
import Reports
import Web

/// Two towns with a meter each, and a figure billed of each.
extension FixtureSource {
  func report(_ kind: ReportPeriod.Kind, _ period: ReportPeriod?, municipalities: Set<String>) throws -> Report? {
    let towns = try reportedMunicipalities().filter { municipalities.isEmpty || municipalities.contains($0) }
    guard !towns.isEmpty else { return nil }
    let midnight = LocalCalendar.japan.midnight(ofDay: 20_800)
    let request = ReportRequest(
      period: period ?? ReportPeriod(kind, containing: 20_000), utility: "u", municipalities: towns, calendar: .japan, yenPerM3: 170,
      practice: FormerPractice(), night: 60..<240, now: midnight, created: midnight)
    let meters = towns.compactMap { SensorID("\($0)/z/m/flow") }.map { ReportMeter(id: $0, name: "髙橋 \($0)", zoneName: "z") }
    return ReportBuilder(request, meters: meters, leaks: []).report()
  }

  func csv(_ report: Report, _ language: ReportLanguage, _ encoding: ReportEncoding) -> [UInt8] {
    Array("\(encoding.rawValue) \(language.rawValue) \(report.municipalities)".utf8)
  }

  var reportLanguage: ReportLanguage { .ja }
  func reportedMunicipalities() throws -> [String] { ["a", "b"] }

  func billed(_ municipality: String, months: Range<Int>) throws -> [BilledMonth] {
    let month = MonthNumber.of(year: 2026, month: 10)
    return months.contains(month) ? [BilledMonth(municipality: municipality, month: MonthNumber.code(month), m3: 12_345)] : []
  }

  func setBilled(_ municipality: String, month: Int, volume: Double?, by: String) throws {
    guard by != "broken" else { throw Broken() }
  }
}
