/// What each of the newest 24 hours adds to `ShiftSums`, by hour of day, four hours at a time.
struct ShiftTerms {
  private let terms: HourTerms

  /// - Parameter scratch: room for 168 values, in use while this value is.
  init(_ r: inout ResidualRing, _ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    let (codes, known) = (scratch, scratch + HourTerms.hours)
    terms = HourTerms(scratch + 2 * HourTerms.hours)
    r.copyNewestDay(to: codes, known: known)
    var h = 0
    while h < HourTerms.hours {
      let (weight, spread) = (b.weight(four: h), b.spread(four: h))
      let isKnown = SIMD4(at: known + h)
      let e = SIMD4(at: codes + h) * b.quantum
      let most = clip * spread
      let z = (e / spread).clamped(to: SIMD4(repeating: ShiftSums.limit)) * isKnown
      terms.put(h, weight * e.clamped(to: most) * isKnown, weight * isKnown, isKnown, z, z * z)
      h &+= 4
    }
  }

  /// Adds hours, the newest first.
  /// - Parameters:
  ///   - newest: hour of day of the newest.
  ///   - ages: hours before the newest.
  func add(to sums: inout ShiftSums, _ newest: Int, _ ages: Range<Int>) {
    var h = newest - ages.lowerBound
    h = h < 0 ? h + HourTerms.hours : h
    // The first hour of the day is followed by the last one.
    let first = min(ages.count, h + 1)
    terms.add(first, from: h, to: &sums.sum, &sums.weights, &sums.count, &sums.zSum, &sums.zSquares)
    terms.add(ages.count - first, from: HourTerms.hours - 1, to: &sums.sum, &sums.weights, &sums.count, &sums.zSum, &sums.zSquares)
  }
}
