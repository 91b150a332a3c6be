import Logging
import Readings
import Settings
import Store
import Web

/// Sets what is known of a meter for a command: through the running service, or, while none runs, straight into the data directory.
public struct CardClient: Sendable {
  let settings: MizumoriSettings

  public init(settings: MizumoriSettings) { self.settings = settings }

  /// Blocks until it is on disk.
  /// - Parameter change: of the card as it stands now.
  /// - Returns: what is set now.
  /// - Throws: `CardError`, `StoreError`, `ServiceError`; `ActionError.unknownSensor`.
  public func set(_ id: SensorID, by person: String, _ change: (inout CardSummary) -> Void) throws -> CardSummary {
    guard let view = try DirectoryView(settings), view.sensors.contains(where: { $0.id == id }) else { throw ActionError.unknownSensor }
    var new = CardSummary(view.profiles.cards.card(id))
    change(&new)
    let card = MeterCard(CardCommand(new))
    try check(card, of: id, view, hasRange: new.range != nil)
    try write(id, card, by: person)
    return CardSummary(card)
  }

  private func check(_ card: MeterCard, of id: SensorID, _ view: DirectoryView, hasRange: Bool) throws(CardError) {
    guard !hasRange || card.range != nil else { throw .badRange }
    let known = Set(view.sensors.map(\.id))
    try card.checkParent { known.contains($0) }
    try view.profiles.check(card, of: id)
  }

  private func write(_ id: SensorID, _ card: MeterCard, by person: String) throws {
    do {
      let store = try Store(directory: settings.data.directory)
      defer { store.close() }
      try DeskStore(directory: settings.data.directory).setCard(id, card, by: person, at: Clocks.wall())
    } catch StoreError.locked(let directory, let pid) {
      guard settings.web.isEnabled, settings.web.port > 0 else { throw StoreError.locked(directory: directory, pid: pid) }
      try post(id, CardSummary(card))
    }
  }

  private func post(_ id: SensorID, _ card: CardSummary) throws {
    let line = ServiceLine(settings: settings)
    let path = "meters/\(id)/card"
    switch try line.post(path, card) {
    case 200: return
    case 404: throw ActionError.unknownSensor
    case let status: throw line.refusal(path, status)
    }
  }
}

extension CardCommand {
  init(_ c: CardSummary) {
    self.init()
    name = c.name
    zoneName = c.zoneName
    minimumLeakM3h = c.minimumLeakM3h
    intervalS = c.intervalS
    range = c.range
    reverseFlow = c.reverseFlow
    parent = c.parent
    note = c.note
  }
}
