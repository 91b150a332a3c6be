import Readings

/// Which sensors have to do with which.
extension Detector {
  /// Makes a sensor one whose readings go by way of `takeWatched`.
  mutating func watch(_ i: Int) {
    gauges.cover(sensorCount)
    preserve(i)
    states[i].profile.isWatched = true
  }

  /// Ties a sensor to the gauges and thermometers that its profile names, or that its town has. O(sensors) for a thermometer.
  mutating func tie(_ i: Int, _ p: SensorProfile) {
    if gauges.isUsed { gauges.cover(sensorCount) }
    switch p.quantity {
    case .pressure:
      watch(i)
      guard gauges.watches[i].gauge < 0 else { return }
      gauges.watches[i].gauge = Int32(gauges.pressureCount)
      gauges.appendPressure(PressureState(slot: Int32(i)))
    case .temperature: tieThermometer(i, p)
    case .level: break
    case .flow, .total:
      let slots = p.pressure.filter { $0 >= 0 && Int($0) < sensorCount && states[Int($0)].profile.quantity == Quantity.pressure.rawValue }
      if !slots.isEmpty { watch(i) }
      if gauges.isUsed { gauges.watches[i].setPressures(slots.map { Int32($0) }) }
      if let k = frost(of: p.group) { tieMeter(i, to: k) }
    }
  }

  private mutating func tieThermometer(_ i: Int, _ p: SensorProfile) {
    let known = frost(of: p.group)
    guard p.tellsFrost else {
      if let known { gauges.frosts[known].removeThermometer(Int32(i)) }
      return
    }
    let k = known ?? gauges.frostCount
    if known == nil { gauges.appendFrost(FrostState(group: p.group)) }
    gauges.frosts[k].addThermometer(Int32(i))
    watch(i)
    gauges.watches[i].frost = Int32(k)
    guard known == nil else { return }
    for s in 0..<sensorCount where states[s].profile.group == p.group && !states[s].isGauge { tieMeter(s, to: k) }
  }

  private mutating func tieMeter(_ i: Int, to k: Int) {
    watch(i)
    gauges.watches[i].frost = Int32(k)
  }

  private func frost(of group: Int32) -> Int? { (0..<gauges.frostCount).first { gauges.frosts[$0].group == group } }
}
