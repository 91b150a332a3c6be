import Readings

/// The names of sensors by slot: slots are given one after another, so most need no look-up.
struct SensorNames {
  private var names: [SensorID] = []
  private var others = [SensorID.serviceSlot: SensorID.service]

  var count: Int { names.count + others.count }

  mutating func reserve(_ n: Int) { names.reserveCapacity(n) }

  mutating func add(_ slot: SensorSlot, _ id: SensorID) {
    if Int(slot) == names.count { names.append(id) } else { others[slot] = id }
  }

  /// O(1)
  subscript(slot: SensorSlot) -> SensorID? { slot >= 0 && Int(slot) < names.count ? names[Int(slot)] : others[slot] }
}
