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
  /// The part that adds, m³/h a day, over its σ; 0 while too few days are known.
  private(set) var score: Float = 0
  /// What it has added up to over the days that were looked at, m³/h, and how many these are.
  private(set) var excess: Float = 0
  private(set) var span: Float = 0

  init() {}

  mutating func note(mean: Float, day: Int32, quantum: Float) {
    means[NightState.place(day)] = mean.isFinite && quantum > 0 ? FixedPoint.code(mean, inverse: 1 / quantum) : FixedPoint.missing
  }

  /// Days that passed without an end of theirs.
  mutating func skip(_ day: Int32) { means[NightState.place(day)] = FixedPoint.missing }

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

  /// Judges the nights up to `newest` with the means of the days before them. O(days²), once a day.
  mutating func judge(_ nights: borrowing InlineArray<42, Int16>, newest: Int32, quantum: Float, _ scratch: UnsafeMutablePointer<Float>) {
    forget()
    let night = TrendState.fit(nights, newest: newest, scratch)
    let mean = TrendState.fit(means, newest: newest - 1, scratch)
    guard night.count >= TrendState.leastDays, mean.count >= TrendState.leastDays, mean.centre > night.centre, night.centre >= 0 else {
      return
    }
    let share = night.centre / mean.centre
    // Solved for a: the night's slope less what the day's scaling explains.
    let added = (night.slope - share * mean.slope) / (1 - share)
    let sigma = (night.error * night.error + share * share * mean.error * mean.error).squareRoot() / (1 - share)
    guard sigma > 0, added > 0 else { return }
    score = added / sigma
    span = night.span
    excess = added * night.span * quantum
  }

  /// Slope a day, its σ, the median, and how many days of how long a span.
  private struct Line {
    var slope: Float = 0
    var error: Float = 0
    var centre: Float = 0
    var span: Float = 0
    var count = 0
  }

  private static func fit(_ values: borrowing InlineArray<42, Int16>, newest: Int32, _ scratch: UnsafeMutablePointer<Float>) -> Line {
    var out = Line()
    var n = 0
    for k in 0..<days where values[NightState.place(newest - Int32(k))] != FixedPoint.missing {
      scratch[n] = Float(values[NightState.place(newest - Int32(k))])
      out.span = Float(k)
      n += 1
    }
    out.count = n
    guard n >= leastDays else { return out }
    out.centre = Selection.median(scratch, n)
    n = 0
    for i in 0..<days {
      let a = values[NightState.place(newest - Int32(i))]
      if a == FixedPoint.missing { continue }
      for k in (i + 1)..<max(days, i + 1) {
        let b = values[NightState.place(newest - Int32(k))]
        if b == FixedPoint.missing { continue }
        scratch[n] = (Float(a) - Float(b)) / Float(k - i)
        n += 1
      }
    }
    out.slope = Selection.median(scratch, n)
    out.error = residualError(values, newest: newest, out, scratch)
    return out
  }

  /// σ of the slope: from the scatter around the line, wider for days that follow each other.
  private static func residualError(
    _ values: borrowing InlineArray<42, Int16>, newest: Int32, _ line: Line, _ scratch: UnsafeMutablePointer<Float>
  ) -> Float {
    var n = 0
    for k in 0..<days where values[NightState.place(newest - Int32(k))] != FixedPoint.missing {
      scratch[n] = Float(values[NightState.place(newest - Int32(k))]) + line.slope * Float(k)
      n += 1
    }
    for i in 0..<n { scratch[days + i] = scratch[i] }
    let middle = Selection.median(scratch, n)
    var squares: Float = 0
    var products: Float = 0
    for i in 0..<n {
      let e = scratch[days + i] - middle
      squares += e * e
      if i > 0 { products += e * (scratch[days + i - 1] - middle) }
      scratch[i] = e
    }
    let own = max(Selection.absoluteDeviation(scratch, n), 1)
    let rho = squares > 0 ? min(max(products / squares, 0.2), 0.8) : 0.2
    let count = Float(n)
    return own * ((1 + rho) / (1 - rho) * 12 / (count * count * count)).squareRoot()
  }
}
