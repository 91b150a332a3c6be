import Alerts
import Readings
import Settings
import Store
import Web

/// What commands show of a data directory, whether the service runs or not. Only reads.
public struct DirectoryView: Sendable {
  let settings: MizumoriSettings
  let reader: StoreReader
  let profiles: ProfileBook
  let sensors: [StoredSensor]

  /// Nil where there is no data directory yet.
  /// - Throws: `StoreError`.
  public init?(_ settings: MizumoriSettings) throws {
    guard let reader = try StoreReader.ifPresent(directory: settings.data.directory) else { return nil }
    self.settings = settings
    self.reader = reader
    profiles = ProfileBook(settings, cards: MeterBook(try reader.meterCards()))
    sensors = try reader.sensors()
  }

  /// Works in a span of event time, and all that recur.
  public func works(from: Timestamp, to: Timestamp) throws -> WorkCalendar {
    try WorkReader(reader: reader, profiles: profiles, ids: sensors.map(\.id), now: now()).calendar(from: from, to: to) { _ in true }
  }

  /// The newest event time that is stored; the wall clock where nothing is.
  public func now() throws -> Timestamp {
    try sensors.compactMap { try reader.extent($0.slot)?.last }.max() ?? Clocks.wall()
  }

  func iso(_ t: Timestamp) -> String { t.iso8601(offset: profiles.calendar.offset) }
}

/// A sensor as commands show it.
public struct SensorLine: Codable, Sendable {
  public var id: String
  public var name: String
  public var zoneName: String
  /// leak, attention, offline, learning, normal
  public var state: String
  /// Codes of the faults that are open.
  public var faults: [String]
  public var firstSeen: String
  public var lastSeen: String?
  public var battery: Double?
  public var card: CardSummary
}

extension DirectoryView {
  /// Worst first.
  public func sensorLines() throws -> [SensorLine] {
    var filter = StoreReader.EventFilter()
    filter.openOnly = true
    filter.limit = 10_000
    let open = Dictionary(grouping: try reader.events(filter), by: \.slot)
    let status = try reader.sensorStatus()
    let lines = try sensors.map { s in
      let names = profiles.names(s.id)
      let events = open[s.slot] ?? []
      let extent = try reader.extent(s.slot)
      return SensorLine(
        id: s.id.description, name: names.sensor, zoneName: names.zone, state: state(s.id, events, extent).rawValue,
        faults: Set(events.filter { $0.last.kind.isHealth }.map(\.last.kind.code)).sorted(), firstSeen: iso(s.firstSeen),
        lastSeen: (extent?.last).map(iso), battery: status[s.slot]?.battery, card: CardSummary(profiles.cards.card(s.id)))
    }
    func rank(_ l: SensorLine) -> Int { MeterState.allCases.firstIndex { $0.rawValue == l.state } ?? 0 }
    return lines.sorted { (rank($0), $0.id) < (rank($1), $1.id) }
  }

  /// As far as it can be told without the detector: a suspicion that is no event yet is not seen.
  private func state(_ id: SensorID, _ open: [StoredEvent], _ extent: (first: Timestamp, last: Timestamp)?) -> MeterState {
    if open.contains(where: { $0.last.kind.isLeak }) { return .leak }
    if open.contains(where: { $0.last.kind == .gap }) { return .offline }
    if open.contains(where: { $0.last.kind.isHealth }) { return .attention }
    guard id.quantity == .flow else { return .normal }
    let learnt = extent.map { $0.last.since($0.first) >= Int64(settings.detection.learningDays) * 86_400_000 } ?? false
    return learnt ? .normal : .learning
  }
}
