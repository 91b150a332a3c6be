import Readings

extension Detector {
  /// Makes `slot` the virtual sensor of a tank's mass balance (`TankState`): inlets − outlets − what the tank holds more.
  ///
  /// - Parameters:
  ///   - members: as of `setZone`; at least one inlet. Empty = the balance is not evaluated.
  ///   - level: the gauge of the level, m.
  ///   - leastWidth: of a bin, ms; see `TankShape.width`.
  /// - Returns: false, changing nothing, when the gauge is no sensor of levels, or `setZone` would refuse.
  /// - Complexity: O(members + sensors).
  @discardableResult
  public mutating func setTank(
    _ slot: SensorSlot, _ members: [ZoneMember], level: SensorSlot, shape: TankShape, leastWidth: Int64
  ) -> Bool {
    guard level >= 0, Int(level) < sensorCount, states[Int(level)].profile.quantity == Quantity.level.rawValue,
      members.isEmpty || members.contains(where: { !$0.isOutlet }), setZone(slot, members)
    else { return false }
    let z = Int(states[Int(slot)].profile.zone)
    var k = 0
    while k < gauges.tankCount, gauges.tanks[k].slot != slot { k += 1 }
    if k == gauges.tankCount { gauges.appendTank(TankState(slot: slot)) }
    zones[z].setTank(k)
    let isClosed = members.contains { $0.isOutlet }
    let tank = gauges.tanks + k
    if !tank.pointee.isSame(level: level, zone: Int32(z), shape: shape, leastWidth: leastWidth, isClosed: isClosed) {
      tank.pointee.set(level: level, zone: Int32(z), shape: shape, leastWidth: leastWidth, isClosed: isClosed)
    }
    for m in members where !m.isOutlet {
      preserve(Int(m.slot))
      states[Int(m.slot)].profile.mayStand = true
    }
    watch(Int(level))
    return true
  }

  /// Hands a level to the tanks that it is of.
  mutating func followLevel(_ i: Int, derive: (Reading) -> Void, _ emit: (Transition) -> Void) {
    for k in 0..<gauges.tankCount where gauges.tanks[k].level == Int32(i) {
      for n in 0..<shown.pointee.count {
        gauges.tanks[k].addLevel(Double(shown.pointee.values[n]), time: shown.pointee.times[n])
      }
      judgeTank(k, derive: derive, emit)
    }
  }

  /// Tells and judges the balances that are complete.
  mutating func judgeTank(_ k: Int, derive: (Reading) -> Void, _ emit: (Transition) -> Void) {
    let tank = gauges.tanks + k
    let slot = tank.pointee.slot
    while let bin = tank.pointee.next() {
      derive(
        Reading(
          slot: slot, time: Timestamp(milliseconds: bin.time), arrival: Timestamp(milliseconds: bin.time), value: bin.value,
          sequence: Reading.derived))
      guard let scale = tank.pointee.judgedScale(inflow: inflow(of: Int(tank.pointee.zone))) else { continue }
      judgeDerived(slot, time: bin.time, value: bin.value + Double(scale)) { emit(Detector.balanced($0, scale)) }
    }
  }

  /// Mean of what comes in, m³/h.
  func inflow(of z: Int) -> Float {
    var sum: Float = 0
    for m in 0..<Int(zones[z].count) where !zones[z].isOutlet(m) { sum += states[Int(zones[z].member(m))].health.running }
    return sum
  }

  /// What is added to a balance before it is judged, m³/h; 0 for every other sensor.
  func scale(of slot: Int) -> Float {
    let z = Int(states[slot].profile.zone)
    guard z >= 0, zones[z].tank >= 0 else { return 0 }
    return gauges.tanks[Int(zones[z].tank)].scale
  }

  /// A transition in figures of the balance itself.
  static func balanced(_ t: Transition, _ scale: Float) -> Transition {
    var t = t
    t.expected -= Double(scale)
    t.observed -= Double(scale)
    return t
  }
}
