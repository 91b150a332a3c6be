/// What 24 hours of day add to five sums: 24 terms of each, one after the other.
struct HourTerms {
  static let hours = 24
  private let terms: UnsafeMutablePointer<Float>

  /// - Parameter terms: room for 120 values, in use while this value is.
  init(_ terms: UnsafeMutablePointer<Float>) { self.terms = terms }

  /// Writes the terms of four hours from `h` on.
  @inline(always) func put(_ h: Int, _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>, _ e: SIMD4<Float>) {
    let p = terms + h
    a.store(at: p)
    b.store(at: p + HourTerms.hours)
    c.store(at: p + 2 * HourTerms.hours)
    d.store(at: p + 3 * HourTerms.hours)
    e.store(at: p + 4 * HourTerms.hours)
  }

  /// Adds `n` hours of day, backwards from `h`, to the five sums; none lies before the first hour.
  @inline(always) func add(
    _ n: Int, from h: Int, to a: inout Float, _ b: inout Float, _ c: inout Float, _ d: inout Float, _ e: inout Float
  ) {
    var s = (a, b, c, d, e)
    var (p, left) = (terms + h, n)
    while left > 0 {
      s.0 += p[0]
      s.1 += p[HourTerms.hours]
      s.2 += p[2 * HourTerms.hours]
      s.3 += p[3 * HourTerms.hours]
      s.4 += p[4 * HourTerms.hours]
      p -= 1
      left &-= 1
    }
    (a, b, c, d, e) = s
  }
}
