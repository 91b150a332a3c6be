import Detection
import Readings
import Settings

/// A zone of the settings as the sum of its meters.
struct ZonePlan: Sendable {
  /// Its virtual sensor: `municipality/zone/net/flow`.
  let id: SensorID
  let inlets: [SensorID]
  let outlets: [SensorID]

  /// Nil for a zone that has only a name.
  init?(_ name: String, _ zone: MizumoriSettings.Zone) {
    guard !zone.inlets.isEmpty, let id = SensorID("\(name)/\(MizumoriSettings.Zone.sensorName)/flow") else { return nil }
    self.id = id
    inlets = zone.inlets
    outlets = zone.outlets
  }

  func contains(_ sensor: SensorID) -> Bool { inlets.contains(sensor) || outlets.contains(sensor) }

  /// All members, or none while one of them has not been seen: a sum without it would say nothing.
  func members(_ slot: (SensorID) -> SensorSlot?) -> [ZoneMember] {
    let found =
      inlets.compactMap { slot($0).map { ZoneMember(slot: $0, isOutlet: false) } }
      + outlets.compactMap { slot($0).map { ZoneMember(slot: $0, isOutlet: true) } }
    return found.count == inlets.count + outlets.count ? found : []
  }
}
