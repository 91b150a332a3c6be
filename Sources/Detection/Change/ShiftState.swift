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
  @inline(__always) static func hours(_ i: Int) -> Int {
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

  /// Recomputes all windows from the residuals. O(336).
  mutating func update(_ r: inout ResidualRing, _ b: inout BaselineState, _ noise: NoiseState, _ tuning: Tuning) {
    let q = b.quantum
    let floor = tuning.noiseFloor * abs(b.mean)
    var h = r.newestHourOfDay
    var sum: Float = 0
    var weights: Float = 0
    var window = 0
    var n: Float = 0
    var zSum: Float = 0
    var zSquares: Float = 0
    for age in 0..<ResidualRing.hours {
      let c = r.code(age: age)
      if c != FixedPoint.missing {
        let limit = tuning.clip * b.spread.at(h)
        sum += b.weight.at(h) * min(max(Float(c) * q, -limit), limit)
        weights += b.weight.at(h)
        let z = min(max(Float(c) * q / b.spread.at(h), -8), 8)
        n += 1
        zSum += z
        zSquares += z * z
      }
      h = h == 0 ? 23 : h - 1
      if age + 1 == ShiftState.hours(window) {
        let m = zSum / max(n, 1)
        let dispersion = max(1, (zSquares / max(n, 1) - m * m) / (tuning.dispersion * tuning.dispersion))
        record(window, sum, weights, noise, floor, dispersion, tuning)
        window += 1
      }
    }
    updateShort(&r, &b, noise, tuning.clip)
  }

  private mutating func record(
    _ i: Int, _ sum: Float, _ weights: Float, _ noise: NoiseState, _ floor: Float, _ dispersion: Float, _ tuning: Tuning
  ) {
    let isPartOfADay = i < ShiftState.day
    guard weights >= (isPartOfADay ? tuning.shortWeight : 0.6 * Float(ShiftState.hours(i)) / 24) else {
      means[i] = 0
      scores[i] = 0
      return
    }
    let a = sum / weights
    let sigma = noise.sigma(days: weights)
    // A few hours are too few to tell their scatter.
    let variance = isPartOfADay ? noise.variance(weight: weights) : dispersion * sigma * sigma
    means[i] = a
    scores[i] = a / max((variance + floor * floor).squareRoot(), 1e-9)
  }

  private mutating func updateShort(_ r: inout ResidualRing, _ b: inout BaselineState, _ noise: NoiseState, _ clip: Float) {
    var h = r.newestHourOfDay
    var sum: Float = 0
    var valid = 0
    var smallest = Float.infinity
    var second = Float.infinity
    var recent = 0
    for age in 0..<8 {
      let c = r.code(age: age)
      if c != FixedPoint.missing {
        // An Int16 difference can overflow: subtract as Float.
        let z = (Float(c) - Float(r.usualExcess(age: age))) * b.quantum / b.spread.at(h)
        sum += min(max(z, -clip), clip)
        valid += 1
        if age < 6 {
          recent += 1
          if z < smallest {
            second = smallest
            smallest = z
          } else if z < second {
            second = z
          }
        }
      }
      h = h == 0 ? 23 : h - 1
    }
    eightHours = valid >= 6 ? sum / Float(valid) / max(noise.eightHours, 0.1) : 0
    sixHours = recent >= 5 ? second : 0
  }
}
