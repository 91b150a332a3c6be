/// What the windows of the next hour hold beyond its newest day, for the spreads and weights of then.
struct ShiftAhead: BitwiseCopyable {
  /// Local number of the hour that it is for; Int64.min = none.
  private var hour = Int64.min
  private var values = InlineArray<20, Float>(repeating: 0)

  init() {}

  init(hour: Int64, _ sums: ShiftDays) {
    self.hour = hour
    for i in 0..<ShiftDays.windows {
      let s = sums.sums(i)
      (values[5 * i], values[5 * i + 1], values[5 * i + 2]) = (s.sum, s.weights, s.count)
      (values[5 * i + 3], values[5 * i + 4]) = (s.zSum, s.zSquares)
    }
  }

  func isFor(_ h: Int64) -> Bool { hour == h }

  mutating func sums(_ i: Int) -> ShiftSums {
    ShiftSums(
      sum: values.at(5 * i), weights: values.at(5 * i + 1), count: values.at(5 * i + 2), zSum: values.at(5 * i + 3),
      zSquares: values.at(5 * i + 4))
  }

  mutating func discard() { hour = Int64.min }
}
