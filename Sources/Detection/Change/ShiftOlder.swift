/// What the windows of an hour hold beyond its newest day: sums that move on by the hour, and are made anew once a day, when spreads and
/// weights change.
struct ShiftOlder: BitwiseCopyable {
  /// Local number of the newest hour of the windows; Int64.min = none.
  private var hour = Int64.min
  /// `ShiftSums` of each window.
  private var values = InlineArray<20, Float>(repeating: 0)

  init() {}

  init(hour: Int64, _ sums: ShiftDays) {
    self.hour = hour
    for i in 0..<ShiftDays.windows { set(i, sums.sums(i)) }
  }

  func isFor(_ h: Int64) -> Bool { hour == h }

  mutating func sums(_ i: Int) -> ShiftSums {
    ShiftSums(
      sum: values.at(5 * i), weights: values.at(5 * i + 1), count: values.at(5 * i + 2), zSum: values.at(5 * i + 3),
      zSquares: values.at(5 * i + 4))
  }

  /// One of the five sums of all windows, in the order of `ShiftSums`.
  @inline(always) mutating func four(_ k: Int) -> SIMD4<Float> {
    SIMD4(values.at(k), values.at(5 + k), values.at(10 + k), values.at(15 + k))
  }

  private mutating func set(_ i: Int, _ s: ShiftSums) {
    values.set(5 * i, s.sum)
    values.set(5 * i + 1, s.weights)
    values.set(5 * i + 2, s.count)
    values.set(5 * i + 3, s.zSum)
    values.set(5 * i + 4, s.zSquares)
  }

  /// Moves all windows on to the next hour. O(windows)
  /// - Parameters:
  ///   - entering: the residual that leaves the newest day.
  ///   - leaving: the residual that leaves each window.
  ///   - scale: of the hour of day that all these are of.
  mutating func moveOn(entering: Int16, leaving: InlineArray<4, Int16>, _ scale: ShiftScale) {
    hour += 1
    let new = scale.sums(entering)
    for i in 0..<ShiftDays.windows { set(i, sums(i) + new - scale.sums(leaving[i])) }
  }

  mutating func discard() { hour = Int64.min }
}

/// What turns a residual of one hour of day into sums.
struct ShiftScale {
  let quantum: Float
  let weight: Float
  /// Spreads in a quantum.
  let perSpread: Float
  /// Residuals are clipped at so many quanta.
  let most: Float

  init(_ b: inout BaselineState, hourOfDay h: Int, clip: Float) {
    quantum = b.quantum
    weight = b.weight(h)
    perSpread = b.quantum / b.spread(h)
    most = clip * b.spread(h) / b.quantum
  }

  /// As `ShiftDays` sums it.
  func sums(_ code: Int16) -> ShiftSums {
    guard code != FixedPoint.missing else { return ShiftSums() }
    let c = Float(code)
    let limit = ShiftSums.limit / perSpread
    let z = perSpread * min(max(c, -limit), limit)
    return ShiftSums(sum: weight * min(max(c, -most), most) * quantum, weights: weight, count: 1, zSum: z, zSquares: z * z)
  }
}
