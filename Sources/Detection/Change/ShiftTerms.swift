/// What each of the newest 24 hours adds to `ShiftSums`, by hour of day, four hours at a time.
struct ShiftTerms {
  private let terms: HourTerms
  private let newest: Int

  /// - Parameter scratch: room for `HourTerms.size` values, in use while this value is.
  init(_ r: inout ResidualRing, _ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    terms = HourTerms(scratch)
    let day = r.newestDay
    newest = day.newest
    var h = 0
    while h < HourTerms.hours {
      let (weight, spread, code) = (b.weight(four: h), b.spread(four: h), r.codes(four: h, of: day))
      let isKnown = SIMD4<Float>.one.replacing(with: 0, where: code .== SIMD4(repeating: Float(FixedPoint.missing)))
      let e = code * b.quantum
      let most = clip * spread
      let z = (e / spread).clamped(to: SIMD4(repeating: ShiftSums.limit)) * isKnown
      terms.put(h, weight * e.clamped(to: most) * isKnown, weight * isKnown, isKnown, z, z * z)
      h &+= 4
    }
  }

  /// Adds hours, the newest first.
  /// - Parameter ages: hours before the newest.
  @inline(always) func add(to sums: inout ShiftSums, _ ages: Range<Int>) {
    terms.add(ages.count, from: newest + HourTerms.hours - ages.lowerBound, to: &sums)
  }
}
