/// The last 14 days of hourly residuals (observed − expected), in quanta. Local hour number modulo 336 is the place, so that the
/// place modulo 24 is the hour of day.
struct ResidualRing: BitwiseCopyable {
  static let hours = 336

  private var codes = InlineArray<336, Int16>(repeating: FixedPoint.missing)
  /// Local number of the newest hour; Int64.min before the first.
  private(set) var newest = Int64.min
  /// Sums for the shift; whatever changes hours that are kept discards them.
  var older = ShiftOlder()

  init() {}

  /// Appends hour `hour`; hours skipped since the last one become missing. O(skipped), at most 336.
  mutating func append(_ code: Int16, hour: Int64) {
    if newest == Int64.min || hour - newest > Int64(ResidualRing.hours) {
      codes = InlineArray<336, Int16>(repeating: FixedPoint.missing)
    } else if hour > newest + 1 {
      // Not a range of Int64: iterating that allocates in unoptimised builds.
      var k = newest + 1
      while k < hour {
        codes[place(k)] = FixedPoint.missing
        k += 1
      }
    }
    newest = hour
    codes[place(hour)] = code
  }

  /// Moves the sums for the shift on to the hour that will be appended next, unless they are made for it already. O(1)
  mutating func moveOn(to hour: Int64, _ b: inout BaselineState, clip: Float) {
    guard !older.isFor(hour) else { return }
    guard hour == newest + 1, older.isFor(newest) else { return older.discard() }
    // An hour's place is that of the hour 14 days before it, which is the last that leaves.
    let leaving = SIMD4(code(age: 47), code(age: 95), code(age: 167), codes.at(place(hour)))
    let scale = ShiftScale(&b, hourOfDay: place(hour) % 24, clip: clip)
    older.moveOn(entering: code(age: 23), leaving: leaving, scale)
  }

  /// The residual `age` hours before the newest, 0…335.
  @inline(always) mutating func code(age: Int) -> Int16 { codes.at(place(ofAge: age)) }

  @inline(always) private func place(ofAge age: Int) -> Int {
    let p = place(newest) - age
    return p < 0 ? p + ResidualRing.hours : p
  }

  /// An hour, found by going back from the newest: cheaper than by its age.
  struct Cursor {
    fileprivate var place: Int
    private(set) var hourOfDay: Int

    fileprivate init(_ place: Int) { (self.place, hourOfDay) = (place, place % 24) }

    @inline(always) mutating func goBack() {
      place = place == 0 ? ResidualRing.hours - 1 : place &- 1
      hourOfDay = hourOfDay == 0 ? 23 : hourOfDay &- 1
    }
  }

  /// At the newest hour.
  @inline(always) var cursor: Cursor { mutating get { Cursor(place(newest)) } }

  @inline(always) mutating func code(at cursor: Cursor) -> Int16 { codes.at(cursor.place) }

  /// Where that lies in this value, in bytes.
  @inline(always) mutating func byte(ofAge age: Int) -> Int { MemoryLayout<Int16>.stride * place(ofAge: age) }

  /// Copies all residuals, oldest first, as Float. O(336)
  /// - Parameter hour: the hour that is to come last; that of the newest, or the next one, whose place is still that of the oldest.
  mutating func copy(upTo hour: Int64, to out: UnsafeMutablePointer<Float>) {
    let split = hour == Int64.min ? 0 : place(hour) + 1
    withUnsafeMutablePointer(to: &codes) {
      let all = UnsafeRawPointer($0).assumingMemoryBound(to: Int16.self)
      ResidualRing.convert(all + split, ResidualRing.hours - split, to: out)
      ResidualRing.convert(all, split, to: out + (ResidualRing.hours - split))
    }
  }

  /// Where the newest 24 hours stand: the day of the newest one up to it, and the day before from then on.
  struct NewestDay {
    /// Hour of day of the newest.
    let newest: Int
    /// Places of the first hours of both days.
    fileprivate let today, before: Int
  }

  var newestDay: NewestDay {
    mutating get {
      let h = newestHourOfDay
      // Days begin at multiples of 24.
      let today = newest == Int64.min ? 0 : place(newest) &- h
      return NewestDay(newest: h, today: today, before: today == 0 ? ResidualRing.hours - 24 : today &- 24)
    }
  }

  /// Four of the newest 24 hours, from hour of day `h` on, which is a multiple of four.
  @inline(always) mutating func codes(four h: Int, of day: NewestDay) -> SIMD4<Float> {
    let (now, then) = withUnsafeMutablePointer(to: &codes) {
      let all = UnsafeRawPointer($0)
      return (
        all.loadUnaligned(fromByteOffset: 2 &* (day.today &+ h), as: SIMD4<Int16>.self),
        all.loadUnaligned(fromByteOffset: 2 &* (day.before &+ h), as: SIMD4<Int16>.self)
      )
    }
    let newest = SIMD4<Float>(repeating: Float(day.newest &- h))
    return SIMD4<Float>(now).replacing(with: SIMD4<Float>(then), where: SIMD4<Float>(0, 1, 2, 3) .> newest)
  }

  /// The newest eight hours, the oldest of them first.
  mutating func newestEight() -> SIMD8<Int16> { eight(from: place(newest) - 7) }

  /// `usualExcess` of these.
  mutating func usualExcesses() -> SIMD8<Int16> {
    let first = place(newest) - 7
    var most = SIMD8<Int16>.zero
    for k in 1...4 {
      let codes = eight(from: first - 24 * ResidualRing.usualDay(k))
      most.replace(with: codes, where: codes .> most)
    }
    return most
  }

  /// Eight hours from a place on, which may lie before the ring's beginning.
  @inline(always) private mutating func eight(from at: Int) -> SIMD8<Int16> {
    let last = ResidualRing.hours - 8
    let first = at < 0 ? at + ResidualRing.hours : at
    return withUnsafeMutablePointer(to: &codes) {
      let all = UnsafeRawPointer($0)
      var out = all.loadUnaligned(fromByteOffset: 2 * min(first, last), as: SIMD8<Int16>.self)
      // Some lie at the end of the ring and the others at its beginning.
      if first > last {
        for i in 0..<8 { out[i] = all.load(fromByteOffset: 2 * ((first + i) % ResidualRing.hours), as: Int16.self) }
      }
      return out
    }
  }

  /// By pointers and without overflow checks, so that it is done some values at a time.
  private static func convert(_ codes: UnsafePointer<Int16>, _ n: Int, to out: UnsafeMutablePointer<Float>) {
    var i = 0
    while i < n {
      out[i] = Float(codes[i])
      i &+= 1
    }
  }

  /// How many hours before the newest an hour is, 0…335; nil where it is not kept.
  func age(ofHour hour: Int64) -> Int? {
    guard newest != Int64.min, hour <= newest, newest - hour < Int64(ResidualRing.hours) else { return nil }
    return Int(newest - hour)
  }

  mutating func set(_ code: Int16, age: Int) {
    codes[place(newest - Int64(age))] = code
    older.discard()
  }

  /// The days before an hour that say what is usual at it, 1…4 for k: the last three, and that of a week ago.
  @inline(always) static func usualDay(_ k: Int) -> Int { k == 4 ? 7 : k }

  /// The largest residual of the same hour on the three days before the hour `age` hours old; at least 0.
  ///
  /// A burst is new today; evenings that have been higher for days are a change of habits, left to the slow statistics.
  @inline(always) mutating func usualExcess(age: Int) -> Int16 {
    var most: Int16 = 0
    let now = place(newest) &- age
    for k in 1...4 {
      let back = 24 &* ResidualRing.usualDay(k)
      guard age + back < ResidualRing.hours && age + back >= 0 else { continue }
      // Not as far as a whole round of the ring either way.
      let at = now &- back
      most = max(most, codes.at(at < 0 ? at &+ ResidualRing.hours : at))
    }
    return most
  }

  /// Hour of day of the newest residual.
  var newestHourOfDay: Int { newest == Int64.min ? 0 : place(newest) % 24 }

  /// Forgets the newest `count` hours: what was a leak must not be judged again after it has been closed.
  mutating func forget(newest count: Int) {
    older.discard()
    guard newest != Int64.min else { return }
    for k in 0..<min(count, ResidualRing.hours) { codes[place(newest - Int64(k))] = FixedPoint.missing }
  }

  /// Raises the residuals by what the baseline is lowered by now and was lowered by less the longer ago: a ramp back to nothing.
  mutating func raise(by codes: Float, overHours hours: Float) {
    older.discard()
    guard newest != Int64.min, hours > 0 else { return }
    for age in 0..<ResidualRing.hours {
      let c = code(age: age)
      guard c != FixedPoint.missing else { continue }
      self.codes[place(newest - Int64(age))] = FixedPoint.code(Float(c) + codes * max(0, 1 - Float(age) / hours), inverse: 1)
    }
  }

  /// Changes the unit when the quantum changes.
  mutating func rescale(_ factor: Float) {
    older.discard()
    for i in 0..<codes.count where codes[i] != FixedPoint.missing { codes[i] = FixedPoint.code(Float(codes[i]), inverse: factor) }
  }

  @inline(always) private func place(_ hour: Int64) -> Int {
    let m = Int(hour % Int64(ResidualRing.hours))
    return m < 0 ? m + ResidualRing.hours : m
  }
}
