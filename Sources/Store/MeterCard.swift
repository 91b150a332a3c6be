import Readings

/// What people entered of a meter on the page. It goes before the settings file; nil = as the file says.
public struct MeterCard: Hashable, Sendable, Codable {
  public var name: String?
  public var zoneName: String?
  /// m³/h
  public var minimumLeak: Double?
  /// Seconds between readings.
  public var intervalSeconds: Int?
  /// What the meter can show, in base units.
  public var range: ClosedRange<Double>?
  public var allowsReverseFlow: Bool?
  /// The meter upstream, as `municipality/zone/sensor/quantity`.
  public var parent: String?
  public var note: String?

  public init() {}

  /// Nothing is entered.
  public var isEmpty: Bool { self == MeterCard() }
}

/// The cards of all meters.
enum CardTable {
  /// None in a database that the service has not brought to this version yet.
  static func all(_ db: Database) throws(StoreError) -> [SensorID: MeterCard] {
    guard try db.integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meter_card'") > 0 else { return [:] }
    let s = try db.statement(
      "SELECT sensor, name, zone_name, minimum_leak, interval, low, high, reverse, parent, note FROM meter_card")
    defer { s.reset() }
    var out: [SensorID: MeterCard] = [:]
    while try s.step() {
      guard let id = SensorID(s.text(0)) else { continue }
      var card = MeterCard()
      card.name = s.optionalText(1)
      card.zoneName = s.optionalText(2)
      card.minimumLeak = s.isNull(3) ? nil : s.double(3)
      card.intervalSeconds = s.isNull(4) ? nil : Int(s.int(4))
      if !s.isNull(5), !s.isNull(6), s.double(5) <= s.double(6) { card.range = s.double(5)...s.double(6) }
      card.allowsReverseFlow = s.isNull(7) ? nil : s.int(7) != 0
      card.parent = s.optionalText(8)
      card.note = s.optionalText(9)
      out[id] = card
    }
    return out
  }

  /// - Parameter card: nil or an empty one takes the card away.
  static func set(_ id: SensorID, _ card: MeterCard?, by person: String, at: Timestamp, _ db: Database) throws(StoreError) {
    guard let card, !card.isEmpty else {
      let s = try db.statement("DELETE FROM meter_card WHERE sensor = ?")
      s.bind(1, id.description)
      return try s.run()
    }
    let s = try db.statement("INSERT OR REPLACE INTO meter_card VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    s.bind(1, id.description)
    s.bind(2, card.name)
    s.bind(3, card.zoneName)
    s.bind(4, card.minimumLeak)
    s.bind(5, card.intervalSeconds)
    s.bind(6, card.range?.lowerBound)
    s.bind(7, card.range?.upperBound)
    s.bind(8, card.allowsReverseFlow.map { $0 ? 1 : 0 })
    s.bind(9, card.parent)
    s.bind(10, card.note)
    s.bind(11, person)
    s.bind(12, at.milliseconds)
    try s.run()
  }
}

extension StoreReader {
  /// What people entered of meters, also of ones that have sent nothing yet.
  public func meterCards() throws(StoreError) -> [SensorID: MeterCard] { try read { db throws(StoreError) in try CardTable.all(db) } }
}

extension Store {
  public func meterCards() throws(StoreError) -> [SensorID: MeterCard] { try CardTable.all(db) }
}
