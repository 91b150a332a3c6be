extension InlineArray where Element == Float {
  /// Moves bins on that stand in order, the newest first: bins that nothing was shown in are missing (NaN).
  /// - Parameters:
  ///   - number: of the bin that was collected last; Int64.min = none.
  ///   - n: of the one that is collected from now on; another one.
  ///   - last: mean of the bin `number` when its last reading is missing: it still counts. Nil when it is empty or stands there already.
  /// - Complexity: O(count)
  mutating func moveOn(from number: Int64, to n: Int64, last: Float?) {
    guard number != Int64.min, n > number, n - number < Int64(count) else {
      self = InlineArray(repeating: .nan)
      return
    }
    let steps = Int(n - number)
    if let last { set(0, last) }
    withUnsafeMutablePointer(to: &self) {
      let bins = UnsafeMutableRawPointer($0).assumingMemoryBound(to: Float.self)
      (bins + steps).update(from: bins, count: count - steps)
      for k in 0..<steps { bins[k] = .nan }
    }
  }
}
