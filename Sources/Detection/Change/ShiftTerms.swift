/// What each of the newest 24 hours adds to `ShiftSums`, by hour of day. Each term stands at its hour and once more a day later, so that a day that
/// ends at any hour is one piece.
struct ShiftTerms {
  private static let hours = 24
  /// Places of a kind of term.
  private static let room = 2 * hours
  private let terms: UnsafeMutablePointer<Float>
  private let newest: Int

  /// Four hours at a time.
  /// - Parameter scratch: room for 240 values, in use while this value is.
  init(_ r: inout ResidualRing, _ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    terms = scratch
    let day = r.newestDay
    newest = day.newest
    var h = 0
    while h < ShiftTerms.hours {
      let (weight, spread, code) = (b.weight(four: h), b.spread(four: h), r.codes(four: h, of: day))
      let isKnown = SIMD4<Float>.one.replacing(with: 0, where: code .== SIMD4(repeating: Float(FixedPoint.missing)))
      let e = code * b.quantum
      let most = clip * spread
      let z = (e / spread).clamped(to: SIMD4(repeating: ShiftSums.limit)) * isKnown
      put(weight * e.clamped(to: most) * isKnown, kind: 0, h)
      put(weight * isKnown, kind: 1, h)
      put(isKnown, kind: 2, h)
      put(z, kind: 3, h)
      put(z * z, kind: 4, h)
      h &+= 4
    }
  }

  @inline(always) private func put(_ v: SIMD4<Float>, kind: Int, _ h: Int) {
    let place = terms + (kind &* ShiftTerms.room &+ h)
    v.store(at: place)
    v.store(at: place + ShiftTerms.hours)
  }

  /// Adds hours, the newest first.
  /// - Parameter ages: hours before the newest.
  @inline(always) func add(to sums: inout ShiftSums, _ ages: Range<Int>) {
    var p = UnsafePointer(terms + (newest + ShiftTerms.hours - ages.lowerBound))
    var left = ages.count
    while left > 0 {
      sums.sum += p[0]
      sums.weights += p[ShiftTerms.room]
      sums.count += p[2 &* ShiftTerms.room]
      sums.zSum += p[3 &* ShiftTerms.room]
      sums.zSquares += p[4 &* ShiftTerms.room]
      p -= 1
      left &-= 1
    }
  }
}
