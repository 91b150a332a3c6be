import Readings

/// What a single value is worth.
enum Plausibility: Equatable {
  case valid
  /// Part of a run of equal values that is longer than the meter's resolution explains.
  case stuck
  case outOfRange
  case reverse
  /// Far from anything this meter showed: zero where it is never zero, or more than 12 times the mean.
  case implausible
}

extension HealthState {
  /// Means that no main delivers.
  static let most: Float = 12

  /// Judges one value and learns from it. O(1). The profile is only read: see `InlineArray.at`.
  /// - Parameter isUnitSmall: whether small values are known to be in another unit.
  @inline(always) mutating func assess(_ v: Float, time: Int64, profile: inout ProfileState, isUnitSmall: Bool = false) -> Plausibility {
    if lastTime != Int64.min { learnInterval(time - lastTime) }
    let previous = lastTime
    lastTime = time
    trackRun(v, time: time, previous: previous)
    lastValue = v
    if Double(v) < profile.low || Double(v) > profile.high || abs(v) > 1e9 { return .outOfRange }
    if v < 0 && !profile.allowsReverseFlow && profile.quantity < Quantity.pressure.rawValue { return .reverse }
    let size = abs(v)
    if isStuck(at: time), !(profile.mayStand && size <= 0.02 * running) { return .stuck }
    if isUnitSmall && size < 0.2 * running { return .implausible }
    if count > 20 && running > 0 {
      let isLow = size < 0.02 * running
      // A long stand-still may be a fault: it teaches only for its first two hours.
      if !isLow || time - runStart < 7_200_000 { lowShare += ((isLow ? 1 : 0) - lowShare) / 2000 }
      if size > HealthState.most * running || (isLow && lowShare < 0.03 && profile.quantity != Quantity.total.rawValue) {
        // A temperature has no size, and a tank may be empty.
        if profile.quantity < Quantity.level.rawValue, !(profile.mayStand && isLow) { return .implausible }
      }
    }
    count = min(count + 1, 1_000_000)
    // A pump may stand still for the first hours: what it shows then says nothing of its size.
    if running == 0 { running = size }
    running += (min(size, 4 * max(running, count < 5 ? size : 0)) - running) / Float(min(count, 2000))
    return .valid
  }

  /// Closest to "usual" that a stuck meter gets: at least 90 min of the same value, improbable at this meter's resolution.
  @inline(always) mutating func isStuck(at time: Int64) -> Bool { runLength >= 4 && isRunUnusual(at: time) }

  @inline(never) private mutating func isRunUnusual(at time: Int64) -> Bool {
    // Coarse meters stand still for half a night; a new one may do so before it is known.
    let longest = max(5_400_000, 1.5 * usualRun, Int64(count) &* interval < 259_200_000 ? 21_600_000 : 0)
    guard Float(time - runStart) >= longest else { return false }
    // p^k < 1e-6 with p the usual share of repeats.
    var p: Float = 1
    for _ in 0..<Int(min(runLength, 64)) { p *= max(repeatShare, 0.02) }
    return p < 1e-6
  }

  @inline(always) private mutating func trackRun(_ v: Float, time: Int64, previous: Int64) {
    if v == lastValue {
      usualRun *= 0.9999
      runLength = min(runLength + 1, 1_000_000)
      // Runs beyond 90 min are what is to be found, not what is usual.
      if time - runStart < 5_400_000 { repeatShare += (1 - repeatShare) / 300 }
      return
    }
    // What ends in nothing was a pump that has been switched off.
    let lastRunWasUsual = runStart != Int64.min && previous != Int64.min && (!isStuck(at: previous) || v == 0)
    usualRun *= 0.9999
    if lastRunWasUsual { usualRun = max(usualRun, Float(min(previous - runStart, 86_400_000))) }
    runLength = 1
    runStart = time
    repeatShare += (0 - repeatShare) / 300
  }
}
