/// A straight line through the values of six weeks (Theil 1950, Sen 1968).
struct TrendLine: BitwiseCopyable {
  /// Quanta a day, and its σ.
  private(set) var slope: Float = 0
  private(set) var error: Float = 0
  /// Median, in quanta.
  private(set) var centre: Float = 0

  init() {}

  /// Fits it. O(days²)
  /// - Parameters:
  ///   - near: a line whose slope is not far away, and whose centre is that of these days. It only saves time.
  ///   - work: room for the slopes of all pairs of days.
  init(_ days: TrendDays, near: TrendLine, _ work: UnsafeMutablePointer<Float>) {
    centre = near.centre
    slope =
      TrendLine.slope(days, near, within: -0.75...0.75, work) ?? TrendLine.slope(days, near, within: -2.5...2.5, work)
      ?? TrendLine.slope(days, work)
    error = residualError(days, work)
  }

  /// Takes the median of those days for that of the line. O(days)
  mutating func move(to days: TrendDays, _ work: UnsafeMutablePointer<Float>) { centre = days.centre(near: centre, work) }

  /// The median slope of all pairs of days, a day.
  private static func slope(_ days: TrendDays, _ work: UnsafeMutablePointer<Float>) -> Float {
    var m = 0
    for i in 0..<days.count {
      for k in (i + 1)..<max(days.count, i + 1) {
        work[m] = (days.values[i] - days.values[k]) / (days.ages[k] - days.ages[i])
        m += 1
      }
    }
    return Selection.median(work, m)
  }

  /// σ of the slope: from the scatter around the line, wider for days that follow each other.
  private func residualError(_ days: TrendDays, _ work: UnsafeMutablePointer<Float>) -> Float {
    let n = days.count
    let residuals = work + (TrendState.days + Selection.padding)
    for i in 0..<n {
      residuals[i] = days.values[i] + slope * days.ages[i]
      work[i] = residuals[i]
    }
    let middle = Selection.median(work, n, near: centre + slope * days.span / 2)
    var squares: Float = 0
    var products: Float = 0
    for i in 0..<n {
      let e = residuals[i] - middle
      squares += e * e
      if i > 0 { products += e * (residuals[i - 1] - middle) }
      work[i] = e
    }
    let own = max(Selection.absoluteDeviation(work, n), 1)
    let rho = squares > 0 ? min(max(products / squares, 0.2), 0.8) : 0.2
    let count = Float(n)
    return own * ((1 + rho) / (1 - rho) * 12 / (count * count * count)).squareRoot()
  }
}
