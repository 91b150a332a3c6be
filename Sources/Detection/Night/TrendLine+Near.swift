extension TrendLine {
  /// The median slope of all pairs of days if it is no farther from that of `near` than so many of its σ; else nil.
  ///
  /// Two days are steeper than a slope if the later one stays higher when both are moved along it. So only the pairs that lie about within the
  /// bounds are divided; four pairs at a time.
  static func slope(
    _ ages: UnsafeMutablePointer<Float>, _ known: UnsafeMutablePointer<Float>, _ n: Int, _ near: TrendLine, within width: Float,
    _ work: UnsafeMutablePointer<Float>
  ) -> Float? {
    let (low, high) = (near.slope - width * near.error, near.slope + width * near.error)
    guard low < high else { return nil }
    let (flat, steep, kept) = (work, work + (n + 4), work + 2 * (n + 4))
    let pairs = n * (n - 1) / 2
    move(ages, known, n, low, high, flat, steep)
    let limit = pairs / 4
    var signs = SIMD4<Int32>.zero
    var (below, count, i) = (0, 0, 0)
    while i < n {
      let (mine, yours) = (SIMD4(repeating: flat[i]), SIMD4(repeating: steep[i]))
      var k = i &+ 1
      while k < n {
        let isBelow = (mine - SIMD4(at: flat + k)).signs
        let isOut = isBelow | (SIMD4(at: steep + k) - yours).signs
        signs &+= isBelow
        if !isAll(isOut) {
          for lane in 0..<4 where isOut[lane] == 0 {
            guard count < limit else { return nil }
            let v = (known[i] - known[k &+ lane]) / (ages[k &+ lane] - ages[i])
            kept[count] = v
            below &+= v < low ? 1 : 0
            count &+= v >= low && v <= high ? 1 : 0
          }
        }
        k &+= 4
      }
      i &+= 1
    }
    below -= Int(signs.wrappedSum())
    let upper = pairs / 2 - below
    // Both middle ones must be among them.
    guard upper >= 1, upper < count else { return nil }
    let (lower, value) = Selection.pair(kept, count, upper)
    return pairs % 2 == 1 ? value : (lower + value) / 2
  }

  /// Moves all days along bounds a little wider than those: what rounding could put on the other side of them lies between.
  private static func move(
    _ ages: UnsafeMutablePointer<Float>, _ known: UnsafeMutablePointer<Float>, _ n: Int, _ low: Float, _ high: Float,
    _ flat: UnsafeMutablePointer<Float>, _ steep: UnsafeMutablePointer<Float>
  ) {
    var most: Float = 0
    for i in 0..<n { most = max(most, abs(known[i])) }
    let room = 1e-6 * (most + Float(TrendState.days) * max(abs(low), abs(high)))
    let (least, largest) = (low - room, high + room)
    for i in 0..<n {
      flat[i] = known[i] + least * ages[i]
      steep[i] = known[i] + largest * ages[i]
    }
    // Behind the last day are such as no pair is within.
    for i in n..<(n + 4) { (flat[i], steep[i]) = (-Float.infinity, -Float.infinity) }
  }

  @inline(__always) private static func isAll(_ signs: SIMD4<Int32>) -> Bool {
    let halves = unsafeBitCast(signs, to: SIMD2<UInt64>.self)
    return halves[0] & halves[1] == UInt64.max
  }
}
