extension TrendLine {
  /// The median slope of all pairs of days if it is no farther from that of `near` than so many of its σ; else nil.
  ///
  /// Two days are steeper than a slope if the later one stays higher when both are moved along it. So only the pairs that lie about within the
  /// bounds are kept; four pairs at a time, and without asking which: nobody foresees the answer.
  static func slope(
    _ ages: UnsafeMutablePointer<Float>, _ known: UnsafeMutablePointer<Float>, _ n: Int, _ near: TrendLine, within width: Float,
    _ work: UnsafeMutablePointer<Float>
  ) -> Float? {
    let (low, high) = (near.slope - width * near.error, near.slope + width * near.error)
    guard low < high else { return nil }
    let (flat, steep, kept) = (work, work + (n + 4), work + 2 * (n + 4))
    let pairs = n * (n - 1) / 2
    move(ages, known, n, low, high, flat, steep)
    var signs = SIMD4<Int32>.zero
    var (candidates, i) = (0, 0)
    while i < n {
      let (mine, yours) = (SIMD4(repeating: flat[i]), SIMD4(repeating: steep[i]))
      let (value, age) = (SIMD4(repeating: known[i]), SIMD4(repeating: ages[i]))
      var k = i &+ 1
      while k < n {
        let isBelow = (mine - SIMD4(at: flat + k)).signs
        let isOut = isBelow | (SIMD4(at: steep + k) - yours).signs
        signs &+= isBelow
        let slopes = (value - SIMD4(at: known + k)) / (SIMD4(at: ages + k) - age)
        for lane in 0..<4 {
          kept[candidates] = slopes[lane]
          candidates &+= 1 &+ Int(isOut[lane])
        }
        k &+= 4
      }
      i &+= 1
    }
    var (below, count) = (0 &- Int(signs.wrappedSum()), 0)
    for c in 0..<candidates {
      let v = kept[c]
      kept[count] = v
      below &+= v < low ? 1 : 0
      count &+= (v < low ? 0 : 1) & (v > high ? 0 : 1)
    }
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
}
