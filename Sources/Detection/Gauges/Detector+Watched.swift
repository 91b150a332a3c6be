import Readings

/// Readings of sensors that have to do with sensors of other quantities: gauges of pressure and level, thermometers, and the meters that
/// are judged together with them.
extension Detector {
  /// Takes a reading of a watched sensor, as `process` takes that of any other.
  mutating func takeWatched(
    _ r: Reading, value: Double, arrival: Int64, now: Int64, derive: (Reading) -> Void, _ emit: (Transition) -> Void
  ) {
    let i = Int(r.slot)
    switch Quantity(rawValue: states[i].profile.quantity) {
    case .pressure:
      states[i].takeAside(time: r.time.milliseconds, arrival: arrival, value: value, judgement(r.slot, now), emit)
      followPressure(i, now: now, emit)
    case .temperature:
      states[i].takeAside(time: r.time.milliseconds, arrival: arrival, value: value, judgement(r.slot, now), emit)
      followTemperature(i, now: now, emit)
    case .level:
      states[i].takeAside(time: r.time.milliseconds, arrival: arrival, value: value, judgement(r.slot, now), emit)
      followLevel(i, derive: derive, emit)
    default:
      let hour = states[i].residuals.newest
      takeFlow(i, time: r.time.milliseconds, arrival: arrival, value: value, now: now, emit)
      if states[i].event.isOpen, states[i].residuals.newest != hour { corroborate(i, now: now, emit: emit) }
      if shown.pointee.count > 0 { feedZones(of: i, derive: derive, emit) }
    }
  }

  /// Judges what a virtual sensor shows.
  mutating func judgeDerived(_ slot: SensorSlot, time: Int64, value: Double, _ emit: (Transition) -> Void) {
    let now = max(time, states[Int(slot)].order.newest)
    preserve(Int(slot))
    let hour = states[Int(slot)].residuals.newest
    if states[Int(slot)].profile.isWatched {
      takeFlow(Int(slot), time: time, arrival: time, value: value, now: now, emit)
    } else {
      states[Int(slot)].takeAside(time: time, arrival: time, value: value, judgement(slot, now), emit)
    }
    if states[Int(slot)].residuals.newest != hour { followMembers(of: Int(slot)) }
  }

  /// A sum with a pump in it is as on or off as the pump. Where as much leaves as comes in, but at other hours, a tank stands in the zone. A
  /// balance that reckons with the tank's level has a shape of its own.
  private func followMembers(of slot: Int) {
    let z = Int(states[slot].profile.zone)
    guard zones[z].tank < 0 else { return states[slot].baseline.give(.daily) }
    let size = states[slot].health.running
    if abs(states[slot].baseline.mean) < 0.25 * size, size > 0.25 * inflow(of: z) { return states[slot].baseline.give(.stored) }
    var isOnOff = false
    for m in 0..<Int(zones[z].count) where states[Int(zones[z].member(m))].baseline.form == .onOff { isOnOff = true }
    states[slot].baseline.give(isOnOff ? .onOff : .daily)
  }

  /// Takes a reading of a watched meter: in a frost, or beside a gauge of pressure.
  private mutating func takeFlow(_ i: Int, time: Int64, arrival: Int64, value: Double, now: Int64, _ emit: (Transition) -> Void) {
    let watch = gauges.watches + i
    followCold(i, now: now, emit)
    shown.pointee.coldResidual = .nan
    let hour = states[i].residuals.newest
    guard watch.pointee.hasPressure else {
      states[i].takeAside(time: time, arrival: arrival, value: value, judgement(SensorSlot(i), now), emit)
      return noteCold(i, now: now, emit)
    }
    // What was told of a leak is told with the fall of pressure that goes with it.
    let asked = PressureWitness(watch: watch, watches: gauges.watches, pressures: gauges.pressures)
    states[i].takeAside(time: time, arrival: arrival, value: value, judgement(SensorSlot(i), now)) { emit(asked.annotated($0)) }
    if states[i].event.isOpen {
      if watch.pointee.fallSlot >= 0 { states[i].event.evidence |= Evidence.pressureDrop.rawValue }
    } else if let fall = asked.standing(at: now) {
      var j = judgement(SensorSlot(i), now)
      if states[i].health.lastTime != Int64.min { j.judged = states[i].health.lastTime }
      states[i].judgeSupported(by: fall, hourEnded: states[i].residuals.newest != hour, j) { emit(asked.annotated($0)) }
      if states[i].event.isOpen { states[i].event.evidence |= Evidence.pressureDrop.rawValue }
    }
    noteCold(i, now: now, emit)
  }
}
