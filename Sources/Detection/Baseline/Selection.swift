/// Order statistics over small scratch buffers, in place and without allocation.
enum Selection {
  /// The median, of an even number the mean of the two middle ones; 0 of none. Reorders the values; see `pair` for the room behind them.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float { median(p, n, of: n) }

  /// The same of the `count` least of `n` values.
  static func median(_ p: UnsafeMutablePointer<Float>, _ n: Int, of count: Int) -> Float {
    guard count > 0 else { return 0 }
    let (lower, upper) = pair(p, n, count / 2)
    return count % 2 == 1 ? upper : (lower + upper) / 2
  }

  /// Of the `count` least of `n` values the one at quantile `q`, 0…1 (nearest rank); 0 of none.
  static func quantile(_ p: UnsafeMutablePointer<Float>, _ n: Int, of count: Int, _ q: Float) -> Float {
    count > 0 ? pair(p, n, min(count - 1, Int(q * Float(count - 1) + 0.5))).value : 0
  }

  /// 1.4826 × median absolute value of what is finite: σ of a normal distribution around 0. Overwrites the buffer; room for 16 more must follow.
  static func absoluteDeviation(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> Float {
    let (count, sum) = takeMagnitudes(p, n)
    return absoluteDeviation(p, n, of: count, sum: sum)
  }

  /// Takes away the signs, and puts the largest number in place of what is not finite. May write `padding` values behind the last one. O(n)
  /// - Returns: how many are finite, and about their sum.
  static func takeMagnitudes(_ p: UnsafeMutablePointer<Float>, _ n: Int) -> (count: Int, sum: Float) {
    let (zero, infinity) = (SIMD4<Float>.zero, SIMD4<Float>(repeating: .infinity))
    let absent = SIMD4<Float>(repeating: .greatestFiniteMagnitude)
    for i in n..<(n + padding) { p[i] = .nan }
    var (sums, counts) = (zero, SIMD4<Int32>.zero)
    var i = 0
    while i < n {
      let v = SIMD4(at: p + i).magnitudes
      let isFinite = v .< infinity
      sums += zero.replacing(with: v, where: isFinite)
      counts &+= SIMD4<Int32>.zero.replacing(with: 1, where: isFinite)
      absent.replacing(with: v, where: isFinite).store(at: p + i)
      i &+= 4
    }
    return (counts.total, sums[0] + sums[1] + sums[2] + sums[3])
  }

  /// 1.4826 × the median of the `count` least of `n` values that are not negative. `sum` is about theirs, which only saves time.
  static func absoluteDeviation(_ p: UnsafeMutablePointer<Float>, _ n: Int, of count: Int, sum: Float) -> Float {
    guard n > fewValues, count > 0 else { return 1.4826 * median(p, n, of: count) }
    // Of a normal distribution the median is 0.8453 times the mean.
    return 1.4826 * median(p, n, of: count, near: aim(p, n, of: count, at: 0.8453 * sum / Float(count)))
  }
}
