import Readings

extension Detector {
  /// Looks for falls in what a gauge of pressure has shown.
  mutating func followPressure(_ i: Int, now: Int64, _ emit: (Transition) -> Void) {
    let place = Int(gauges.watches[i].gauge)
    guard place >= 0 else { return }
    let (state, gauge) = (states + i, gauges.pressures + place)
    for n in 0..<shown.pointee.count {
      let (time, value) = (shown.pointee.times[n], shown.pointee.values[n])
      var j = judgement(SensorSlot(i), now)
      j.judged = time
      let interval = state.pointee.interval
      guard interval > 0 else { continue }
      let isKnown = state.pointee.baseline.hasProfile
      let expected =
        isKnown
        ? state.pointee.expectation(time: time, localHour: j.localHour(time), type: Int(state.pointee.baseline.todayType), j).0 : 0
      let usual = isKnown ? state.pointee.baseline.mean : state.pointee.health.running
      let change = gauge.pointee.add(
        expected - value, hasBaseline: isKnown, usual: usual, time: time, interval: interval, day: (j.localHour(time)) / 24)
      state.pointee.profile.isFallen = gauge.pointee.isStanding
      switch change {
      case .none: continue
      case .fell: gauge.pointee.isTold = true
      case .recovered: gauge.pointee.isTold = false
      }
      var t = state.pointee.transition(.pressureFall, change == .fell ? .opened : .closed, j)
      t.onset = Timestamp(milliseconds: gauge.pointee.fell)
      t.firstOnset = t.onset
      t.severity = .info
      t.evidence = [.pressureDrop]
      t.pressure = PressureFall(slot: SensorSlot(i), time: t.onset, size: Double(gauge.pointee.size))
      emit(t)
    }
  }
}
