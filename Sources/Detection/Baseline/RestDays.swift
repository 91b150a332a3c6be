/// What Saturdays and holidays of an hour show, in order: medians of each and of both.
///
/// Of five or six values each, eight at most: a sorting network (Batcher 1968) of 19 exchanges puts both lists in order at once, side by side and
/// without a branch on a value.
struct RestDays {
  static let most = 8
  /// Both lists by turns; ∞ behind the last one of each.
  private let sorted: UnsafeMutablePointer<SIMD2<Float>>
  private let saturdays: Int
  private let holidays: Int

  /// - Parameters:
  ///   - saturday: the first of so many values; and the first holiday. Behind each there must be room for eight.
  ///   - scratch: room for 17 values, in use while this value is.
  init(
    _ saturday: UnsafePointer<Float>, _ saturdays: Int, _ holiday: UnsafePointer<Float>, _ holidays: Int,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    (self.saturdays, self.holidays) = (saturdays, holidays)
    sorted = UnsafeMutableRawPointer(scratch).alignedUp(for: SIMD2<Float>.self).assumingMemoryBound(to: SIMD2<Float>.self)
    @inline(always) func pair(_ i: Int) -> SIMD2<Float> {
      SIMD2(i < saturdays ? saturday[i] : .infinity, i < holidays ? holiday[i] : .infinity)
    }
    var (a, b, c, d) = (pair(0), pair(1), pair(2), pair(3))
    var (e, f, g, h) = (pair(4), pair(5), pair(6), pair(7))
    @inline(always) func order(_ x: inout SIMD2<Float>, _ y: inout SIMD2<Float>) {
      let isLess = y .< x
      (x, y) = (x.replacing(with: y, where: isLess), y.replacing(with: x, where: isLess))
    }
    order(&a, &b); order(&c, &d); order(&e, &f); order(&g, &h)
    order(&a, &c); order(&b, &d); order(&e, &g); order(&f, &h)
    order(&b, &c); order(&f, &g); order(&a, &e); order(&d, &h)
    order(&b, &f); order(&c, &g)
    order(&b, &e); order(&d, &g)
    order(&c, &e); order(&d, &f)
    order(&d, &e)
    (sorted[0], sorted[1], sorted[2], sorted[3]) = (a, b, c, d)
    (sorted[4], sorted[5], sorted[6], sorted[7]) = (e, f, g, h)
  }

  /// Median of Saturdays; 0 of none.
  var ofSaturdays: Float { RestDays.median(saturdays) { sorted[$0].x } }
  /// Median of holidays; 0 of none.
  var ofHolidays: Float { RestDays.median(holidays) { sorted[$0].y } }
  /// Median of both together; 0 of none.
  var ofBoth: Float { RestDays.median(saturdays + holidays) { ofBoth(at: $0) } }

  /// The k-th smallest of both, 0…8: of the Saturday at each place and the holiday at as many places less than k the smaller one, and of these
  /// the largest.
  private func ofBoth(at k: Int) -> Float {
    let last = RestDays.most &- 1
    // Beyond the last place there is ∞.
    var most = k > last ? max(sorted[0].x, sorted[0].y) : -.infinity
    var i = max(0, k &- last)
    while i <= min(k, last) {
      let (mine, other) = (sorted[i].x, sorted[k &- i].y)
      let smaller = mine < other ? mine : other
      most = smaller > most ? smaller : most
      i &+= 1
    }
    return most
  }

  @inline(always) private static func median(_ n: Int, _ at: (Int) -> Float) -> Float {
    guard n > 0 else { return 0 }
    return n % 2 == 1 ? at(n / 2) : (at(n / 2 - 1) + at(n / 2)) / 2
  }
}
