/// The night flow of days, by zone or meter.
public protocol NightPages: Sendable {
  /// The newest day, as days since 1970-01-01 local: that of the newest reading, or today.
  func newestDay() throws -> Int
  /// - Parameter days: local days since 1970-01-01, at most 400.
  func nights(_ days: Range<Int>, by grouping: NightGrouping, municipalities: Set<String>) throws -> NightTable
}

/// What a row of the table is.
public enum NightGrouping: String, CaseIterable, Sendable {
  case zone, meter
}

/// The lowest hourly flow within the night window, day by day (夜間最小流量, MNF). m³/h.
public struct NightTable: Codable, Hashable, Sendable {
  /// `YYYY-MM-DD`, oldest first.
  public var days: [String]
  /// Local time, `01:00–04:00`.
  public var window: String
  public var rows: [NightRow]

  public init(days: [String], window: String, rows: [NightRow]) {
    self.days = days
    self.window = window
    self.rows = rows
  }
}

public struct NightRow: Codable, Hashable, Sendable {
  /// `municipality/zone`, or the meter's id.
  public var id: String
  public var municipality: String
  public var name: String
  public var zoneName: String
  /// One a day; null for a night without readings.
  public var values: [Double?]
  /// For each day the median of the nights of the 28 days before it that were neither in a leak nor freezing; null with fewer than 3.
  public var references: [Double?]
  /// The newest of them.
  public var reference: Double?
  /// For each day whether its night was one of freeze mode; such a night is no reference.
  public var frozen: [Bool]

  public init(
    id: String, municipality: String, name: String, zoneName: String, values: [Double?], references: [Double?], frozen: [Bool] = []
  ) {
    self.id = id
    self.municipality = municipality
    self.name = name
    self.zoneName = zoneName
    self.values = values
    self.references = references
    self.frozen = frozen
    reference = references.last { $0 != nil } ?? nil
  }
}
