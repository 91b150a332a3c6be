/// A straight line through the values of six weeks (Theil 1950, Sen 1968).
struct TrendLine: BitwiseCopyable {
  /// Quanta a day, and its σ.
  private(set) var slope: Float = 0
  private(set) var error: Float = 0
  /// Median, in quanta.
  private(set) var centre: Float = 0
  /// How many days there are, over how long a span.
  private(set) var span: Float = 0
  private(set) var count: UInt16 = 0
  /// Local number of the newest day, modulo 65536.
  private var upTo: UInt16 = 0

  /// Room for the values of all days and three more.
  private static let room = TrendState.days + 3

  init() {}

  /// Fits the values up to day `newest`, by day number modulo 42. O(days²)
  /// - Parameters:
  ///   - near: a line whose slope is not far away. It only saves time, and so does what follows.
  ///   - isLower: the line is less steep than that.
  init(
    _ values: inout InlineArray<42, Int16>, newest: Int32, near: TrendLine, isLower: Bool = false, _ scratch: UnsafeMutablePointer<Float>
  ) {
    // Ages and values of the days that are known, newest first; behind them room for what is to be ordered.
    let (ages, known, work) = (scratch, scratch + TrendLine.room, scratch + 2 * TrendLine.room)
    let n = TrendLine.gather(&values, newest: newest, ages, known)
    count = UInt16(n)
    upTo = UInt16(truncatingIfNeeded: newest)
    guard n > 0 else { return }
    span = ages[n - 1]
    guard n >= TrendState.leastDays else { return }
    work.update(from: known, count: n)
    centre = Selection.median(work, n, near: near.centre)
    slope =
      TrendLine.slope(ages, known, n, near, within: isLower ? -0.5...0.05 : -0.75...0.75, work)
      ?? TrendLine.slope(ages, known, n, near, within: -2.5...2.5, work)
      ?? TrendLine.slope(ages, known, n, work)
    error = residualError(ages, known, n, work)
  }

  /// Copies the days that are known, newest first.
  /// - Returns: how many these are.
  private static func gather(
    _ values: inout InlineArray<42, Int16>, newest: Int32, _ ages: UnsafeMutablePointer<Float>, _ known: UnsafeMutablePointer<Float>
  ) -> Int {
    var n = 0
    var place = NightState.place(newest)
    for age in 0..<TrendState.days {
      let code = values.at(place)
      ages[n] = Float(age)
      known[n] = Float(code)
      n &+= code == FixedPoint.missing ? 0 : 1
      place = place == 0 ? TrendState.days - 1 : place - 1
    }
    return n
  }

  /// Whether the median slope of the values up to day `newest` is certainly less than `bound`, quanta a day. O(days²), but a fifth of a fit.
  static func isSlope(
    of values: inout InlineArray<42, Int16>, newest: Int32, below bound: Float, _ scratch: UnsafeMutablePointer<Float>
  ) -> Bool {
    let (ages, known, moved) = (scratch, scratch + TrendLine.room, scratch + 2 * TrendLine.room)
    let n = gather(&values, newest: newest, ages, known)
    return countBelow(ages, known, n, bound, moved) > n * (n - 1) / 2 / 2
  }

  /// Whether it was fitted up to that day, of values that have not changed since.
  func isUpTo(_ day: Int32) -> Bool { count > 0 && upTo == UInt16(truncatingIfNeeded: day) }

  /// The values have changed: it says only what is near.
  mutating func discard() { count = 0 }

  /// The median of the days that are known, in quanta; 0 of none. O(days)
  /// - Parameter guess: what it is near to.
  static func centre(_ values: inout InlineArray<42, Int16>, near guess: Float, _ scratch: UnsafeMutablePointer<Float>) -> Float {
    var n = 0
    for i in 0..<TrendState.days {
      let code = values.at(i)
      scratch[n] = Float(code)
      n &+= code == FixedPoint.missing ? 0 : 1
    }
    return Selection.median(scratch, n, near: guess)
  }

  /// The median slope of all pairs of days, a day.
  private static func slope(
    _ ages: UnsafeMutablePointer<Float>, _ known: UnsafeMutablePointer<Float>, _ n: Int, _ work: UnsafeMutablePointer<Float>
  ) -> Float {
    var m = 0
    for i in 0..<n {
      for k in (i + 1)..<max(n, i + 1) {
        work[m] = (known[i] - known[k]) / (ages[k] - ages[i])
        m += 1
      }
    }
    return Selection.median(work, m)
  }

  /// σ of the slope: from the scatter around the line, wider for days that follow each other.
  private func residualError(
    _ ages: UnsafeMutablePointer<Float>, _ known: UnsafeMutablePointer<Float>, _ n: Int, _ work: UnsafeMutablePointer<Float>
  ) -> Float {
    let residuals = work + TrendLine.room
    for i in 0..<n {
      residuals[i] = known[i] + slope * ages[i]
      work[i] = residuals[i]
    }
    let middle = Selection.median(work, n, near: centre + slope * span / 2)
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
