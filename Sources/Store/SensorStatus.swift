import Readings

/// What a sensor's device says of itself.
public struct SensorStatus: Hashable, Sendable {
  /// 0…100 %
  public var battery: Double?
  /// Event time of the reading that told it.
  public var batteryTime: Timestamp?

  public init(battery: Double?, batteryTime: Timestamp?) {
    self.battery = battery
    self.batteryTime = batteryTime
  }
}

/// What devices say of themselves.
enum StatusTable {
  static func all(_ db: Database) throws(StoreError) -> [SensorSlot: SensorStatus] {
    let s = try db.statement("SELECT slot, battery, battery_time FROM sensor_status")
    defer { s.reset() }
    var out: [SensorSlot: SensorStatus] = [:]
    while try s.step() {
      out[SensorSlot(truncatingIfNeeded: s.int(0))] = SensorStatus(
        battery: s.isNull(1) ? nil : s.double(1), batteryTime: s.isNull(2) ? nil : Timestamp(milliseconds: s.int(2)))
    }
    return out
  }

  static func put(_ slot: SensorSlot, _ status: SensorStatus, _ db: Database) throws(StoreError) {
    let s = try db.statement("INSERT OR REPLACE INTO sensor_status (slot, battery, battery_time) VALUES (?, ?, ?)")
    s.bind(1, Int64(slot))
    s.bind(2, status.battery)
    s.bind(3, status.batteryTime.map { Int($0.milliseconds) })
    try s.run()
  }
}

extension StoreReader {
  /// What devices say of themselves, some minutes late.
  public func sensorStatus() throws(StoreError) -> [SensorSlot: SensorStatus] {
    try read { db throws(StoreError) in try StatusTable.all(db) }
  }
}

extension Store {
  public func sensorStatus() throws(StoreError) -> [SensorSlot: SensorStatus] { try StatusTable.all(db) }
}
