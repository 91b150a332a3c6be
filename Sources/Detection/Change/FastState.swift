/// Sequential test at the reading's own interval (one-sided CUSUM, Page 1954) for large bursts.
///
/// It sums capped standardised residuals over time, so that its score is in hours × spreads at any interval. The noise of
/// readings is autocorrelated, in a way that differs from meter to meter: instead of a model of it, the threshold follows the
/// daily maxima that this sensor shows when nothing is wrong.
struct FastState: BitwiseCopyable {
  /// When the score last left zero; Int64.min while it is zero.
  var start = Int64.min
  private(set) var lastTime = Int64.min
  /// hours × spreads
  var score: Float = 0
  /// Reading-level σ over hour-level σ.
  var scale: Float = 1
  /// Sum of residuals since `start`, m³/h × h, and the hours they span.
  var excessSum: Float = 0
  var excessHours: Float = 0
  private var maxima = MaximumState()
  /// The smaller of the last two standardised residuals: one sample alone moves nothing.
  var steady: Float = 0
  private(set) var previous: Float = 0
  private(set) var beforePrevious: Float = 0
  private var reserved: Float = 0

  init() {}

  /// Whether the reading before the last one stood alone far above its neighbours.
  ///
  /// - Parameter z: the last reading's standardised residual.
  @inline(always) func isSpike(before z: Float) -> Bool { previous > 12 && z < 3 && beforePrevious < 3 }

  @inline(always) func standardised(_ residual: Float, _ spread: Float) -> Float { residual / (spread * max(scale, 0.5)) }

  static let cap: Float = 8
  /// Score of a short rise that is worth recording as 一時的な使用増: a quarter of an hour at the cap.
  static let highUseScore: Float = 1

  /// Mean excess since the score left zero, m³/h.
  var excess: Float { excessHours > 0 ? excessSum / excessHours : 0 }

  /// Adds one reading.
  /// - Parameters:
  ///   - z: `standardised` residual.
  ///   - residual: observed − expected, m³/h.
  ///   - spread: σ of an hour's mean at this time of day, m³/h.
  ///   - longest: longest step in time that one reading stands for, ms.
  @inline(always) mutating func add(
    _ z: Float, residual: Float, spread: Float, time: Int64, longest: Int64, drift: Float, learns: Bool
  ) {
    if learns { scale += (1.2533 * min(abs(residual / spread), 5) - scale) / 1000 }
    steady = min(z, previous)
    beforePrevious = previous
    previous = z
    // Nothing to sum: it stays as `reset` left it.
    if score <= 0, steady <= drift {
      lastTime = time
      return
    }
    sum(residual, time: time, longest: longest, drift: drift)
  }

  @inline(never) private mutating func sum(_ residual: Float, time: Int64, longest: Int64, drift: Float) {
    let step = lastTime == Int64.min ? 0 : min(max(time - lastTime, 0), longest)
    lastTime = time
    let hours = Float(step) / 3_600_000
    if score <= 0 { start = time - step }
    score += (min(steady, FastState.cap) - drift) * hours
    if score <= 0 {
      reset()
    } else {
      excessSum += residual * hours
      excessHours += hours
    }
    maxima.observe(score)
  }

  mutating func reset() {
    score = 0
    start = Int64.min
    excessSum = 0
    excessHours = 0
  }

  /// Learns the usual daily maximum, unless the day was suspicious. A rise that goes on over midnight counts for both days.
  mutating func endDay(learns: Bool) {
    maxima.endDay(learns: learns)
    maxima.observe(score)
  }

  /// hours × spreads
  func threshold(_ t: Tuning) -> Float { max(t.cusumThreshold, maxima.limit(t.cusumScale)) }
}
