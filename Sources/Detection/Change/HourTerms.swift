/// What 24 hours of day add to five sums. Each term stands at its hour and once more a day later, so that a day that ends at any hour is one piece.
struct HourTerms {
  static let hours = 24
  /// Values of scratch memory that it takes.
  static let size = 5 * room
  private static let room = 2 * hours
  private let terms: UnsafeMutablePointer<Float>

  /// - Parameter scratch: room for `size` values, in use while this value is.
  init(_ scratch: UnsafeMutablePointer<Float>) { terms = scratch }

  /// Writes the terms of four hours from `h` on.
  @inline(always) func put(_ h: Int, _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>, _ e: SIMD4<Float>) {
    put(a, at: h)
    put(b, at: h &+ HourTerms.room)
    put(c, at: h &+ 2 &* HourTerms.room)
    put(d, at: h &+ 3 &* HourTerms.room)
    put(e, at: h &+ 4 &* HourTerms.room)
  }

  @inline(always) private func put(_ v: SIMD4<Float>, at place: Int) {
    v.store(at: terms + place)
    v.store(at: terms + place + HourTerms.hours)
  }

  /// Adds `n` hours to the sums, the newest first.
  /// - Parameter newest: hour of day of that one, 24 more where the day before belongs to them.
  @inline(always) func add(_ n: Int, from newest: Int, to s: inout ShiftSums) {
    var p = UnsafePointer(terms + newest)
    var left = n
    while left > 0 {
      s.sum += p[0]
      s.weights += p[HourTerms.room]
      s.count += p[2 &* HourTerms.room]
      s.zSum += p[3 &* HourTerms.room]
      s.zSquares += p[4 &* HourTerms.room]
      p -= 1
      left &-= 1
    }
  }
}
