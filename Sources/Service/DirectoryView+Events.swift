import Alerts
import Readings
import Settings
import Store
import Web

/// An event as commands show it.
public struct EventLine: Codable, Sendable {
  public var key: String
  public var sensor: String
  public var name: String
  public var zoneName: String
  /// burst, incipient, gap …
  public var kind: String
  public var severity: String
  public var isOpen: Bool
  public var opened: String
  public var onset: String
  public var closed: String?
  /// m³/h and m³; 0 for what is no leak.
  public var excess: Double
  public var volume: Double
  public var yenPerDay: Int
  /// Whether somebody has said something of it.
  public var isAcknowledged: Bool
  /// In words, headline first; the keys are language codes.
  public var text: [String: String]
}

/// One event with all that became of it.
public struct EventRecord: Codable, Sendable {
  public struct Change: Codable, Sendable {
    public var time: String
    public var change: String
    public var severity: String
    public var excess: Double
    public var volume: Double
    /// What a person said that made it.
    public var action: String?
  }
  public struct Saying: Codable, Sendable {
    public var time: String
    public var action: String
    public var by: String
    public var note: String
  }
  public struct Delivery: Codable, Sendable {
    public var id: Int64
    public var endpoint: String
    public var change: String
    public var state: String
    public var attempts: Int
    public var lastError: String?
    public var webhookID: String
  }

  public var event: EventLine
  public var history: [Change]
  public var actions: [Saying]
  public var deliveries: [Delivery]
}

extension DirectoryView {
  /// Newest opening first.
  /// - Parameter limit: 1…10,000
  public func eventLines(openOnly: Bool, leaksOnly: Bool, limit: Int) throws -> [EventLine] {
    var filter = StoreReader.EventFilter()
    filter.openOnly = openOnly
    filter.leaksOnly = leaksOnly
    filter.limit = limit
    return try reader.events(filter).map(line)
  }

  /// Nil for an unknown event.
  public func story(ofEvent key: String) throws -> EventRecord? {
    guard let event = try reader.event(key: key) else { return nil }
    var filter = DeliveryFilter()
    filter.event = key
    filter.limit = 1000
    return EventRecord(
      event: try line(event),
      history: try reader.transitions(ofEvent: key).map { row in
        let t = row.transition
        return EventRecord.Change(
          time: iso(t.time), change: t.change.code, severity: t.severity.code, excess: finite(t.excess), volume: finite(t.volume),
          action: t.action?.code)
      },
      actions: try reader.actions(event: key, limit: 1000).reversed().map { r in
        EventRecord.Saying(time: iso(r.action.time), action: r.action.kind.code, by: r.person, note: r.note)
      },
      deliveries: try reader.deliveries(filter).reversed().map { d in
        EventRecord.Delivery(
          id: d.id, endpoint: d.endpoint, change: d.change.code, state: d.state.code, attempts: d.attempts, lastError: d.lastError,
          webhookID: d.webhookID)
      })
  }

  /// The sensor of an event; nil for an unknown one.
  public func sensor(ofEvent key: String) throws -> SensorID? { try reader.event(key: key)?.sensor }

  private func line(_ e: StoredEvent) throws -> EventLine {
    let t = e.last
    let names = profiles.names(e.sensor)
    var message = AlertMessage(
      seq: 0, eventKey: e.eventKey, transitionKey: "", sensor: e.sensor, names: names, transition: t,
      yenPerCubicMetre: settings.utility.priceYenPerM3, calendar: profiles.calendar)
    message.pressureName = t.pressure.flatMap { fall in sensors.first { $0.slot == fall.slot } }.map { profiles.names($0.id).sensor }
    return EventLine(
      key: e.eventKey, sensor: e.sensor.description, name: names.sensor, zoneName: names.zone, kind: t.kind.code, severity: t.severity.code,
      isOpen: e.isOpen, opened: iso(e.opened), onset: iso(t.onset), closed: e.closed.map(iso), excess: finite(t.excess),
      volume: finite(t.volume), yenPerDay: message.yenPerDay, isAcknowledged: try !reader.actions(event: e.eventKey, limit: 1).isEmpty,
      text: Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0.rawValue, AlertWords(message, $0).text) }))
  }

  private func finite(_ v: Double) -> Double { v.isFinite ? v : 0 }
}
