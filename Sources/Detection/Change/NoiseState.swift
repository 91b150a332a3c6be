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
    let (means, blocks) = (scratch, scratch + DayResiduals.days + Selection.padding)
    let count = DayResiduals.blocks * DayResiduals.days
    DayResiduals(&b, clip: tuning.clip, blocks + count).fit(&b, means: means, blocks: blocks)
    var squares: Float = 0
    var products: Float = 0
    var previous: Float = .nan
    var d = days < BaselineState.ringDays ? 0 : Int(b.ringNext)
    for _ in 0..<days {
      let mean = means[d]
      if mean.isFinite { squares += mean * mean }
      if mean.isFinite && previous.isFinite { products += mean * previous }
      previous = mean
      d = d &+ 1 == days ? 0 : d &+ 1
    }
    fitDaily(squares, products, abs(b.mean), tuning, means)
    fitEightHours(blocks, count)
    switching = b.switching()
  }

  private mutating func fitDaily(
    _ squares: Float, _ products: Float, _ mean: Float, _ tuning: Tuning, _ means: UnsafeMutablePointer<Float>
  ) {
    let (n, sum) = Selection.takeMagnitudes(means, DayResiduals.days)
    let q = Float(max(n, 1))
    let mad = Selection.absoluteDeviation(means, DayResiduals.days, of: n, sum: sum)
    // 1.44 σ is the 85 % quantile of |N(0, σ²)|.
    let tail = Selection.quantile(means, DayResiduals.days, of: n, 0.85) / 1.44
    let own = max(mad, tail) * (1 + 2 / q)
    let prior = tuning.dailyPrior * mean
    daily = ((q * own * own + 5 * prior * prior) / (q + 5)).squareRoot()
    let rho = squares > 0 ? products / squares : 0
    correlation = min(max((q * rho + 12 * 0.4) / (q + 12), 0.1), 0.9)
  }

  private mutating func fitEightHours(_ blocks: UnsafeMutablePointer<Float>, _ count: Int) {
    let (n, sum) = Selection.takeMagnitudes(blocks, count)
    let q = Float(n)
    let s = Selection.absoluteDeviation(blocks, count, of: n, sum: sum)
    eightHours = ((q * s * s + 10 * 0.6 * 0.6) / (q + 10)).squareRoot()
  }

  /// σ of four means over so many days with that autocorrelation, m³/h; over less than a day, as over one.
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
    return daily * (factor / days.larger(one)).roots
  }

  /// Variance of a mean over so many days' weight, (m³/h)². A part of a day is worth its share of the weight.
  func variance(weight: Float) -> Float {
    let s = partSigma(sigma(days: SIMD4(repeating: weight)), weight: SIMD4(repeating: weight))[0]
    return s * s
  }

  /// σ of means over that weight, from what it is over at least a day.
  @inline(always) func partSigma(_ sigma: SIMD4<Float>, weight: SIMD4<Float>) -> SIMD4<Float> { sigma / weight.smaller(.one).roots }
}
