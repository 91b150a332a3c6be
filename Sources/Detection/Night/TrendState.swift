/// A leak that grows for weeks is learnt by everything that learns. What it cannot hide is that nights and days rise by the same m³/h: growth
/// and seasons scale a day, a leak adds to it.
///
/// The slopes of the night minimum and of the daily mean over six weeks (Theil 1950, Sen 1968) are split into a part that scales the day and
/// one that adds to it: night = a + r · n, mean = a + r · m, with n and m the usual night minimum and mean.
struct TrendState: BitwiseCopyable {
  static let days = 42
  static let leastDays = 28

  /// Mean flow of each day in quanta, by day number modulo 42.
  private var means = InlineArray<42, Int16>(repeating: FixedPoint.missing)
  /// The part that adds, m³/h a day, over its σ; 0 while too few days are known, or where it has added up to hardly anything.
  private(set) var score: Float = 0
  /// What it has added up to over the days that were looked at, m³/h, and how many these are.
  private(set) var excess: Float = 0
  private(set) var span: Float = 0
  /// The lines of the nights and of the days as they were fitted last, and the medians of now: what the next ones are near to.
  private var night = TrendLine()
  private var mean = TrendLine()

  init() {}

  mutating func note(mean: Float, day: Int32, quantum: Float) { means[NightState.place(day)] = TrendState.code(mean, quantum) }

  static func code(_ mean: Float, _ quantum: Float) -> Int16 {
    mean.isFinite && quantum > 0 ? FixedPoint.code(mean, inverse: 1 / quantum) : FixedPoint.missing
  }

  /// Days that passed without an end of theirs.
  mutating func skip(_ day: Int32) {
    means[NightState.place(day)] = FixedPoint.missing
  }

  mutating func reset() {
    means = InlineArray<42, Int16>(repeating: FixedPoint.missing)
    forget()
  }

  mutating func forget() {
    score = 0
    excess = 0
    span = 0
  }

  mutating func rescale(_ factor: Float) {
    for i in 0..<means.count where means[i] != FixedPoint.missing { means[i] = FixedPoint.code(Float(means[i]), inverse: factor) }
  }

  mutating func shift(by step: Float, quantum: Float) {
    for i in 0..<means.count where means[i] != FixedPoint.missing {
      means[i] = FixedPoint.code(Float(means[i]) * quantum + step, inverse: 1 / quantum)
    }
    forget()
  }

  /// Judges the nights up to `newest` with the means of the days before them. O(days²)
  /// - Parameters:
  ///   - least: what must have been added up to, m³/h.
  ///   - scratch: room for the slopes of all pairs of days, and for both.
  mutating func judge(
    _ nights: inout InlineArray<42, Int16>, newest: Int32, quantum: Float, least: Float, _ scratch: UnsafeMutablePointer<Float>
  ) {
    (score, excess, span) = (0, 0, 0)
    let work = scratch + 2 * TrendDays.size
    let lows = TrendDays(&nights, newest: newest, scratch)
    let days = TrendDays(&means, newest: newest - 1, scratch + TrendDays.size)
    guard lows.areEnough, days.areEnough else { return }
    night.move(to: lows, work)
    mean.move(to: days, work)
    guard mean.centre > night.centre, night.centre >= 0 else { return }
    let share = night.centre / mean.centre
    guard mayAdd(least / quantum, lows, days, share, work) else { return }
    night = TrendLine(lows, near: night, work)
    mean = TrendLine(days, near: mean, work)
    // Solved for a: the night's slope less what the day's scaling explains.
    let added = (night.slope - share * mean.slope) / (1 - share)
    let sigma = (night.error * night.error + share * share * mean.error * mean.error).squareRoot() / (1 - share)
    guard sigma > 0, added > 0 else { return }
    let sum = added * lows.span
    guard sum >= least / quantum else { return }
    (score, span, excess) = (added / sigma, lows.span, sum * quantum)
  }

  /// Whether the nights may have risen by as much more than the days explain: not where they rose by less than some slope, and the days by more
  /// than another, that together do not reach it. Looked for half way from the slopes of the last lines to what counts.
  /// - Parameters:
  ///   - least: in quanta.
  ///   - share: of the nights' median in that of the days.
  private func mayAdd(_ least: Float, _ lows: TrendDays, _ days: TrendDays, _ share: Float, _ work: UnsafeMutablePointer<Float>) -> Bool {
    let wanted = (1 - share) * least / lows.span
    let spare = share * mean.slope + wanted - night.slope
    guard spare > 0 else { return true }
    // The nights' slope that would be needed, less than rounding could make of it.
    let slowest = share > 0 ? mean.slope - 0.5 * spare / share : 0
    let needed = share * slowest + wanted - 1e-4 * (abs(share * slowest) + wanted)
    return !(lows.isSlope(below: needed, work) && (share == 0 || days.isSlope(above: slowest, work)))
  }
}
