/// Parts of the next `BaselineState.refit`, done during the day, so that midnight has little to do: hours of the next profile, and in the end
/// the whole of it with what else a day's end decides.
///
/// They hold for the ring with the day that waits longest in it; whatever changes ring, queue or quantum otherwise discards them
/// (`BaselineState.discardAhead`).
struct RefitAhead: BitwiseCopyable {
  /// Bit h: hour h of the next profile is done; bit 31: the day's end is, bits 24 and 25: `form`.
  private var done: UInt32 = 0
  /// What the baseline becomes at the day's end; see there.
  private(set) var noise = NoiseState()
  private(set) var level: Float = 0
  private(set) var factor: Float = 1
  private(set) var mean: Float = 0
  var lastDay: Float = .nan

  private static let dayBit: UInt32 = 1 << 31

  init() {}

  func isDone(_ h: Int) -> Bool { done >> UInt32(h) & 1 == 1 }
  /// All hours are done, and the day's end is not.
  var isComplete: Bool { done == 0xff_ffff }
  /// The day's end is done: the day that waits longest stands in the ring, and the one that it replaces in its place.
  var isDayDone: Bool { done & RefitAhead.dayBit != 0 }

  mutating func note(_ h: Int) { done |= 1 << UInt32(h) }

  /// The day's end is done: the next profile is whole.
  mutating func note(_ noise: NoiseState, level: Float, factor: Float, mean: Float, form: FlowForm) {
    (self.noise, self.level, self.factor, self.mean) = (noise, level, factor, mean)
    done = 0xff_ffff | UInt32(form.rawValue) << 24 | RefitAhead.dayBit
  }

  var form: FlowForm { FlowForm(rawValue: UInt8(truncatingIfNeeded: done >> 24) & 3) ?? .daily }

  mutating func clear() { done = 0 }
}
