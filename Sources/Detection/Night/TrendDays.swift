/// The values of six weeks that are known, newest first, in scratch memory.
struct TrendDays {
  /// Values of scratch memory that it takes.
  static let size = 2 * room
  /// Of all days and three more.
  private static let room = TrendState.days + 3

  /// Days before the newest, and values in quanta.
  let ages, values: UnsafeMutablePointer<Float>
  let count: Int

  /// Those up to day `newest`, by day number modulo 42. O(days)
  /// - Parameter scratch: room for `size` values, in use while this value is.
  init(_ codes: inout InlineArray<42, Int16>, newest: Int32, _ scratch: UnsafeMutablePointer<Float>) {
    (ages, values) = (scratch, scratch + TrendDays.room)
    var n = 0
    var place = NightState.place(newest)
    for age in 0..<TrendState.days {
      let code = codes.at(place)
      ages[n] = Float(age)
      values[n] = Float(code)
      n &+= code == FixedPoint.missing ? 0 : 1
      place = place == 0 ? TrendState.days - 1 : place - 1
    }
    count = n
  }

  /// Whether a line can be told from them.
  var areEnough: Bool { count >= TrendState.leastDays }

  /// Days from the oldest to the newest.
  var span: Float { count > 0 ? ages[count - 1] : 0 }

  /// Their median, in quanta; 0 of none. O(days)
  /// - Parameters:
  ///   - guess: what it is near to, which only saves time.
  ///   - work: room for all values and 16 more.
  func centre(near guess: Float, _ work: UnsafeMutablePointer<Float>) -> Float {
    work.update(from: values, count: count)
    return Selection.median(work, count, near: guess)
  }

  /// Whether the median slope of all pairs of days is certainly less than `bound`, quanta a day. O(days²), but a fifth of fitting a line.
  /// - Parameter work: room for all values and four more.
  func isSlope(below bound: Float, _ work: UnsafeMutablePointer<Float>) -> Bool { isSlope(beyond: bound, sign: 1, work) }

  /// Whether it is certainly more than that.
  func isSlope(above bound: Float, _ work: UnsafeMutablePointer<Float>) -> Bool { isSlope(beyond: -bound, sign: -1, work) }

  /// Whether most pairs are certainly less steep than `bound`, if values are multiplied by `sign`: the later day of a pair becomes the lower when
  /// both are moved along it.
  private func isSlope(beyond bound: Float, sign: Float, _ work: UnsafeMutablePointer<Float>) -> Bool {
    let slope = bound - room(bound)
    for i in 0..<count { work[i] = sign * values[i] + slope * ages[i] }
    // Behind the last day are such as nothing is below.
    for i in count..<(count + 4) { work[i] = -.infinity }
    var signs = SIMD4<Int32>.zero
    var i = 0
    while i < count {
      let mine = SIMD4(repeating: work[i])
      var k = i &+ 1
      while k < count {
        signs &+= (mine - SIMD4(at: work + k)).signs
        k &+= 4
      }
      i &+= 1
    }
    return 0 &- signs.total > count * (count - 1) / 2 / 2
  }

  /// By how much a bound has to be moved so that rounding, when days are moved along it, makes none of them one that it is not; quanta a day.
  func room(_ bound: Float) -> Float {
    var most: Float = 0
    for i in 0..<count { most = max(most, abs(values[i])) }
    return 1e-6 * (most + Float(TrendState.days) * abs(bound))
  }
}
