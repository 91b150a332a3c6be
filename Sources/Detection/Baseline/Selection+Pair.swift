extension Selection {
  /// As many values as are compared with each other at last.
  static let block = 32

  /// The k-th smallest of `n` finite values, and the one before it (of k = 0: −∞). Reorders them; room for 16 more must follow.
  ///
  /// A processor cannot foresee how two random values compare, and each wrong guess costs as much as a dozen comparisons. So nothing
  /// branches on a value: the values are parted by pivots until a few are left, and of these it is counted how many are smaller than each.
  /// - Complexity: O(n) on average.
  static func pair(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ k: Int) -> (lower: Float, value: Float) {
    var (lo, hi) = (0, n)
    while hi &- lo > block {
      let pivot = middle(p[lo], p[(lo &+ hi) >> 1], p[hi &- 1])
      let first = split(p, lo, hi) { $0 < pivot }
      if k < first {
        hi = first
      } else if first > lo {
        lo = first
      } else {
        // The pivot is the smallest: those that equal it come to the front. It ends with any bits.
        lo = max(split(p, lo, hi) { $0 <= pivot }, lo &+ 1)
        if k < lo { (lo, hi) = (k, k &+ 1) }
      }
    }
    let (lower, value) = ranked(p + lo, hi &- lo, k &- lo)
    return (k > lo ? lower : largest(p, lo), value)
  }

  @inline(always) private static func middle(_ a: Float, _ b: Float, _ c: Float) -> Float {
    let (low, high) = (a < b ? a : b, a < b ? b : a)
    return c < low ? low : c < high ? c : high
  }

  /// Brings those of `lo ..< hi` to the front that are small.
  /// - Returns: where they end.
  @inline(always) private static func split(
    _ p: UnsafeMutablePointer<Float>, _ lo: Int, _ hi: Int, isSmall: (Float) -> Bool
  ) -> Int {
    var (end, i) = (lo, lo)
    while i < hi {
      let v = p[i]
      p[i] = p[end]
      p[end] = v
      end &+= isSmall(v) ? 1 : 0
      i &+= 1
    }
    return end
  }

  /// The k-th smallest of a few values, and the one before it.
  @inline(always) private static func ranked(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ k: Int) -> (lower: Float, value: Float) {
    let none = SIMD4<Float>(repeating: -.infinity)
    var (lower, value) = (none, none)
    let place = Int32(truncatingIfNeeded: 0 &- k)
    var from = 0
    while from < n {
      let (v, rank) = ranks(p, n, from)
      lower = lower.larger(greatest(v, rank &- (place &+ 1)))
      value = value.larger(greatest(v, rank &- place))
      from &+= 8
    }
    return (lower.largest, value.largest)
  }

  /// Eight values, −∞ for those behind the last one, and of each −1 times how many values are smaller: comparisons of vectors are compiled
  /// to loops over their lanes, signs of differences are not.
  @inline(always) private static func ranks(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ from: Int) -> (SIMD8<Float>, SIMD8<Int32>) {
    let lanes = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7)
    let isThere = (lanes &- Int32(truncatingIfNeeded: n &- from)) &>> 31
    let v = chosen(UnsafeRawPointer(p + from).loadUnaligned(as: SIMD8<Float>.self), without: ~isThere)
    var rank = SIMD8<Int32>.zero
    var i = 0
    while i < n {
      rank &+= unsafeBitCast(SIMD8(repeating: p[i]) - v, to: SIMD8<Int32>.self) &>> 31
      i &+= 1
    }
    return (v, rank)
  }

  /// −∞ in place of those whose bits in `out` are set.
  @inline(always) private static func chosen(_ v: SIMD8<Float>, without out: SIMD8<Int32>) -> SIMD8<Float> {
    let least = SIMD8<Int32>(repeating: Int32(bitPattern: (-Float.infinity).bitPattern))
    return unsafeBitCast((unsafeBitCast(v, to: SIMD8<Int32>.self) & ~out) | (least & out), to: SIMD8<Float>.self)
  }

  /// The largest of those whose number is not negative, of each four.
  @inline(always) private static func greatest(_ v: SIMD8<Float>, _ numbers: SIMD8<Int32>) -> SIMD4<Float> {
    let some = chosen(v, without: numbers &>> 31)
    return some.lowHalf.larger(some.highHalf)
  }

  private static func largest(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float {
    var most = -Float.infinity
    var i = 0
    while i < n {
      most = p[i] > most ? p[i] : most
      i &+= 1
    }
    return most
  }
}
