/// Sustained shift: weighted mean residuals over windows from 6 h to 14 days, each over its own noise. Recomputed every hour.
struct ShiftState: BitwiseCopyable {
  /// Weighted mean residual over 24, 48, 96, 168, 336 h, m³/h; 0 while too few hours are known.
  var means = InlineArray<5, Float>(repeating: 0)
  /// `means` over their σ.
  var scores = InlineArray<5, Float>(repeating: 0)
  /// As `means` and `scores` over 6 and 12 h, where these hold enough of the day's weight: after a night.
  var shortMeans = InlineArray<2, Float>(repeating: 0)
  var shortScores = InlineArray<2, Float>(repeating: 0)
  /// Mean standardised residual of 8 h over its usual spread.
  var eightHours: Float = 0
  /// Second smallest standardised residual of the last six hours.
  var sixHours: Float = 0

  init() {}

  /// Hours of window `i`, 0…4.
  @inline(__always) static func hours(_ i: Int) -> Int {
    switch i {
    case 0: 24
    case 1: 48
    case 2: 96
    case 3: 168
    default: 336
    }
  }

  static func threshold(_ i: Int, _ t: Tuning) -> Float {
    switch i {
    case 0: t.shift24
    case 1: t.shift48
    case 2: t.shift96
    case 3: t.shift168
    default: t.shift336
    }
  }

  /// Recomputes all windows from the residuals. O(336).
  mutating func update(_ r: borrowing ResidualRing, _ b: borrowing BaselineState, _ noise: NoiseState, _ tuning: Tuning) {
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
        let limit = tuning.clip * b.spread[h]
        sum += b.weight[h] * min(max(Float(c) * q, -limit), limit)
        weights += b.weight[h]
        let z = min(max(Float(c) * q / b.spread[h], -8), 8)
        n += 1
        zSum += z
        zSquares += z * z
      }
      h = h == 0 ? 23 : h - 1
      if age == 5 || age == 11 {
        let i = age == 5 ? 0 : 1
        shortMeans[i] = 0
        shortScores[i] = 0
        if weights >= tuning.shortWeight {
          let a = sum / weights
          let sigma = noise.sigma(days: 1) / weights.squareRoot()
          shortMeans[i] = a
          shortScores[i] = a / max((sigma * sigma + floor * floor).squareRoot(), 1e-9)
        }
      }
      if age + 1 == ShiftState.hours(window) {
        let m = zSum / max(n, 1)
        let dispersion = max(1, (zSquares / max(n, 1) - m * m) / (tuning.dispersion * tuning.dispersion))
        record(window, sum, weights, noise, floor, dispersion)
        window += 1
      }
    }
    updateShort(r, b, noise, tuning.clip)
  }

  private mutating func record(_ i: Int, _ sum: Float, _ weights: Float, _ noise: NoiseState, _ floor: Float, _ dispersion: Float) {
    let days = Float(ShiftState.hours(i)) / 24
    guard weights >= 0.6 * days else {
      means[i] = 0
      scores[i] = 0
      return
    }
    let a = sum / weights
    let sigma = noise.sigma(days: weights)
    means[i] = a
    scores[i] = a / max((dispersion * sigma * sigma + floor * floor).squareRoot(), 1e-9)
  }

  private mutating func updateShort(_ r: borrowing ResidualRing, _ b: borrowing BaselineState, _ noise: NoiseState, _ clip: Float) {
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
        let z = (Float(c) - Float(r.usualExcess(age: age))) * b.quantum / b.spread[h]
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
