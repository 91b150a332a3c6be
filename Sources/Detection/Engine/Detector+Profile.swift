import Readings

extension Detector {
  /// Takes over changed settings of a known sensor, after a restart with another settings file. What was learnt stays.
  public mutating func setProfile(_ slot: SensorSlot, _ profile: SensorProfile) {
    guard slot >= 0, Int(slot) < sensorCount else { return }
    states[Int(slot)].profile = ProfileState(profile)
  }
}
