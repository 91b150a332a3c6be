/// How large a statistic's daily maximum usually is: mean and spread over some 30 days.
struct MaximumState: BitwiseCopyable {
  private var today: Float = 0
  private var mean: Float = 0
  private var square: Float = 0
  private(set) var days: Float = 0

  init() {}

  mutating func observe(_ v: Float) { today = max(today, v) }

  mutating func endDay(learns: Bool) {
    if learns {
      // A day beyond anything usual teaches no more than a rare one.
      let v = days >= 7 ? min(today, limit(2)) : today
      days = min(days + 1, 30)
      mean += (v - mean) / days
      square += (v * v - square) / days
    }
    today = 0
  }

  /// Mean + `k` σ. Few days understate σ.
  func limit(_ k: Float) -> Float {
    let sd = max(0, square - mean * mean).squareRoot()
    return mean + k * (1 + 3 / max(days, 1)) * sd
  }
}
