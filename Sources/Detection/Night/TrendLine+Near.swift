extension TrendLine {
  /// The median slope of all pairs of days if it lies within so many σ of that of `near`; else nil.
  ///
  /// Two days are steeper than a slope if the later one stays higher when both are moved along it. So the days change places with each other
  /// between the bounds: of the order along the lower one and that along the upper one, both by insertion, each exchange in the first is a pair
  /// that is steeper than the lower bound, and each in the second one that lies between both.
  static func slope(_ given: TrendDays, _ near: TrendLine, within width: ClosedRange<Float>, _ work: UnsafeMutablePointer<Float>) -> Float?
  {
    let (low, high) = (near.slope + width.lowerBound * near.error, near.slope + width.upperBound * near.error)
    guard low < high else { return nil }
    let n = given.count
    let days = MovedDays(work, n)
    let pairs = n * (n - 1) / 2
    var below = pairs - days.sortAlongLower(given, low, high)
    let kept = work + MovedDays.columns * n
    let candidates = days.sortAlongUpper(to: kept)
    var count = 0
    for c in 0..<candidates {
      let v = kept[c]
      kept[count] = v
      below &+= v < low ? 1 : 0
      count &+= (v < low ? 0 : 1) & (v > high ? 0 : 1)
    }
    let upper = pairs / 2 - below
    // Both middle ones must be among them.
    guard upper >= 1, upper < count else { return nil }
    let (lower, value) = Selection.pair(kept, count, upper)
    return pairs % 2 == 1 ? value : (lower + value) / 2
  }
}

/// Days that are moved along bounds a little wider than those that are asked for: what rounding could put on the other side of them lies between.
private struct MovedDays {
  static let columns = 3
  private let n: Int
  /// Values moved along the upper bound, values, and ages, in the order along the lower bound or the upper one.
  private let steep, values, ages: Column

  private typealias Column = UnsafeMutablePointer<Float>

  /// - Parameter work: room for three times `n` values; at most 42.
  init(_ work: UnsafeMutablePointer<Float>, _ n: Int) {
    self.n = n
    (steep, values, ages) = (work, work + n, work + 2 * n)
  }

  /// Puts days, given newest first, in order of what they are when moved along the lower bound.
  /// - Returns: how many pairs changed places.
  func sortAlongLower(_ given: TrendDays, _ low: Float, _ high: Float) -> Int {
    let room = given.room(max(abs(low), abs(high)))
    let (least, largest) = (low - room, high + room)
    // What is moved about is one number a day: its value in an order of integers, and behind it its place.
    var order = InlineArray<43, Int64>(repeating: .min)
    var exchanges = 0
    for i in 0..<n {
      let key = MovedDays.key(given.values[i] + least * given.ages[i], i)
      var k = i
      // Before the first day there is one that is the least of all.
      while order.at(k) > key {
        order.set(k &+ 1, order.at(k))
        k &-= 1
      }
      exchanges &+= i &- k
      order.set(k &+ 1, key)
    }
    for k in 0..<n {
      let i = Int(truncatingIfNeeded: order.at(k &+ 1) & 0xff)
      (values[k], ages[k]) = (given.values[i], given.ages[i])
      steep[k] = given.values[i] + largest * given.ages[i]
    }
    return exchanges
  }

  /// Orders as `value` does, which is never −0, and days of the same value as `i`.
  @inline(always) private static func key(_ value: Float, _ i: Int) -> Int64 {
    let bits = Int32(bitPattern: value.bitPattern)
    return Int64(bits ^ ((bits &>> 31) & Int32.max)) &<< 8 | Int64(i)
  }

  /// Puts the days from there in order of what they are when moved along the upper bound.
  /// - Parameter out: gets the slopes of the pairs that change places.
  /// - Returns: how many these are.
  func sortAlongUpper(to out: UnsafeMutablePointer<Float>) -> Int {
    var count = 0
    for i in 0..<n {
      let (key, value, age) = (steep[i], values[i], ages[i])
      var k = i
      while k > 0, steep[k &- 1] > key {
        // Of two that change places the one that stood before is the older.
        out[count] = (value - values[k &- 1]) / (ages[k &- 1] - age)
        count &+= 1
        steep[k] = steep[k &- 1]
        values[k] = values[k &- 1]
        ages[k] = ages[k &- 1]
        k &-= 1
      }
      (steep[k], values[k], ages[k]) = (key, value, age)
    }
    return count
  }
}
