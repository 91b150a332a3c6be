/// Order statistics over small scratch buffers, in place and without allocation.
enum Selection {
  /// The k-th smallest of `n` values; reorders them. Source: C. A. R. Hoare, "Algorithm 65: Find" (1961).
  /// - Complexity: O(n) on average.
  static func nth(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ k: Int) -> Float {
    var lo = 0
    var hi = n - 1
    while lo < hi {
      let pivot = p[(lo + hi) / 2]
      var i = lo
      var j = hi
      while i <= j {
        while p[i] < pivot { i += 1 }
        while p[j] > pivot { j -= 1 }
        if i <= j {
          let t = p[i]
          p[i] = p[j]
          p[j] = t
          i += 1
          j -= 1
        }
      }
      if k <= j { hi = j } else if k >= i { lo = i } else { break }
    }
    return p[k]
  }

  /// The median, of an even number the mean of the two middle ones; 0 of none.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float {
    guard n > 0 else { return 0 }
    let upper = nth(p, n, n / 2)
    if n % 2 == 1 { return upper }
    // After `nth` everything below n/2 is no larger than the upper middle.
    var lower = p[0]
    for i in 0..<(n / 2) where p[i] > lower { lower = p[i] }
    return (lower + upper) / 2
  }

  /// The median as `median(_:_:)` gives it, sooner where it lies in `low ... high`, as it is thought to. Reorders the values, overwrites
  /// some of them.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int, between low: Float, _ high: Float) -> Float {
    guard low < high, n > 16 else { return median(p, n) }
    // What lies between is copied behind the values, so that these stay whole until it is known that it was right.
    let kept = p + (n + 4)
    let limit = n / 4
    var (below, count) = (0, 0)
    var i = 0
    while i < n, count < limit {
      let v = p[i]
      kept[count] = v
      below += v < low ? 1 : 0
      count += v >= low && v <= high ? 1 : 0
      i += 1
    }
    let upper = n / 2 - below
    // Both middle ones must be among them.
    guard i == n, upper >= 1, upper < count else { return median(p, n) }
    let value = nth(kept, count, upper)
    if n % 2 == 1 { return value }
    var lower = kept[0]
    for i in 0..<upper where kept[i] > lower { lower = kept[i] }
    return (lower + value) / 2
  }

  /// The value at quantile `q`, 0…1 (nearest rank); 0 of none.
  static func quantile(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ q: Float) -> Float {
    n > 0 ? nth(p, n, min(n - 1, Int(q * Float(n - 1) + 0.5))) : 0
  }

  /// 1.4826 × median absolute value: σ of a normal distribution around 0. Overwrites the buffer.
  static func absoluteDeviation(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float {
    for i in 0..<n { p[i] = abs(p[i]) }
    return 1.4826 * median(p, n)
  }
}
