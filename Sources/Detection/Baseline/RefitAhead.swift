/// Parts of the next `BaselineState.refit`, done during the day, so that midnight has little to do. They hold for the ring with the day
/// that waits longest in it; whatever changes ring, queue or quantum otherwise discards them.
struct RefitAhead: BitwiseCopyable {
  /// The new profile, before holes are filled, m³/h.
  var profile = InlineArray<72, Float>(repeating: 0)
  /// By hour: σ of the days around it, m³/h, and how many days there are. Once `factor` is known the spreads that follow stand here instead.
  var deviation = InlineArray<24, Float>(repeating: 0)
  var count = InlineArray<24, UInt8>(repeating: 0)
  /// Bit h: hour h is done.
  private var hours: UInt32 = 0
  /// Noise and spreads that follow if factor and level come out as these.
  private var noise = NoiseState()
  private var factor: Float = .nan
  private var level: Float = .nan

  init() {}

  func isDone(_ h: Int) -> Bool { hours >> UInt32(h) & 1 == 1 }
  var isComplete: Bool { hours == 0xff_ffff }

  mutating func note(_ h: Int) { hours |= 1 << UInt32(h) }

  mutating func note(_ noise: NoiseState, _ b: BaselineState) {
    self.noise = noise
    deviation = b.spread
    factor = b.factor
    level = b.level
  }

  /// Fills in spreads and noise if they were computed for this factor and level: all else follows from the hours. If they were computed for
  /// others, no hour is done any longer.
  mutating func fill(_ noise: inout NoiseState, _ spread: inout InlineArray<24, Float>, factor: Float, level: Float) -> Bool {
    guard !self.factor.isNaN else { return false }
    guard isComplete, self.factor == factor, self.level == level else {
      discard()
      return false
    }
    noise = self.noise
    spread = deviation
    return true
  }

  mutating func discard() {
    hours = 0
    factor = .nan
  }
}
