import Alerts
import Detection
import Readings
import Settings
import Store
import Web

extension PageBridge {
  func sensors(municipalities: Set<String>) throws -> [SensorSummary] {
    let ids = directory.all
    let explanations = engine.explainAll(ids.count)
    let open = Dictionary(grouping: try openEvents(), by: \.slot)
    let facts = SensorFacts(
      cards: try reader.meterCards(), status: try reader.sensorStatus(),
      firstSeen: Dictionary(try reader.sensors().map { ($0.slot, $0.firstSeen) }) { first, _ in first })
    return ids.enumerated()
      .filter { municipalities.isEmpty || municipalities.contains($0.element.municipality) }
      .map { n, id in sensor(id, SensorSlot(n), explanations[n], open[SensorSlot(n)] ?? [], facts) }
      .sorted { PageBridge.isWorse($0, $1) }
  }

  /// What is read once for all sensors.
  private struct SensorFacts {
    var cards: [SensorID: MeterCard]
    var status: [SensorSlot: SensorStatus]
    var firstSeen: [SensorSlot: Timestamp]
  }

  private func sensor(_ id: SensorID, _ slot: SensorSlot, _ e: Explanation, _ open: [StoredEvent], _ facts: SensorFacts) -> SensorSummary {
    let names = profiles.names(id)
    let status = facts.status[slot]
    return SensorSummary(
      id: id.description, municipality: id.municipality, zone: id.zone, name: names.sensor, zoneName: names.zone,
      quantity: id.quantity.name, unit: id.quantity.baseUnitName, state: state(of: id, e, open),
      firstSeen: facts.firstSeen[slot].map(iso), lastSeen: e.lastTime.map(iso), lastValue: e.lastValue,
      intervalS: e.interval > 0 ? Double(e.interval) / 1000 : nil, battery: status?.battery, batteryTime: status?.batteryTime.map(iso),
      late: e.lateReadings, invalid: e.invalidReadings,
      faults: Set(open.filter { $0.last.kind.isHealth }.map(\.last.kind.code)).sorted(),
      card: facts.cards[id].map { CardSummary($0) } ?? CardSummary(), file: CardSummary(settings.sensors[id]))
  }

  /// By state; among equals those whose battery is low come first.
  private static func isWorse(_ a: SensorSummary, _ b: SensorSummary) -> Bool {
    func rank(_ s: SensorSummary) -> (Int, Int) {
      (MeterState.allCases.firstIndex(of: s.state) ?? 0, (s.battery ?? 100) < lowBattery ? 0 : 1)
    }
    let (x, y) = (rank(a), rank(b))
    return x == y ? a.id < b.id : x < y
  }

  /// %
  private static let lowBattery = 20.0

  /// What the page set of a meter.
  func card(_ id: SensorID) throws -> CardSummary { try reader.meterCards()[id].map { CardSummary($0) } ?? CardSummary() }

  func setCard(_ id: String, _ command: CardCommand, by person: String, municipalities: Set<String>) throws -> CardSummary? {
    guard let sensor = SensorID(id), directory.slot(of: sensor) != nil else { return nil }
    let known = Set(directory.all.filter { municipalities.isEmpty || municipalities.contains($0.municipality) })
    let card: MeterCard
    do throws(CardError) {
      card = try CardCheck.checked(try MeterCard(command), of: sensor, known: known) { profiles.parent(of: $0) }
    } catch {
      throw PageRefusal(status: 422, code: error.field, detail: "\(error.field): \(error)")
    }
    try writes.desk.setCard(sensor, card, by: person, at: Clocks.wall())
    live.noteChange(of: [sensor])
    live.noteChange(.sensors)
    return CardSummary(card)
  }
}

extension MeterCard {
  init(_ c: CardCommand) throws(CardError) {
    self.init()
    name = c.name
    zoneName = c.zoneName
    minimumLeak = c.minimumLeakM3h
    intervalSeconds = c.intervalS
    range = try CardCheck.range(c.range)
    allowsReverseFlow = c.reverseFlow
    parent = c.parent
    note = c.note
  }
}

extension CardSummary {
  init(_ c: MeterCard) {
    self.init()
    name = c.name
    zoneName = c.zoneName
    minimumLeakM3h = c.minimumLeak
    intervalS = c.intervalSeconds
    range = c.range.map { [$0.lowerBound, $0.upperBound] }
    reverseFlow = c.allowsReverseFlow
    parent = c.parent
    note = c.note
  }

  /// As the settings file says.
  init(_ s: MizumoriSettings.Sensor?) {
    self.init()
    guard let s else { return }
    name = s.name
    zoneName = s.zoneName
    minimumLeakM3h = s.minimumLeak
    intervalS = s.intervalSeconds
    range = s.range.map { [$0.lowerBound, $0.upperBound] }
    reverseFlow = s.allowsReverseFlow ? true : nil
    parent = s.parent?.description
  }
}
