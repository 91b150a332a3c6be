import Readings

extension Detector {
  /// Adds a sensor that has lived through what `other` has, with a profile of its own. For measurements of many sensors, each of which would
  /// have to learn for days otherwise.
  /// - Returns: its slot. As `addSensor` when there is no such sensor.
  public mutating func addSensor(_ profile: SensorProfile, as other: SensorSlot) -> SensorSlot {
    let slot = addSensor(profile)
    guard other >= 0, other < slot else { return slot }
    let own = states[Int(slot)].profile
    states[Int(slot)] = states[Int(other)]
    states[Int(slot)].profile = own
    return slot
  }
}
