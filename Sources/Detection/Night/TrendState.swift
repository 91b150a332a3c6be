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
  private var ahead = TrendAhead()

  init() {}

  mutating func note(mean: Float, day: Int32, quantum: Float) { means[NightState.place(day)] = TrendState.code(mean, quantum) }

  static func code(_ mean: Float, _ quantum: Float) -> Int16 {
    mean.isFinite && quantum > 0 ? FixedPoint.code(mean, inverse: 1 / quantum) : FixedPoint.missing
  }

  /// Days that passed without an end of theirs.
  mutating func skip(_ day: Int32) {
    ahead.discard()
    means[NightState.place(day)] = FixedPoint.missing
  }

  mutating func reset() {
    means = InlineArray<42, Int16>(repeating: FixedPoint.missing)
    forget()
  }

  mutating func forget() {
    ahead.discard()
    score = 0
    excess = 0
    span = 0
  }

  mutating func rescale(_ factor: Float) {
    ahead.discard()
    for i in 0..<means.count where means[i] != FixedPoint.missing { means[i] = FixedPoint.code(Float(means[i]), inverse: factor) }
  }

  mutating func shift(by step: Float, quantum: Float) {
    for i in 0..<means.count where means[i] != FixedPoint.missing {
      means[i] = FixedPoint.code(Float(means[i]) * quantum + step, inverse: 1 / quantum)
    }
    forget()
  }

  /// Fits the line of the days before a night. O(days²)
  /// - Parameters:
  ///   - mean: mean flow of the day before the night, in quanta.
  ///   - day: of the night.
  mutating func prepare(mean: Int16, day: Int32, _ scratch: UnsafeMutablePointer<Float>) {
    guard !ahead.knowsMean(mean, day - 1) else { return }
    var means = means
    means[NightState.place(day - 1)] = mean
    ahead.meanCode = mean
    ahead.mean = TrendLine(&means, newest: day - 1, near: ahead.mean, scratch)
  }

  /// Fits the line of the nights before the end of the last one. O(days²)
  /// - Parameter night: the lowest hour of this night so far, in quanta.
  mutating func prepare(_ nights: InlineArray<42, Int16>, night: Int16, day: Int32, _ scratch: UnsafeMutablePointer<Float>) {
    var nights = nights
    nights[NightState.place(day)] = night
    ahead.nightCode = night
    ahead.night = TrendLine(&nights, newest: day, near: ahead.night, scratch)
  }

  /// Judges the nights up to `newest` with the means of the days before them. O(days²) once a day, but for what `prepare` has done.
  /// - Parameter least: what must have been added up to, m³/h.
  mutating func judge(
    _ nights: inout InlineArray<42, Int16>, newest: Int32, quantum: Float, least: Float, _ scratch: UnsafeMutablePointer<Float>
  ) {
    (score, excess, span) = (0, 0, 0)
    let (last, before) = (nights.at(NightState.place(newest)), means.at(NightState.place(newest - 1)))
    if !ahead.knowsMean(before, newest - 1) { ahead.mean = TrendLine(&means, newest: newest - 1, near: ahead.mean, scratch) }
    let mean = ahead.mean
    if !ahead.knowsNight(last, newest) {
      let isLower = ahead.isAbove(last, newest)
      if isLower, !mayAdd(&nights, newest, ahead.night, mean, least / quantum, scratch) {
        return ahead.discard()
      }
      ahead.night = TrendLine(&nights, newest: newest, near: ahead.night, isLower: isLower, scratch)
    }
    let night = ahead.night
    ahead.discard()
    guard night.count >= TrendState.leastDays, mean.count >= TrendState.leastDays, mean.centre > night.centre, night.centre >= 0 else {
      return
    }
    let share = night.centre / mean.centre
    // Solved for a: the night's slope less what the day's scaling explains.
    let added = (night.slope - share * mean.slope) / (1 - share)
    let sigma = (night.error * night.error + share * share * mean.error * mean.error).squareRoot() / (1 - share)
    guard sigma > 0, added > 0 else { return }
    let sum = added * night.span
    guard sum >= least / quantum else { return }
    (score, span, excess) = (added / sigma, night.span, sum * quantum)
  }

  /// Whether the nights may have risen by as much more than the days explain. A newest night that is lower than `line` reckons with makes the
  /// line less steep, never steeper: what that line does not reach, the true one does not either.
  /// - Parameter least: in quanta.
  private func mayAdd(
    _ nights: inout InlineArray<42, Int16>, _ newest: Int32, _ line: TrendLine, _ mean: TrendLine, _ least: Float,
    _ scratch: UnsafeMutablePointer<Float>
  ) -> Bool {
    // What is added moves one way with the share, and the share lies between nothing and that of the line.
    if line.centre >= 0, mean.centre > line.centre {
      let share = line.centre / mean.centre
      let most = max(line.slope, (line.slope - share * mean.slope) / (1 - share))
      if most * line.span < least - 1e-3 * abs(least) { return false }
    }
    let centre = TrendLine.centre(&nights, near: line.centre, scratch)
    guard centre >= 0, mean.centre > centre else { return false }
    let share = centre / mean.centre
    let added = (line.slope - share * mean.slope) / (1 - share)
    guard added > 0, added * line.span >= least else { return false }
    // What the slope would have to be, less than rounding could make of it.
    let (scaled, wanted) = (share * mean.slope, (1 - share) * least / line.span)
    let needed = scaled + wanted - 1e-4 * (abs(scaled) + wanted)
    return !TrendLine.isSlope(of: &nights, newest: newest, below: needed, scratch)
  }
}
