/// Meters and leaks as NGSI-LD entities, for the prefecture's data platform.
public protocol EntityPages: Sendable {
  /// All meters of these municipalities (empty = of all), by id.
  func allMeters(_ municipalities: Set<String>) throws -> [MeterSummary]
  /// Their leaks, newest first; at most 10,000.
  func allLeaks(_ municipalities: Set<String>) throws -> [EventSummary]
}
