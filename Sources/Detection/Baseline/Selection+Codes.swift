extension Selection {
  /// The median of the `count` least of codes, eight a vector; 0 of none. `guess` is what it is near to, which only saves time: each step from
  /// it to the next code is O(vectors).
  static func median(_ p: UnsafePointer<SIMD8<Int16>>, _ vectors: Int, of count: Int, near guess: Float) -> Float {
    guard count > 0 else { return 0 }
    let (lower, upper) = near(p, vectors, count / 2, guess)
    return count % 2 == 1 ? Float(upper) : (Float(lower) + Float(upper)) / 2
  }

  /// The k-th smallest code, and the one before it.
  private static func near(_ p: UnsafePointer<SIMD8<Int16>>, _ vectors: Int, _ k: Int, _ guess: Float) -> (lower: Int16, value: Int16) {
    // Where the guess is right there are k codes below, also where it lies half-way between two.
    let bound = Int32((guess.isNaN ? 0 : min(max(guess, -32_767), 32_767)) + 32_768.75) - 32_768
    var at = neighbours(p, vectors, below: Int16(truncatingIfNeeded: bound))
    while at.count != k {
      // Nothing is above the largest code.
      if at.count < k, at.above == .max { return (at.above, at.above) }
      if let found = at.step(to: k, next: { $0 &+ 1 }, { neighbours(p, vectors, below: $0) }) { return found }
    }
    return (at.below, at.above)
  }

  /// How a bound lies. O(vectors)
  @inline(never) private static func neighbours(
    _ p: UnsafePointer<SIMD8<Int16>>, _ vectors: Int, below bound: Int16
  ) -> Neighbours<Int16> {
    let limit = SIMD8<Int16>(repeating: bound)
    let (least, most) = (SIMD8<Int16>(repeating: .min), SIMD8<Int16>(repeating: .max))
    var (lower, upper, counts) = (least, most, SIMD8<Int16>.zero)
    var i = 0
    while i < vectors {
      let v = p[i]
      let isBelow = v .< limit
      counts &+= SIMD8<Int16>.zero.replacing(with: 1, where: isBelow)
      let (low, high) = (least.replacing(with: v, where: isBelow), v.replacing(with: most, where: isBelow))
      lower = lower.replacing(with: low, where: low .> lower)
      upper = upper.replacing(with: high, where: high .< upper)
      i &+= 1
    }
    return Neighbours(count: Int(counts.wrappedSum()), below: lower.max(), above: upper.min())
  }
}
