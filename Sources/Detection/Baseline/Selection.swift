/// Order statistics over small scratch buffers, in place and without allocation.
enum Selection {
  /// The median, of an even number the mean of the two middle ones; 0 of none. Reorders the values; see `pair` for the room behind them.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float {
    guard n > 0 else { return 0 }
    let (lower, upper) = pair(p, n, n / 2)
    return n % 2 == 1 ? upper : (lower + upper) / 2
  }

  /// The value at quantile `q`, 0…1 (nearest rank); 0 of none.
  static func quantile(_ p: UnsafeMutablePointer<Float>, _ n: Int, _ q: Float) -> Float {
    n > 0 ? pair(p, n, min(n - 1, Int(q * Float(n - 1) + 0.5))).value : 0
  }

  /// 1.4826 × median absolute value: σ of a normal distribution around 0. Overwrites the buffer; room for 16 more must follow.
  static func absoluteDeviation(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float {
    var sum: Float = 0
    var i = 0
    while i < n {
      p[i] = abs(p[i])
      sum += p[i]
      i &+= 1
    }
    return n > fewValues ? absoluteDeviation(p, n, of: n, sum: sum) : 1.4826 * median(p, n)
  }

  /// The same of the `count` least of `n` values that are not negative, and whose sum is `sum`.
  static func absoluteDeviation(_ p: UnsafeMutablePointer<Float>, _ n: Int, of count: Int, sum: Float) -> Float {
    // Of a normal distribution the median is 0.8453 times the mean.
    1.4826 * median(p, n, of: count, near: aim(p, n, of: count, at: 0.8453 * sum / Float(count)))
  }
}
