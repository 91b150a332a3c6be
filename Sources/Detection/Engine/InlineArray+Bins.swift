extension InlineArray where Element == Float {
  /// Moves a ring of bins on, in which bin `k` stands at `k` modulo `count`, a power of two: bins that nothing was shown in are missing (NaN).
  /// - Parameters:
  ///   - number: of the bin that was collected last; Int64.min = none.
  ///   - n: of the one that is collected from now on; larger.
  ///   - last: mean of the bin `number` when its last reading is missing: it still counts. Nil when it is empty or stands there already.
  /// - Complexity: O(bins skipped), at most `count`
  mutating func moveOn(from number: Int64, to n: Int64, last: Float?) {
    guard number != Int64.min, n - number <= Int64(count) else {
      self = InlineArray(repeating: .nan)
      return
    }
    let mask = Int64(count - 1)
    var k = number + 1
    while k <= n {
      set(Int(k & mask), .nan)
      k += 1
    }
    if let last { set(Int(number & mask), last) }
  }

  /// Moves bins that stand in order, the newest first, on by so many: those are missing (NaN).
  /// - Complexity: O(count)
  mutating func moveOn(by steps: Int64) {
    let steps = Int(clamping: steps)
    guard steps > 0, steps < count else {
      self = InlineArray(repeating: .nan)
      return
    }
    withUnsafeMutablePointer(to: &self) {
      let bins = UnsafeMutableRawPointer($0).assumingMemoryBound(to: Float.self)
      (bins + steps).update(from: bins, count: count - steps)
      for k in 0..<steps { bins[k] = .nan }
    }
  }
}
