import Readings

/// What a meter's gauges of pressure say of a leak.
struct PressureWitness {
  /// Between a leak's onset and the fall of pressure, ms: onsets are estimates.
  static let nearness: Int64 = 5_400_000

  let watch: UnsafeMutablePointer<WatchState>
  let watches: UnsafeMutablePointer<WatchState>
  let pressures: UnsafeMutablePointer<PressureState>

  /// The largest fall that stands, at most 26 h old.
  func standing(at now: Int64) -> PressureFall? {
    largest { $0.isStanding && $0.fell <= now && now - $0.fell <= 93_600_000 }
  }

  private func near(_ onset: Int64) -> PressureFall? {
    largest { $0.fell != Int64.min && abs($0.fell - onset) <= PressureWitness.nearness }
  }

  private func largest(where isMeant: (PressureState) -> Bool) -> PressureFall? {
    var found: PressureFall?
    for k in 0..<WatchState.gauges {
      let slot = watch.pointee.pressures[k]
      guard slot >= 0 else { break }
      let place = watches[Int(slot)].gauge
      guard place >= 0, isMeant(pressures[Int(place)]), Double(pressures[Int(place)].size) > found?.size ?? 0 else { continue }
      found = PressureFall(
        slot: slot, time: Timestamp(milliseconds: pressures[Int(place)].fell), size: Double(pressures[Int(place)].size))
    }
    return found
  }

  /// A leak's transition with the fall of pressure that speaks for it. Remembers it as long as the leak is open.
  func annotated(_ t: Transition) -> Transition {
    guard t.kind.isLeak else { return t }
    var t = t
    if t.change == .opened {
      watch.pointee.forgetFall()
      if t.kind == .burst, let fall = near(t.onset.milliseconds) {
        (watch.pointee.fallSlot, watch.pointee.fall, watch.pointee.fallTime) = (fall.slot, Float(fall.size), fall.time.milliseconds)
      }
    }
    if watch.pointee.fallSlot >= 0 {
      t.evidence.insert(.pressureDrop)
      t.pressure = PressureFall(
        slot: watch.pointee.fallSlot, time: Timestamp(milliseconds: watch.pointee.fallTime), size: Double(watch.pointee.fall))
    }
    if t.change == .closed { watch.pointee.forgetFall() }
    return t
  }
}
