/// How a bound lies among values.
struct Neighbours<Value> {
  /// Values below the bound.
  let count: Int
  /// The largest of them, and the smallest of the others; of none what no value is beyond.
  let below, above: Value

  /// Goes on by one value to where `k` values are below the bound.
  /// - Parameters:
  ///   - next: the bound next to a value, with that value below it.
  ///   - find: how a bound lies.
  /// - Returns: the k-th smallest value and the one before it, where the step shows both.
  @inline(always) mutating func step(
    to k: Int, next: (Value) -> Value, _ find: (Value) -> Neighbours
  ) -> (lower: Value, value: Value)? {
    if count < k {
      let found = find(next(above))
      if found.count > k { return (above, above) }
      self = found
    } else {
      let found = find(below)
      if found.count <= k { return (found.count < k ? below : found.below, below) }
      self = found
    }
    return nil
  }
}
