/// What this sensor shows at each hour of each kind of day: a ring of accepted days, a queue of days that wait for acceptance,
/// and the profile, spread and weights computed from the ring once a day.
struct BaselineState: BitwiseCopyable {
  static let ringDays = 35
  static let queueDays = 16
  /// Days that wait in the queue, once a week has been learnt.
  static let waiting = 2

  /// σ of an hour's mean around the profile (m³/h) by hour, then the weight of each hour for an additive constant (they sum to 1): of the present
  /// profile and of the next one, at the place that `present` says.
  var hourly = InlineArray<96, Float>(repeating: 0)
  /// Flow − level of the present day, m³/h; nan = missing.
  var today = InlineArray<24, Float>(repeating: .nan)
  var ringTypes = InlineArray<35, UInt8>(repeating: 0)
  var queueTypes = InlineArray<16, UInt8>(repeating: 0)
  var todayType: UInt8 = 0
  var ringCount: UInt8 = 0
  var ringNext: UInt8 = 0
  var queueCount: UInt8 = 0
  /// A holiday on a weekday: whether people here keep it is not known.
  var isUnsure = false
  /// Local day number of `today`.
  var day = Int32.min
  /// Days that were complete enough to learn from, saturating.
  var daysSeen: Int32 = 0
  /// Slow component (season, growth), m³/h.
  var level: Float = 0
  /// Mean of the profile and the level, m³/h.
  var mean: Float = 0
  /// m³/h a unit of the fixed-point rings; 0 before the first day.
  var quantum: Float = 0
  /// Mean flow of the day before `today`, m³/h; nan = too few hours.
  var lastDay: Float = .nan
  /// Local number of the newest day that was touched by a freezing night; it is not learnt.
  var coldDay = Int32.min
  /// Slow multiplicative component (season, visitors): expected = factor · profile + level.
  var factor: Float = 1
  /// Whether the hour of day says what flows; decided anew with each profile.
  var form = FlowForm.daily
  /// The form follows from the meters that this virtual sensor is the sum of.
  var isFormGiven = false
  /// Which of two the present profile is, 0 or 1; the other one is the next in the making.
  private var present: UInt8 = 0
  private var reserved: UInt8 = 0
  /// Expected flow − level, m³/h, by day type and hour; as `hourly` of both profiles.
  var profiles = InlineArray<144, Float>(repeating: 0)
  /// Flow − level per hour, in quanta; 24 hours of `ringDays` days: what is asked each hour is how the days were at that hour.
  var ring = InlineArray<840, Int16>(repeating: FixedPoint.missing)
  /// As days of 24 hours, oldest first.
  var queue = InlineArray<384, Int16>(repeating: FixedPoint.missing)
  /// What is done of the next day's end.
  var ahead = RefitAhead()

  init() {}

  /// Where day `d` and hour `h` stand in `ring`.
  @inline(always) static func place(_ d: Int, _ h: Int) -> Int { h &* ringDays &+ d }

  var hasProfile: Bool { ringCount > 0 }
  var inverseQuantum: Float { quantum > 0 ? 1 / quantum : 0 }

  /// What today's hour is expected to show, m³/h. On a 祝日 on a weekday either a rest day's or a workday's value, whichever is nearer:
  /// not every town keeps every holiday, and neither value is a leak.
  mutating func expected(hour: Int, near v: Float) -> Float {
    let own = expected(type: Int(todayType), hour: hour)
    guard isUnsure else { return own }
    let work = expected(type: 0, hour: hour)
    return abs(v - work) < abs(v - own) ? work : own
  }

  @inline(always) mutating func expected(type: Int, hour: Int) -> Float { factor * profile(type * 24 + hour) + level }

  // MARK: - The present profile

  /// Expected flow − level, m³/h; the place is day type · 24 + hour.
  @inline(always) mutating func profile(_ i: Int) -> Float { profiles.at(Int(present) &* 72 &+ i) }
  @inline(always) mutating func profile(four i: Int) -> SIMD4<Float> { profiles.four(Int(present) &* 72 &+ i) }
  @inline(always) mutating func set(profile i: Int, _ v: Float) { profiles.set(Int(present) &* 72 &+ i, v) }

  /// σ of an hour's mean around the profile, m³/h.
  @inline(always) mutating func spread(_ h: Int) -> Float { hourly.at(Int(present) &* 48 &+ h) }
  @inline(always) mutating func spread(four h: Int) -> SIMD4<Float> { hourly.four(Int(present) &* 48 &+ h) }
  @inline(always) mutating func set(spread h: Int, _ v: Float) { hourly.set(Int(present) &* 48 &+ h, v) }

  /// Weight of an hour for an additive constant.
  @inline(always) mutating func weight(_ h: Int) -> Float { hourly.at(Int(present) &* 48 &+ 24 &+ h) }
  @inline(always) mutating func weight(four h: Int) -> SIMD4<Float> { hourly.four(Int(present) &* 48 &+ 24 &+ h) }
  @inline(always) mutating func set(weight h: Int, _ v: Float) { hourly.set(Int(present) &* 48 &+ 24 &+ h, v) }
  @inline(always) mutating func set(weightFour h: Int, _ v: SIMD4<Float>) { hourly.set(four: Int(present) &* 48 &+ 24 &+ h, v) }

  /// Where an hour of the present profile stands in `profiles`, or one of the next profile, for what is brought into the cache.
  @inline(always) mutating func place(type: Int, hour: Int, isNext: Bool) -> Int {
    Int(isNext ? present ^ 1 : present) &* 72 &+ type &* 24 &+ hour
  }

  /// The same in `hourly`: of the first of its 48 values, σ and weights.
  @inline(always) mutating func hourlyPlace(isNext: Bool) -> Int { Int(isNext ? present ^ 1 : present) &* 48 }

  /// Makes the next profile the present one, which is the next one to be overwritten.
  @inline(always) mutating func turn() { present ^= 1 }
}
