/// What a flow meter shows of the water that flows: whole pulses, rounding, faults.
struct MeterFace {
  /// Faults at one moment.
  struct Faults {
    var isStuck = false
    var isReset = false
    var isReversed = false
    var factor = 1.0
    /// Of the sender's clock, ms.
    var ahead: Int64 = 0

    mutating func note(_ e: Scenario.Event) {
      switch e.kind {
      case .stuck: isStuck = true
      case .reset: isReset = true
      case .reverse: isReversed = true
      case .unit: factor *= e.factor
      case .clock: ahead += Int64((e.minutes * 60_000).rounded())
      default: break
      }
    }
  }

  /// m³/h of one pulse an interval; 0 for a meter without pulses.
  let quantum: Double
  private var held: Double?
  private var remainder = 0.0

  init(quantum: Double) { self.quantum = quantum }

  /// - Parameter flow: m³/h
  mutating func shows(_ flow: Double, _ faults: Faults) -> Double {
    var value = flow
    if quantum > 0 {
      // Whole pulses only; what does not make one is counted in the next interval, so no water is lost.
      let pulses = ((value + remainder) / quantum).rounded(.down)
      remainder += value - pulses * quantum
      value = pulses * quantum
    }
    value = (value * faults.factor * 1000).rounded() / 1000
    if faults.isReset { value = 0 }
    if faults.isReversed { value = -value }
    held = faults.isStuck ? held ?? value : nil
    return held ?? value
  }
}
