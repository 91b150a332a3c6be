import Readings

/// What the meters of a utility share: heat, visitors, a festival, a freezing night. A rise that most of its neighbours show in the same
/// hours, in proportion to their flow, is taken from a meter's excess before a leak is opened.
extension SensorState {
  /// Most neighbours that are asked, and the most that are looked at to find them.
  private static let neighbours = 8
  private static let reach = 32

  /// The part of the excess of the newest `hours` that the neighbours explain, 0…1. O(hours · neighbours), only when an event would open.
  ///
  /// For each hour the lower median of the neighbours' relative residuals is the common factor: one neighbour with a leak of its own
  /// changes nothing. Meters above and below this one are no witnesses; fewer than two neighbours are none.
  mutating func commonShare(hours: Int, _ j: Judgement) -> Float {
    // After a frost many service pipes leak at once: what neighbours show is no excuse.
    guard profile.cold != FrostState.Phase.thaw.rawValue else { return 0 }
    var slots = InlineArray<8, Int32>(repeating: -1)
    let count = witnesses(&slots, j)
    guard count >= 2 else { return 0 }
    var own: Float = 0
    var common: Float = 0
    for age in 0..<min(hours, ResidualRing.hours) {
      let number = residuals.newest - Int64(age)
      let code = residuals.code(age: age)
      guard code != FixedPoint.missing else { continue }
      let h = Int(((number % 24) + 24) % 24)
      let type = Int(j.calendar.pointee.dayType(ofDay: Int((number - Int64(h)) / 24)).rawValue)
      var n = 0
      for k in 0..<count {
        guard let r = j.sensors[Int(slots[k])].relativeResidual(hour: number, type: type) else { continue }
        // Insertion keeps the few values sorted.
        var i = n
        while i > 0, j.scratch[i - 1] > r {
          j.scratch[i] = j.scratch[i - 1]
          i -= 1
        }
        j.scratch[i] = r
        n += 1
      }
      let w = baseline.weight(h) + 0.002
      own += w * Float(code) * baseline.quantum
      guard n >= 2 else { continue }
      // Two witnesses may err together, eight hardly.
      let shared = j.scratch[(n - 1) / 2] * Float(n * n) / Float(n * n + 1)
      common += w * shared * max(0, baseline.expected(type: type, hour: h))
    }
    let share = own > 0 ? min(common / own, 1) : 0
    // Less is the neighbours' own noise.
    return share >= j.tuning.common ? share : 0
  }

  /// Fills in the slots of neighbours that know their own usual flow.
  private func witnesses(_ slots: inout InlineArray<8, Int32>, _ j: Judgement) -> Int {
    var count = 0
    var slot = profile.nextInGroup
    for _ in 0..<SensorState.reach where slot != j.slot && slot >= 0 && count < SensorState.neighbours {
      let s = j.sensors[Int(slot)].profile
      // A zone and its meters show the same water.
      let isRelated = s.parent == j.slot || profile.parent == slot || (s.zone >= 0) != (profile.zone >= 0)
      if !isRelated, j.sensors[Int(slot)].baseline.ringCount >= 7, j.sensors[Int(slot)].baseline.form == .daily {
        slots[count] = slot
        count += 1
      }
      slot = s.nextInGroup
    }
    return count
  }

  /// (observed − expected) / expected of a local hour; nil where it is not known.
  private mutating func relativeResidual(hour: Int64, type: Int) -> Float? {
    guard let age = residuals.age(ofHour: hour) else { return nil }
    let code = residuals.code(age: age)
    let expected = baseline.expected(type: type, hour: Int(((hour % 24) + 24) % 24))
    guard code != FixedPoint.missing, expected > 0.05 * abs(baseline.mean) else { return nil }
    return Float(code) * baseline.quantum / expected
  }

  /// Records a common rise once for the neighbourhood in three days: opened and closed at once.
  mutating func recordCommonCause(_ f: Finding, _ j: Judgement, _ emit: (Transition) -> Void) {
    let quiet = j.judged - 3 * 86_400_000
    var slot = profile.nextInGroup
    var isTold = event.commonTold > quiet
    for _ in 0..<SensorState.reach where slot != j.slot && slot >= 0 && !isTold {
      isTold = j.sensors[Int(slot)].event.commonTold > quiet
      slot = j.sensors[Int(slot)].profile.nextInGroup
    }
    guard !isTold else { return }
    event.commonTold = j.judged
    var t = transition(.commonCause, .opened, j)
    t.onset = Timestamp(milliseconds: j.time(ofLocalHour: residuals.newest - Int64(max(f.hours, 1) - 1)))
    t.firstOnset = t.onset
    t.severity = .info
    t.evidence = f.evidence
    t.excess = Double(f.excess)
    t.observed = t.expected + t.excess
    t.isGrowing = false
    emit(t)
    t.change = .closed
    emit(t)
  }
}
