import Alerts
import Readings
import Settings
import Store
import Web

/// Events: what was found, when and why.
extension PageBridge {
  func events(_ query: EventQuery) throws -> ListPage<EventSummary> {
    var filter = StoreReader.EventFilter()
    filter.municipalities = query.municipalities
    filter.openOnly = query.isOpen
    filter.leaksOnly = query.leaks
    if let code = query.kind {
      guard let kind = EventKind(code: code) else {
        throw PageRefusal(status: 400, code: "kind", detail: "kind: " + EventKind.allCases.map(\.code).joined(separator: ", "))
      }
      filter.kind = kind
    }
    if let text = query.sensor {
      guard let id = SensorID(text) else {
        throw PageRefusal(status: 400, code: "sensor", detail: "sensor: municipality/zone/sensor/quantity")
      }
      guard let slot = directory.slot(of: id) else { return ListPage(items: [], next: nil) }
      filter.slot = slot
    }
    filter.from = query.from.map { Timestamp(milliseconds: $0) }
    filter.to = query.to.map { Timestamp(milliseconds: $0) }
    filter.after = try query.after.map(place)
    // One more than is shown says whether there is more.
    filter.limit = query.limit + 1
    let found = try reader.events(filter)
    let page = found.prefix(query.limit)
    return ListPage(items: page.map(summary), next: found.count > query.limit ? page.last.map { cursor($0.place) } : nil)
  }

  func event(_ key: String) throws -> EventDetail? {
    guard let stored = try reader.event(key: key) else { return nil }
    var detail = EventDetail(summary(stored))
    let steps = try reader.transitions(ofEvent: key)
    detail.history = steps.map { step($0.transition) }
    let actions = try reader.actions(event: key, limit: 1000)
    detail.actions = actions.map { summary($0, stored.sensor) }
    detail.deliveries = try deliveries(ofEvent: key)
    detail.isAcknowledged = !actions.isEmpty
    let upstream = profiles.parent(of: stored.sensor)
    detail.upstream = upstream?.description
    let messages = steps.map { message($0.transition, stored.sensor, key) }
    let night = settings.detection.nightStart..<settings.detection.nightEnd
    if let story = Alerts.EventStory(steps: messages, upstream: upstream.map { profiles.names($0).sensor }, night: night) {
      for language in Language.allCases { detail.reasons[language.rawValue] = ReasonWords.sentences(story, language) }
    }
    return detail
  }

  func changes(since: Int64, municipalities: Set<String>) throws -> Changes {
    let moment = Timestamp(milliseconds: since)
    var changes = Changes(since: since, until: Clocks.wall().milliseconds)
    func isSeen(_ id: SensorID) -> Bool { municipalities.isEmpty || municipalities.contains(id.municipality) }
    var filter = StoreReader.EventFilter()
    filter.municipalities = municipalities
    // Those that were open at some time since: what opened and what closed is among them.
    filter.from = moment
    filter.limit = 10_000
    let events = try reader.events(filter)
    changes.opened = events.filter { $0.opened >= moment }.prefix(1000).map(summary)
    changes.closed = events.filter { $0.closed.map { $0 >= moment } ?? false }.prefix(1000).map(summary)
    changes.actions = try reader.actions(kind: nil, since: moment, limit: 1000)
      .compactMap { r in directory[r.action.slot].flatMap { isSeen($0) ? summary(r, $0) : nil } }
    changes.sensors = try reader.sensors().filter { $0.firstSeen >= moment && isSeen($0.id) }.map { $0.id.description }
    return changes
  }

  func allLeaks(_ municipalities: Set<String>) throws -> [EventSummary] {
    var filter = StoreReader.EventFilter()
    filter.municipalities = municipalities
    filter.leaksOnly = true
    filter.limit = 10_000
    return try reader.events(filter).map(summary)
  }

  func openEvents() throws -> [StoredEvent] {
    var filter = StoreReader.EventFilter()
    filter.openOnly = true
    filter.limit = 10_000
    return try reader.events(filter)
  }

  func summary(_ e: StoredEvent) -> EventSummary {
    let t = e.last
    let names = profiles.names(e.sensor)
    let message = message(t, e.sensor, e.eventKey)
    var out = EventSummary(
      key: e.eventKey, sensor: e.sensor.description, zoneName: names.zone, name: names.sensor, kind: t.kind.code, isLeak: t.kind.isLeak,
      isOpen: e.isOpen, severity: t.severity.code, opened: iso(e.opened), onset: iso(t.onset), closed: e.closed.map(iso),
      expected: finite(t.expected), observed: finite(t.observed), excess: finite(t.excess), volume: finite(t.volume), yen: message.yen,
      yenPerDay: message.yenPerDay, confidence: finite(t.confidence), isGrowing: t.isGrowing, evidence: t.evidence.codes,
      text: Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0.rawValue, AlertWords(message, $0).text) }))
    out.pressure = pressure(t)
    if e.isOpen, t.kind.isLeak, let said = handling(e.eventKey) {
      out.handling = said.action.kind.code
      out.handledBy = said.person
    }
    return out
  }

  /// What somebody said last of taking care of an event.
  private func handling(_ key: String) -> ActionRecord? {
    // Without it the event is as true as with it.
    let said = try? reader.actions(event: key, limit: 50)
    return said?.first { $0.action.kind == .acknowledged || $0.action.kind == .inProgress }
  }

  // MARK: - Parts

  private func message(_ t: Transition, _ sensor: SensorID, _ key: String) -> AlertMessage {
    var message = AlertMessage(
      seq: 0, eventKey: key, transitionKey: "", sensor: sensor, names: profiles.names(sensor), transition: t,
      yenPerCubicMetre: profiles.settings.utility.priceYenPerM3, calendar: profiles.calendar)
    message.pressureName = t.pressure.flatMap { directory[$0.slot] }.map { profiles.names($0).sensor }
    return message
  }

  private func step(_ t: Transition) -> EventStep {
    EventStep(
      time: iso(t.time), change: t.change.code, severity: t.severity.code, onset: iso(t.onset), expected: finite(t.expected),
      observed: finite(t.observed), excess: finite(t.excess), volume: finite(t.volume), confidence: finite(t.confidence),
      isGrowing: t.isGrowing, evidence: t.evidence.codes, action: t.action?.code, pressure: pressure(t))
  }

  private func pressure(_ t: Transition) -> PressureFallSummary? {
    t.pressure.map { PressureFallSummary(sensor: directory[$0.slot]?.description, time: iso($0.time), kPa: finite($0.size)) }
  }

  private func cursor(_ place: EventPlace) -> String { "\(place.opened.milliseconds)_\(place.eventKey)" }

  private func place(_ cursor: String) throws -> EventPlace {
    let parts = cursor.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let time = Int64(parts[0]), parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw PageRefusal(status: 400, code: "after", detail: "after: Link の値をそのまま使ってください / as the Link header says it")
    }
    return EventPlace(opened: Timestamp(milliseconds: time), eventKey: String(parts[1]))
  }
}
