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
    let firstSeen = Dictionary(try reader.sensors().map { ($0.slot, $0.firstSeen) }) { first, _ in first }
    return ids.enumerated()
      .filter { municipalities.isEmpty || municipalities.contains($0.element.municipality) }
      .map { n, id in sensor(id, SensorSlot(n), explanations[n], open[SensorSlot(n)] ?? [], firstSeen[SensorSlot(n)]) }
      .sorted { PageBridge.isWorse($0, $1) }
  }

  private func sensor(
    _ id: SensorID, _ slot: SensorSlot, _ e: Explanation, _ open: [StoredEvent], _ firstSeen: Timestamp?
  ) -> SensorSummary {
    let names = profiles.names(id)
    let status = batteries.status(slot)
    var summary = SensorSummary(
      id: id.description, municipality: id.municipality, zone: id.zone, name: names.sensor, zoneName: names.zone,
      quantity: id.quantity.name, unit: id.quantity.baseUnitName, state: state(of: id, e, open),
      firstSeen: firstSeen.map(iso), lastSeen: e.lastTime.map(iso), lastValue: e.lastValue,
      intervalS: e.interval > 0 ? Double(e.interval) / 1000 : nil, battery: status?.battery, batteryTime: status?.batteryTime.map(iso),
      late: e.lateReadings, invalid: e.invalidReadings,
      faults: Set(open.filter { $0.last.kind.isHealth }.map(\.last.kind.code)).sorted(),
      card: card(id), file: CardSummary(profiles.fileCard(id)))
    summary.signalDbm = batteries.signal(slot)
    return summary
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
  func card(_ id: SensorID) -> CardSummary { CardSummary(profiles.cards.card(id)) }

  func setCard(_ id: String, _ command: CardCommand, by person: String, municipalities: Set<String>) throws -> CardSummary? {
    guard let sensor = SensorID(id), directory.slot(of: sensor) != nil else { return nil }
    let card = MeterCard(command)
    let inForce: MeterCard
    do {
      let isOwn: (SensorID) -> Bool = { municipalities.isEmpty || municipalities.contains($0.municipality) }
      try card.checkParent { directory.slot(of: $0) != nil && isOwn($0) }
      guard command.range == nil || card.range != nil else { throw CardError.badRange }
      inForce = try setCard(sensor, card, by: person)
    } catch let error as CardError {
      throw PageRefusal(status: error == .unknownSensor ? 404 : 422, code: error.code, detail: error.description)
    }
    live.noteChange(of: [sensor])
    live.noteChange(.sensors)
    return CardSummary(inForce)
  }
}

extension MeterCard {
  /// Empty names are none; a range that is none is left out. An empty meter upstream means that there is none, whatever the file says.
  init(_ c: CardCommand) {
    func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    self.init()
    name = filled(c.name)
    zoneName = filled(c.zoneName)
    minimumLeak = c.minimumLeakM3h
    intervalSeconds = c.intervalS
    if let r = c.range, r.count == 2, r[0] < r[1] { range = r[0]...r[1] }
    allowsReverseFlow = c.reverseFlow
    parent = c.parent
    note = filled(c.note)
  }

  /// A meter upstream that nobody knows is a misspelt one.
  func checkParent(isKnown: (SensorID) -> Bool) throws(CardError) {
    guard let parent, !parent.isEmpty else { return }
    guard let meter = SensorID(parent), isKnown(meter) else { throw .badParent }
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
}
