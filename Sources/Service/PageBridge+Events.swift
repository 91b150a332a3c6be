import Alerts
import Readings
import Settings
import Store
import Web

/// Events.
extension PageBridge {
  func events(openOnly: Bool, limit: Int, municipalities: Set<String>) throws -> [EventSummary] {
    var filter = StoreReader.EventFilter()
    filter.municipalities = municipalities
    filter.openOnly = openOnly
    filter.limit = limit
    return try reader.events(filter).map(summary)
  }

  func event(_ key: String) throws -> EventSummary? { try reader.event(key: key).map(summary) }

  func openEvents() throws -> [StoredEvent] {
    var filter = StoreReader.EventFilter()
    filter.openOnly = true
    filter.limit = 10_000
    return try reader.events(filter)
  }

  func summary(_ e: StoredEvent) -> EventSummary {
    let t = e.last
    let names = profiles.names(e.sensor)
    let message = AlertMessage(
      seq: 0, eventKey: e.eventKey, transitionKey: "", sensor: e.sensor, names: names, transition: t,
      yenPerCubicMetre: profiles.settings.utility.priceYenPerM3, calendar: profiles.calendar)
    return EventSummary(
      key: e.eventKey, sensor: e.sensor.description, zoneName: names.zone, name: names.sensor, kind: t.kind.code, isLeak: t.kind.isLeak,
      isOpen: e.isOpen, severity: t.severity.code, opened: iso(e.opened), onset: iso(t.onset), closed: e.closed.map(iso),
      expected: finite(t.expected), observed: finite(t.observed), excess: finite(t.excess), volume: finite(t.volume), yen: message.yen,
      yenPerDay: message.yenPerDay, confidence: finite(t.confidence), isGrowing: t.isGrowing, evidence: t.evidence.codes,
      text: Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0.rawValue, AlertWords(message, $0).text) }))
  }
}
