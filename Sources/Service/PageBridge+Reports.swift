import Foundation
import Readings
import Reports
import Settings
import Store
import Web

extension PageBridge {
  var reportLanguage: ReportLanguage { profiles.settings.utility.language == .ja ? .ja : .en }

  func report(_ kind: ReportPeriod.Kind, _ period: ReportPeriod?, municipalities: Set<String>) throws -> Report? {
    // A connection of its own: a year takes seconds, and the page reads through the other one.
    let source = ReportSource(reader: try StoreReader(directory: settings.data.directory), profiles: profiles)
    let towns = try source.municipalities(municipalities)
    guard !towns.isEmpty else { return nil }
    let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    let wanted = try period ?? ReportPeriod(kind, containing: source.today(now))
    return try source.report(wanted, municipalities: towns, now: now)
  }

  func csv(_ report: Report, _ language: ReportLanguage, _ encoding: ReportEncoding) -> [UInt8] {
    ReportFile.csv(report, language, encoding)
  }

  func reportedMunicipalities() throws -> [String] { try ReportSource(reader: reader, profiles: profiles).municipalities() }

  func billed(_ municipality: String, months: Range<Int>) throws -> [BilledMonth] {
    try reader.billed(municipality: municipality, months: months).sorted { $0.key < $1.key }.map {
      BilledMonth(municipality: municipality, month: MonthNumber.code($0.key), m3: $0.value)
    }
  }

  func setBilled(_ municipality: String, month: Int, volume: Double?, by person: String) throws {
    try desk.setBilled(
      municipality: municipality, month: month, volume: volume, by: person,
      at: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
  }
}
