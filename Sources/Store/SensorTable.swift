import Readings

/// The registry of sensors.
enum SensorTable {
  /// Without the service itself.
  static func all(_ db: Database) throws(StoreError) -> [StoredSensor] {
    let s = try db.statement("SELECT slot, municipality, zone, sensor, quantity, first_seen FROM sensor WHERE slot >= 0 ORDER BY slot")
    defer { s.reset() }
    var out: [StoredSensor] = []
    while try s.step() {
      guard let quantity = Quantity(rawValue: UInt8(truncatingIfNeeded: s.int(4))),
        let id = SensorID(municipality: s.text(1), zone: s.text(2), sensor: s.text(3), quantity: quantity)
      else { throw .corrupt(file: db.path, detail: "sensor \(s.int(0))") }
      out.append(StoredSensor(slot: SensorSlot(s.int(0)), id: id, firstSeen: Timestamp(milliseconds: s.int(5))))
    }
    return out
  }

  static func insert(_ slot: SensorSlot, _ id: SensorID, firstSeen: Timestamp, _ db: Database) throws(StoreError) {
    let s = try db.statement("INSERT INTO sensor VALUES (?, ?, ?, ?, ?, ?)")
    s.bind(1, Int64(slot))
    s.bind(2, id.municipality)
    s.bind(3, id.zone)
    s.bind(4, id.sensor)
    s.bind(5, Int64(id.quantity.rawValue))
    s.bind(6, firstSeen.milliseconds)
    try s.run()
  }
}
