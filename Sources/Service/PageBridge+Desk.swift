import Readings
import Store

/// What people enter on the page beside the settings file: stored first, then in force.
extension PageBridge {
  /// - Throws: `CardError`, `StoreError`.
  /// - Returns: the card in force.
  func setCard(_ id: SensorID, _ card: MeterCard, by person: String) throws -> MeterCard {
    guard directory.slot(of: id) != nil else { throw CardError.unknownSensor }
    try profiles.check(card, of: id)
    try desk.setCard(id, card, by: person, at: Clocks.wall())
    profiles.cards.put(id, card)
    return profiles.cardInForce(id)
  }

  /// - Throws: `WorkError`, `StoreError`.
  /// - Returns: its number.
  func addWork(_ work: StoredWork) throws -> Int64 {
    try work.check()
    guard works.all.count < WorkBook.limit else { throw WorkError.tooMany }
    var stored = work
    stored.added = Clocks.wall()
    stored.id = try desk.addWork(stored, at: stored.added)
    works.add(stored)
    return stored.id
  }

  /// - Returns: false when there is no such work, or it has been ended already.
  func endWork(_ id: Int64) throws -> Bool {
    guard try desk.endWork(id) else { return false }
    works.end(id)
    return true
  }
}
