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
    let bound = Int32(min(max(guess, -32_767), 32_767) + 32_768.75) - 32_768
    var at = CodeNeighbours(p, vectors, below: Int16(truncatingIfNeeded: bound))
    while at.count != k {
      if at.count < k {
        guard at.above < Int16.max else { return (at.above, at.above) }
        let next = CodeNeighbours(p, vectors, below: at.above &+ 1)
        if next.count > k { return (at.above, at.above) }
        at = next
      } else {
        let next = CodeNeighbours(p, vectors, below: at.below)
        if next.count <= k { return (next.count < k ? at.below : next.below, at.below) }
        at = next
      }
    }
    return (at.below, at.above)
  }
}

/// How a bound lies among codes.
private struct CodeNeighbours {
  /// Codes below the bound.
  let count: Int
  /// The largest of them (of none the least code), and the smallest of the others (of none the largest code).
  let below: Int16
  let above: Int16

  @inline(never) init(_ p: UnsafePointer<SIMD8<Int16>>, _ vectors: Int, below bound: Int16) {
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
    (count, below, above) = (Int(counts.wrappedSum()), lower.max(), upper.min())
  }
}
