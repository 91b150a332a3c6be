/// What the windows of an hour hold beyond its newest day: sums that move on by the hour, and are made anew once a day, when spreads and
/// weights change.
struct ShiftOlder: BitwiseCopyable {
  /// Local number of the newest hour of the windows; Int64.min = none.
  private var hour = Int64.min
  /// `ShiftWindows`, one sum of all windows after the other.
  private var values = InlineArray<20, Float>(repeating: 0)

  init() {}

  init(hour: Int64, _ sums: ShiftDays) {
    self.hour = hour
    windows = ShiftWindows(sums.sums(0), sums.sums(1), sums.sums(2), sums.sums(3))
  }

  func isFor(_ h: Int64) -> Bool { hour == h }

  var windows: ShiftWindows {
    mutating get {
      ShiftWindows(
        sum: values.four(0), weights: values.four(4), count: values.four(8), zSum: values.four(12), zSquares: values.four(16))
    }
    set {
      values.set(four: 0, newValue.sum)
      values.set(four: 4, newValue.weights)
      values.set(four: 8, newValue.count)
      values.set(four: 12, newValue.zSum)
      values.set(four: 16, newValue.zSquares)
    }
  }

  /// Moves all windows on to the next hour. O(windows)
  /// - Parameters:
  ///   - entering: the residual that leaves the newest day.
  ///   - leaving: the residual that leaves each window.
  ///   - scale: of the hour of day that all these are of.
  mutating func moveOn(entering: Int16, leaving: SIMD4<Int16>, _ scale: ShiftScale) {
    hour += 1
    windows = windows + scale.sums(SIMD4(repeating: entering)) - scale.sums(leaving)
  }

  mutating func discard() { hour = Int64.min }
}

/// What turns residuals of one hour of day into sums.
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

  /// Of one residual each, as `ShiftDays` sums it.
  @inline(always) func sums(_ codes: SIMD4<Int16>) -> ShiftWindows {
    let all = SIMD4<Float>(codes)
    let isMissing = all .== SIMD4(repeating: Float(FixedPoint.missing))
    let c = all.replacing(with: 0, where: isMissing)
    let count = SIMD4<Float>.one.replacing(with: 0, where: isMissing)
    let z = perSpread * c.clamped(to: SIMD4(repeating: ShiftSums.limit / perSpread))
    return ShiftWindows(
      sum: weight * c.clamped(to: SIMD4(repeating: most)) * quantum, weights: weight * count, count: count, zSum: z, zSquares: z * z)
  }
}
