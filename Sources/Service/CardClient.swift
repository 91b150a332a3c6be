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
  /// - Returns: the card in force afterwards.
  /// - Throws: `CardError`, `StoreError`, `ServiceError`; `ActionError.unknownSensor`.
  public func set(_ id: SensorID, by person: String, _ change: (inout CardSummary) -> Void) throws -> CardSummary {
    guard let view = try DirectoryView(settings), view.sensors.contains(where: { $0.id == id }) else { throw ActionError.unknownSensor }
    let present = try view.reader.meterCards()[id] ?? MeterCard()
    var new = CardSummary(present)
    change(&new)
    let card = try checked(new, id, view)
    try write(id, card, by: person)
    return CardSummary(card)
  }

  private func checked(_ new: CardSummary, _ id: SensorID, _ view: DirectoryView) throws(CardError) -> MeterCard {
    let card = try MeterCard(CardCommand(new))
    return try CardCheck.checked(card, of: id, known: Set(view.sensors.map(\.id))) { view.profiles.parent(of: $0) }
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
