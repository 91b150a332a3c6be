/// Sustained shift: weighted mean residuals over windows from 6 h to 14 days, each over its own noise. Recomputed every hour.
struct ShiftState: BitwiseCopyable {
  /// Windows: 6 and 12 h, which tell of a night, and 1, 2, 4, 7, 14 days.
  static let windows = 7
  /// Places of the windows of one and of four days.
  static let day = 2
  static let fourDays = 4

  /// Weighted mean residual over each window, m³/h; 0 while too few hours are known.
  var means = InlineArray<7, Float>(repeating: 0)
  /// `means` over their σ.
  var scores = InlineArray<7, Float>(repeating: 0)
  /// Mean standardised residual of 8 h over its usual spread.
  var eightHours: Float = 0
  /// Second smallest standardised residual of the last six hours.
  var sixHours: Float = 0

  init() {}

  /// Hours of window `i`.
  @inline(always) static func hours(_ i: Int) -> Int {
    switch i {
    case 0: 6
    case 1: 12
    case 2: 24
    case 3: 48
    case 4: 96
    case 5: 168
    default: 336
    }
  }

  static func threshold(_ i: Int, _ t: Tuning) -> Float {
    switch i {
    case 0, 1: t.shift12
    case 2: t.shift24
    case 3: t.shift48
    case 4: t.shift96
    case 5: t.shift168
    default: t.shift336
    }
  }

  /// Recomputes all windows: the newest day from its residuals, what is older from running sums, or once a day from all. O(24)
  mutating func update(
    _ r: inout ResidualRing, _ b: inout BaselineState, _ noise: NoiseState, _ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let floor = tuning.noiseFloor * abs(b.mean)
    let terms = ShiftTerms(&r, &b, clip: tuning.clip, scratch)
    var sums = ShiftSums()
    terms.add(to: &sums, 0..<6)
    let quarter = sums
    terms.add(to: &sums, 6..<12)
    let half = sums
    terms.add(to: &sums, 12..<24)
    if !r.older.isFor(r.newest) {
      r.older = ShiftOlder(hour: r.newest, ShiftDays(hour: r.newest, &r, &b, clip: tuning.clip, scratch))
    }
    let enough = 0.6 * Float(ShiftState.hours(ShiftState.day)) / 24
    // The fourth place is written over.
    record(
      0, ShiftWindows(quarter, half, sums, sums), least: SIMD4(tuning.shortWeight, tuning.shortWeight, enough, enough),
      parts: SIMD4(1, 1, 0, 0), noise, floor, tuning)
    record(
      ShiftState.day + 1, ShiftWindows(sums) + r.older.windows,
      least: SIMD4(0.6 * 48 / 24, 0.6 * 96 / 24, 0.6 * 168 / 24, 0.6 * 336 / 24), parts: .zero, noise, floor, tuning)
    updateShort(&r, &b, noise, tuning.clip)
  }

  /// Judges four windows at once: the divisions and roots of one would wait for those of the one before it.
  /// - Parameters:
  ///   - i: place of the first.
  ///   - least: weight of each that must be known.
  ///   - parts: 1 for windows of less than a day: a few hours are too few to tell their scatter.
  @inline(always) private mutating func record(
    _ i: Int, _ s: ShiftWindows, least: SIMD4<Float>, parts: SIMD4<Float>, _ noise: NoiseState, _ floor: Float, _ tuning: Tuning
  ) {
    let one = SIMD4<Float>.one
    let count = s.count.larger(one)
    let m = s.zSum / count
    let scatter = (s.zSquares / count - m * m) / (tuning.dispersion * tuning.dispersion)
    let a = s.sum / s.weights
    let sigma = noise.sigma(days: s.weights)
    let part = noise.partSigma(sigma, weight: s.weights)
    let variance = (scatter.larger(one) * sigma * sigma).replacing(with: part * part, where: parts .> .zero)
    let z = a / (variance + floor * floor).roots.larger(SIMD4(repeating: 1e-9))
    let isEnough = s.weights .>= least
    means.set(four: i, SIMD4<Float>.zero.replacing(with: a, where: isEnough))
    scores.set(four: i, SIMD4<Float>.zero.replacing(with: z, where: isEnough))
  }

  private mutating func updateShort(_ r: inout ResidualRing, _ b: inout BaselineState, _ noise: NoiseState, _ clip: Float) {
    let h = r.newestHourOfDay
    var spreads = SIMD8<Float>.zero
    if h >= 7 {
      spreads = SIMD8(lowHalf: b.spread(four: h - 7), highHalf: b.spread(four: h - 3))
    } else {
      for i in 0..<8 { spreads[i] = b.spread((h + 17 + i) % 24) }
    }
    let codes = r.newestEight()
    let z = (SIMD8<Float>(codes) - SIMD8<Float>(r.usualExcesses())) * b.quantum / spreads
    let notBelow = z.replacing(with: -clip, where: z .< -clip)
    let clipped = notBelow.replacing(with: clip, where: notBelow .> clip)
    var (sum, valid, recent): (Float, Int, Int) = (0, 0, 0)
    var (smallest, second) = (Float.infinity, Float.infinity)
    for age in 0..<8 where codes[7 - age] != FixedPoint.missing {
      sum += clipped[7 - age]
      valid += 1
      if age < 6 {
        recent += 1
        // Without asking which is smaller: nobody foresees the answer.
        second = min(second, max(smallest, z[7 - age]))
        smallest = min(smallest, z[7 - age])
      }
    }
    eightHours = valid >= 6 ? sum / Float(valid) / max(noise.eightHours, 0.1) : 0
    sixHours = recent >= 5 ? second : 0
  }
}
