/// Parts of the next `BaselineState.refit`, done during the day, so that midnight has little to do. They hold for the ring with the day
/// that waits longest in it; whatever changes ring, queue or quantum otherwise discards them.
struct RefitAhead: BitwiseCopyable {
  /// The new profile, before holes are filled, m³/h.
  var profile = InlineArray<72, Float>(repeating: 0)
  /// By hour: σ of the days around it, m³/h, and how many days there are.
  var deviation = InlineArray<24, Float>(repeating: 0)
  var count = InlineArray<24, UInt8>(repeating: 0)
  /// Bit h: hour h is done.
  private var hours: UInt32 = 0
  /// The noise that follows if factor and level come out as these.
  private var noise = NoiseState()
  private var factor: Float = .nan
  private var level: Float = .nan
  private var reserved: Float = 0

  init() {}

  func isDone(_ h: Int) -> Bool { hours >> UInt32(h) & 1 == 1 }
  var isComplete: Bool { hours == 0xff_ffff }

  mutating func note(_ h: Int) { hours |= 1 << UInt32(h) }

  mutating func note(_ noise: NoiseState, factor: Float, level: Float) {
    self.noise = noise
    self.factor = factor
    self.level = level
  }

  /// The noise, if it was computed for these: profile, spreads and weights follow from the hours and from these two.
  func noise(factor: Float, level: Float) -> NoiseState? {
    isComplete && self.factor == factor && self.level == level ? noise : nil
  }

  mutating func discard() {
    hours = 0
    factor = .nan
  }
}
