extension Selection {
  /// Whether the median is above a finite bound; that of no value is 0. May reorder the values; room for 16 more must follow.
  ///
  /// What it is itself is looked for only where of an even number one half is above and the other is not. O(n), four at a time.
  static func isMedian(_ p: UnsafeMutablePointer<Float>, _ n: Int, above bound: Float) -> Bool {
    guard n > 0 else { return 0 > bound }
    return isHalf(n - count(p, n, below: bound.nextUp), of: n) ?? (median(p, n) > bound)
  }

  /// Whether the median is below a finite bound.
  static func isMedian(_ p: UnsafeMutablePointer<Float>, _ n: Int, below bound: Float) -> Bool {
    guard n > 0 else { return 0 < bound }
    return isHalf(count(p, n, below: bound), of: n) ?? (median(p, n) < bound)
  }

  /// Whether so many of `n` values are more than half of them; nil where they are just half.
  private static func isHalf(_ count: Int, of n: Int) -> Bool? { 2 * count == n ? nil : 2 * count > n }

  private static func count(_ p: UnsafeMutablePointer<Float>, _ n: Int, below bound: Float) -> Int {
    for i in n..<(n + padding) { p[i] = .infinity }
    return countBelow(p, n, bound)
  }
}
