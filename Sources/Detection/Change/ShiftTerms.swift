/// What each of the newest 24 hours adds to `ShiftSums`, by hour of day, four hours at a time.
struct ShiftTerms {
  private static let hours = 24
  /// `ShiftSums`' five numbers, 24 of each.
  private let terms: UnsafeMutablePointer<Float>

  /// - Parameter scratch: room for 168 values, in use while this value is.
  init(_ r: inout ResidualRing, _ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    let (codes, known) = (scratch, scratch + ShiftTerms.hours)
    terms = scratch + 2 * ShiftTerms.hours
    r.copyNewestDay(to: codes, known: known)
    var h = 0
    while h < ShiftTerms.hours {
      let (weight, spread) = (b.weight.four(h), b.spread.four(h))
      let isKnown = SIMD4(at: known + h)
      let e = SIMD4(at: codes + h) * b.quantum
      let most = clip * spread
      let z = (e / spread).clamped(to: SIMD4(repeating: ShiftSums.limit)) * isKnown
      put(weight * e.clamped(to: most) * isKnown, 0, h)
      put(weight * isKnown, 1, h)
      put(isKnown, 2, h)
      put(z, 3, h)
      put(z * z, 4, h)
      h &+= 4
    }
  }

  private func put(_ v: SIMD4<Float>, _ number: Int, _ h: Int) { v.store(at: terms + (number * ShiftTerms.hours + h)) }

  /// Adds hours, the newest first.
  /// - Parameters:
  ///   - newest: hour of day of the newest.
  ///   - ages: hours before the newest.
  func add(to sums: inout ShiftSums, _ newest: Int, _ ages: Range<Int>) {
    var h = newest - ages.lowerBound
    h = h < 0 ? h + ShiftTerms.hours : h
    // The first hour of the day is followed by the last one.
    let first = min(ages.count, h + 1)
    ShiftTerms.add(terms + h, first, to: &sums)
    ShiftTerms.add(terms + (ShiftTerms.hours - 1), ages.count - first, to: &sums)
  }

  /// Adds `n` hours, backwards from those at `p`.
  @inline(__always) private static func add(_ p: UnsafeMutablePointer<Float>, _ n: Int, to sums: inout ShiftSums) {
    var s = sums
    var (p, left) = (p, n)
    while left > 0 {
      s.sum += p[0]
      s.weights += p[hours]
      s.count += p[2 * hours]
      s.zSum += p[3 * hours]
      s.zSquares += p[4 * hours]
      p -= 1
      left &-= 1
    }
    sums = s
  }
}
