import Reports

/// Daily, monthly and annual reports, and the billed volume that they need.
public protocol ReportPages: Sendable {
  /// - Parameters:
  ///   - period: nil = the present one of that kind.
  ///   - municipalities: whose meters it holds; empty = all.
  /// - Returns: nil where none of them has a meter.
  func report(_ kind: ReportPeriod.Kind, _ period: ReportPeriod?, municipalities: Set<String>) throws -> Report?
  func csv(_ report: Report, _ language: ReportLanguage, _ encoding: ReportEncoding) -> [UInt8]
  /// The language of the utility.
  var reportLanguage: ReportLanguage { get }
  /// Municipalities with meters, sorted.
  func reportedMunicipalities() throws -> [String]
  /// - Parameter months: numbers of `MonthNumber`.
  func billed(_ municipality: String, months: Range<Int>) throws -> [BilledMonth]
  /// - Parameter volume: m³; nil takes the figure away.
  func setBilled(_ municipality: String, month: Int, volume: Double?, by: String) throws
}

/// 有収水量 of a month.
public struct BilledMonth: Codable, Sendable, Equatable {
  public var municipality: String
  /// `2026-10`
  public var month: String
  /// Left out where the figure was taken away.
  public var m3: Double?

  public init(municipality: String, month: String, m3: Double?) {
    self.municipality = municipality
    self.month = month
    self.m3 = m3
  }
}

/// The body of `POST /api/v1/billed`.
struct BilledCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case municipality, month, m3, by
  }

  let municipality: String
  let month: String
  /// Null takes the figure away; the key must be there.
  let m3: Double?
  let by: String?

  init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    municipality = try c.decode(String.self, forKey: .municipality)
    month = try c.decode(String.self, forKey: .month)
    guard c.contains(.m3) else { throw DecodingError.keyNotFound(CodingKeys.m3, .init(codingPath: [], debugDescription: "")) }
    m3 = try c.decodeIfPresent(Double.self, forKey: .m3)
    by = try c.decodeIfPresent(String.self, forKey: .by)
  }
}
