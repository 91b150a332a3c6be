import Readings

/// A leak behind one meter shows in the meter above it by the same m³/h at the same time. Where the upper meter carries many times the
/// flow, the leak drowns in its noise; but whether *this* excess began at *this* hour is a question of one degree of freedom, which needs
/// far less evidence than a search over all hours and sizes.
extension Detector {
  /// Asks the meter above `slot` about the leak that is open there. Called when an hour of `slot` was judged.
  func corroborate(_ slot: Int, now: Int64, emit: (Transition) -> Void) {
    let event = states[slot].event
    let above = Int(states[slot].profile.parent)
    guard event.isOpen, !event.isShared, above >= 0, above < sensorCount, above != slot else { return }
    var j = judgement(SensorSlot(above), max(now, states[above].order.newest))
    j.judged = states[above].health.lastTime
    guard j.judged != Int64.min else { return }
    preserve(above)
    preserve(slot)
    guard states[above].confirms(event, j, emit) else { return }
    states[slot].event.isShared = true
    states[slot].event.evidence |= Evidence.parentMeter.rawValue
  }
}

extension SensorState {
  /// Whether this meter shows the excess of `leak`, an event of a meter below it; opens or escalates an event here if it does.
  fileprivate mutating func confirms(_ leak: EventState, _ j: Judgement, _ emit: (Transition) -> Void) -> Bool {
    let t = j.tuning
    guard baseline.daysSeen >= Int32(j.settings.pointee.learningDays), residuals.newest != Int64.min, baseline.form == .daily else {
      return false
    }
    // The same leak was seen here already.
    if event.isOpen, event.opened >= leak.onset { return true }
    let hours = Int(clamping: residuals.newest - j.localHour(leak.onset) + 1)
    guard hours >= 6, hours <= 240 else { return false }
    let after = weighted(from: 0, to: min(hours, 48))
    let before = weighted(from: hours + 1, to: min(hours + 73, ResidualRing.hours))
    guard after.weight >= 0.4, before.weight >= 0.8 else { return false }
    let floor = t.noiseFloor * abs(baseline.mean)
    let variance = noise.variance(weight: after.weight) + noise.variance(weight: before.weight) + floor * floor
    let step = after.mean - before.mean
    let size = leak.estimate
    // Without the power to tell the leak from nothing there is no answer.
    guard size * size >= t.shareScore * t.shareScore * variance, step >= t.shareLeast * size, step <= 2 * size + 2 * variance.squareRoot()
    else { return false }
    let f = Finding(ratio: step / (t.shareLeast * size), excess: size, evidence: .parentMeter, hours: min(hours, 48))
    if event.isOpen {
      enlarge(f, j, emit)
    } else {
      open(EventKind(rawValue: leak.kind) ?? .burst, f, onset: leak.onset, volume: leak.volume, j, emit)
    }
    return true
  }

  /// Mean residual of the hours `from ..< to` back from the newest, weighted as a constant is, m³/h, and the weight in days.
  private mutating func weighted(from: Int, to: Int) -> (mean: Float, weight: Float) {
    var h = ((residuals.newestHourOfDay - from) % 24 + 24) % 24
    var sum: Float = 0
    var weights: Float = 0
    var age = from
    while age < to {
      let c = residuals.code(age: age)
      if c != FixedPoint.missing {
        let limit = 8 * baseline.spread(h)
        sum += baseline.weight(h) * min(max(Float(c) * baseline.quantum, -limit), limit)
        weights += baseline.weight(h)
      }
      h = h == 0 ? 23 : h - 1
      age += 1
    }
    return weights > 0 ? (sum / weights, weights) : (0, 0)
  }
}
