extension Selection {
  /// Values that `near` may write behind the last one.
  static let padding = 3
  /// Steps from the guess after which it is no longer worth while.
  private static let steps = 6

  /// As `median`, where it is thought to lie near `guess`, which only saves time: a median that was known yesterday moves by a place or so.
  /// Does not reorder the values, but where the guess is a bad one; room for 16 more must follow.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int, near guess: Float) -> Float {
    median(p, n, of: n, near: guess)
  }

  /// The same of the `count` least of the values.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int, of count: Int, near guess: Float) -> Float {
    guard count > 0 else { return 0 }
    let (lower, upper) = near(p, n, count / 2, guess) ?? pair(p, n, count / 2)
    return count % 2 == 1 ? upper : (lower + upper) / 2
  }

  /// Values up to which comparing each with each is quicker than looking for a guess.
  static let fewValues = 20

  /// Brings a guess at the median of absolute values nearer to it, by how many are smaller: about the median of a normal distribution 0.43 n lie in
  /// a range of its own size.
  static func aim(_ p: UnsafeMutablePointer<Float>, _ n: Int, of count: Int, at guess: Float) -> Float {
    for i in n..<(n + padding) { p[i] = .infinity }
    var at = guess
    for _ in 0..<2 {
      let missing = count / 2 &- countBelow(p, n, at)
      guard missing > 1 || missing < -1 else { return at }
      at *= 1 + max(Float(missing) / (0.43 * Float(count)), -0.5)
    }
    return at
  }

  /// O(n), four at a time; behind the values there are such as are not below.
  @inline(always) static func countBelow(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ bound: Float) -> Int {
    let limit = SIMD4<Float>(repeating: bound)
    var signs = SIMD4<Int32>.zero
    var i = 0
    while i < n {
      signs &+= (SIMD4(at: p + i) - limit).signs
      i &+= 4
    }
    return 0 &- signs.total
  }

  /// The k-th smallest of `n` finite values, and the one before it, by steps from one value to the next; nil where it is too far away.
  private static func near(
    _ p: UnsafeMutablePointer<Float>, _ n: Int, _ k: Int, _ guess: Float
  ) -> (lower: Float, value: Float)? {
    guard guess.isFinite else { return nil }
    for i in n..<(n + padding) { p[i] = .infinity }
    var at = neighbours(p, n, below: guess)
    var left = steps
    while at.count != k {
      guard left > 0 else { return nil }
      left -= 1
      if let found = at.step(to: k, next: \.nextUp, { neighbours(p, n, below: $0) }) { return found }
    }
    return (at.below, at.above)
  }

  /// How a bound lies. O(n), four at a time and without a branch on a value. Behind the values there are such as are not below.
  @inline(never) private static func neighbours(_ p: UnsafeMutablePointer<Float>, _ n: Int, below bound: Float) -> Neighbours<Float> {
    let limit = SIMD4<Float>(repeating: bound)
    // All bits set, so that it takes one instruction to put it in; it is neither larger nor smaller than anything.
    let none = SIMD4<Float>(repeating: Float(bitPattern: .max))
    var (lower, upper) = (SIMD4<Float>(repeating: -.infinity), SIMD4<Float>(repeating: .infinity))
    var counts = SIMD4<Int32>.zero
    var i = 0
    while i < n {
      let v = SIMD4(at: p + i)
      let isBelow = v .< limit
      // So `isBelow` stays a vector; whatever takes it for bits makes a loop of it.
      counts &+= SIMD4<Int32>.zero.replacing(with: 1, where: isBelow)
      lower = v.replacing(with: none, where: limit .<= v).larger(lower)
      upper = v.replacing(with: none, where: isBelow).smaller(upper)
      i &+= 4
    }
    return Neighbours(count: counts.total, below: lower.largest, above: upper.least)
  }
}
