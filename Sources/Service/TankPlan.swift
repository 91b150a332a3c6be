import Detection
import Readings
import Settings

/// A tank of the settings, whose mass balance is a virtual sensor.
struct TankPlan: Sendable {
  /// Its virtual sensor: `municipality/zone/TANK-balance/flow`.
  let id: SensorID
  /// As people call the tank.
  let name: String
  let level: SensorID
  let inlets: [SensorID]
  let outlets: [SensorID]
  let shape: TankShape
  /// Of a bin at least, ms.
  let width: Int64

  /// - Parameter error: m³/h that a step of the gauge may look like.
  init?(_ key: String, _ tank: MizumoriSettings.Tank, error: Double) {
    let shape = tank.area.map { TankShape(area: $0) } ?? TankShape(tank.volumes.map { TankShape.Point(level: $0.level, volume: $0.volume) })
    guard let shape, let id = SensorID("\(key)\(MizumoriSettings.Tank.suffix)/flow") else { return nil }
    self.id = id
    name = tank.name ?? String(key.split(separator: "/").last ?? "")
    level = tank.level
    inlets = tank.inlets
    outlets = tank.outlets
    self.shape = shape
    width = shape.width(resolution: tank.resolution, error: error)
  }

  /// Everything that its balance is made of.
  var sources: [SensorID] { inlets + outlets + [level] }

  /// All meters and the gauge, or nil while one of them has not been seen.
  func members(_ slot: (SensorID) -> SensorSlot?) -> (meters: [ZoneMember], level: SensorSlot)? {
    let found =
      inlets.compactMap { slot($0).map { ZoneMember(slot: $0, isOutlet: false) } }
      + outlets.compactMap { slot($0).map { ZoneMember(slot: $0, isOutlet: true) } }
    guard let level = slot(level), found.count == inlets.count + outlets.count else { return nil }
    return (found, level)
  }
}
