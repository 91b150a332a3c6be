/// How much a day's weighted mean residual varies, how it is correlated from day to day, and the spread of 8 h means.
struct NoiseState: BitwiseCopyable {
  /// σ of a day's weighted mean residual, m³/h.
  var daily: Float = 0
  /// Lag-1 autocorrelation of the daily means.
  var correlation: Float = 0.4
  /// σ of the mean standardised residual over 8 h.
  var eightHours: Float = 1
  /// How much the days look like those of a pump; see `BaselineState.switching`.
  private(set) var switching: Float = 0

  init() {}

  /// Refits from the days in the ring. Once a day; O(ring).
  mutating func refit(_ b: inout BaselineState, _ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>) {
    let days = Int(b.ringCount)
    guard days > 0 else { return }
    let (means, blocks) = (scratch, scratch + DayResiduals.days)
    let known = blocks + DayResiduals.blocks * DayResiduals.days + Selection.padding
    DayResiduals(&b, clip: tuning.clip, known + DayResiduals.days).fit(&b, means: means, blocks: blocks)
    var n = 0
    var squares: Float = 0
    var products: Float = 0
    var previous: Float = .nan
    var d = days < BaselineState.ringDays ? 0 : Int(b.ringNext)
    for _ in 0..<days {
      let mean = means[d]
      d = d &+ 1 == days ? 0 : d &+ 1
      if mean.isFinite {
        known[n] = mean
        n += 1
        squares += mean * mean
        if previous.isFinite { products += mean * previous }
      }
      previous = mean
    }
    fitDaily(n, squares, products, abs(b.mean), tuning, known)
    fitEightHours(days, blocks)
    switching = b.switching()
  }

  private mutating func fitDaily(
    _ n: Int, _ squares: Float, _ products: Float, _ mean: Float, _ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let q = Float(max(n, 1))
    let mad = Selection.absoluteDeviation(scratch, n)
    // 1.44 σ is the 85 % quantile of |N(0, σ²)|.
    let tail = Selection.quantile(scratch, n, 0.85) / 1.44
    let own = max(mad, tail) * (1 + 2 / q)
    let prior = tuning.dailyPrior * mean
    daily = ((q * own * own + 5 * prior * prior) / (q + 5)).squareRoot()
    let rho = squares > 0 ? products / squares : 0
    correlation = min(max((q * rho + 12 * 0.4) / (q + 12), 0.1), 0.9)
  }

  private mutating func fitEightHours(_ days: Int, _ blocks: UnsafeMutablePointer<Float>) {
    var n = 0
    for block in 0..<DayResiduals.blocks {
      for d in 0..<days {
        let v = blocks[block &* DayResiduals.days &+ d]
        blocks[n] = v
        n &+= v.isFinite ? 1 : 0
      }
    }
    let q = Float(n)
    let s = Selection.absoluteDeviation(blocks, n)
    eightHours = ((q * s * s + 10 * 0.6 * 0.6) / (q + 10)).squareRoot()
  }

  /// σ of a mean over `days` days with that autocorrelation, m³/h.
  func sigma(days: Float) -> Float { sigma(days: SIMD4(repeating: days))[0] }

  /// The same of four means at once.
  @inline(always) func sigma(days: SIMD4<Float>) -> SIMD4<Float> {
    let one = SIMD4<Float>.one
    var factor = one
    var power = correlation
    let longest = days.largest
    var k: Float = 1
    while k < longest {
      let more = 2 * (1 - k / days) * power
      factor += SIMD4<Float>.zero.replacing(with: more, where: SIMD4(repeating: k) .< days)
      power *= correlation
      k += 1
    }
    return daily * (factor / days.larger(one)).squareRoot()
  }

  /// Variance of a mean over so many days' weight, (m³/h)². A part of a day is worth its share of the weight.
  func variance(weight: Float) -> Float {
    let s = weight < 1 ? sigma(days: 1) / weight.squareRoot() : sigma(days: weight)
    return s * s
  }
}
