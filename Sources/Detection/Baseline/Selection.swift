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
