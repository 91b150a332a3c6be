/// Night minimum flow (夜間最小流量) of the last 42 nights, judged against older nights of the same sensor.
///
/// Independent of the baseline and its level: a slow leak that crept into both still stands out against the nights of weeks ago.
struct NightState: BitwiseCopyable {
  static let nights = 42

  /// Lowest hourly mean between night start and end, in quanta, by day number modulo 42.
  private var minima = InlineArray<42, Int16>(repeating: FixedPoint.missing)
  /// Local day number of the newest night; Int32.min before the first.
  private(set) var newest = Int32.min
  /// Its trend has not been judged yet.
  private(set) var isTrendDue = false
  private var reserved1: UInt8 = 0
  private var reserved2: UInt16 = 0
  /// Lowest hourly mean of the night in progress, m³/h; nan = none yet.
  private var lowest: Float = .nan
  /// Last night minimum and the median of the reference nights, m³/h.
  private(set) var last: Float = .nan
  private(set) var reference: Float = .nan
  /// Median of the last three nights above the reference, over its σ.
  private(set) var score: Float = 0
  /// m³/h by which the last three nights exceed the reference.
  private(set) var excess: Float = 0
  /// One-sided CUSUM over nights in spreads, drift 0.75.
  private(set) var cusum: Float = 0

  private var ahead = NightAhead()
  /// The slow rise that adds to nights and days alike.
  private(set) var trend = TrendState()

  init() {}

  /// The last hour of the night window, 0…23.
  static func lastHour(_ s: DetectorSettings) -> Int { (s.nightEnd + 59) / 60 - 1 }

  /// Does a part of what `endNight` needs: what the older nights show.
  mutating func prepare(day: Int32, _ scratch: UnsafeMutablePointer<Float>) {
    guard newest != Int32.min, newest == day - 1, ahead.day != day else { return }
    ahead = olderNights(than: day, scratch)
  }

  mutating func add(_ mean: Float) { if mean.isFinite { lowest = lowest.isNaN ? mean : min(lowest, mean) } }

  /// Ends the night of `day`.
  /// - Parameter usable: false while a leak is open: the night does not become a reference.
  /// - Parameter yesterday: mean flow of the day before, m³/h; nan = not known.
  mutating func endNight(
    day: Int32, usable: Bool, quantum: Float, mean: Float, yesterday: Float, _ scratch: UnsafeMutablePointer<Float>
  ) {
    defer { lowest = .nan }
    guard quantum > 0 else { return }
    if newest != Int32.min && day > newest + 1 { skip(to: day) }
    newest = day
    last = lowest
    minima[place(day)] = usable && lowest.isFinite ? FixedPoint.code(lowest, inverse: 1 / quantum) : FixedPoint.missing
    trend.note(mean: usable ? yesterday : .nan, day: day - 1, quantum: quantum)
    judge(quantum: quantum, mean: mean, scratch)
    isTrendDue = true
  }

  /// Judges the trend of the night that has ended; until then that of the night before stands. O(nights²)
  /// - Parameter least: what a rise must have added up to, m³/h.
  mutating func judgeTrend(quantum: Float, least: Float, _ scratch: UnsafeMutablePointer<Float>) {
    isTrendDue = false
    trend.judge(&minima, newest: newest, quantum: quantum, least: least, scratch)
  }

  /// Forgets the nights of a leak that has been closed.
  mutating func forget(newest count: Int) {
    guard newest != Int32.min else { return }
    for k in 0..<min(count, NightState.nights) { minima[place(newest - Int32(k))] = FixedPoint.missing }
    ahead.discard()
    cusum = 0
    score = 0
    resetTrend()
  }

  private mutating func resetTrend() {
    isTrendDue = false
    trend.reset()
  }

  /// Moves the nights that are kept by a step in flow that a person vouched for, m³/h.
  mutating func shift(by step: Float, quantum: Float) {
    guard quantum > 0, step.isFinite else { return }
    ahead.discard()
    for i in 0..<minima.count where minima[i] != FixedPoint.missing {
      minima[i] = FixedPoint.code(Float(minima[i]) * quantum + step, inverse: 1 / quantum)
    }
    reference += step
    isTrendDue = false
    trend.shift(by: step, quantum: quantum)
    cusum = 0
    score = 0
  }

  mutating func rescale(_ factor: Float) {
    ahead.discard()
    for i in 0..<minima.count where minima[i] != FixedPoint.missing { minima[i] = FixedPoint.code(Float(minima[i]), inverse: factor) }
    trend.rescale(factor)
  }

  private mutating func judge(quantum: Float, mean: Float, _ scratch: UnsafeMutablePointer<Float>) {
    score = 0
    var n = 0
    for k in 0..<3 where minima.at(place(newest - Int32(k))) != FixedPoint.missing {
      scratch[n] = Float(minima.at(place(newest - Int32(k))))
      n += 1
    }
    guard n >= 2 else { return }
    let recent = Selection.median(scratch, n) * quantum
    let older = ahead.day == newest ? ahead : olderNights(than: newest, scratch)
    guard older.count >= 8 else { return }
    reference = older.centre * quantum
    let own = older.deviation * quantum * (1 + 2 / Float(older.count))
    let floor = 0.02 * abs(mean)
    let sigma = (own * own + floor * floor).squareRoot()
    excess = recent - reference
    score = excess / max(sigma, 1e-9)
    let z = min(max((last - reference) / max(sigma, 1e-9), -3), 3)
    if z.isFinite { cusum = max(0, min(cusum + z - 0.75, 50)) }
  }

  /// What the nights from a week before `day` on show.
  private mutating func olderNights(than day: Int32, _ scratch: UnsafeMutablePointer<Float>) -> NightAhead {
    var n = 0
    var i = place(day - 7)
    for _ in 7..<NightState.nights {
      let code = minima.at(i)
      scratch[n] = Float(code)
      n &+= code == FixedPoint.missing ? 0 : 1
      i = i == 0 ? NightState.nights - 1 : i - 1
    }
    var out = NightAhead(day: day, count: Int32(n))
    guard n >= 8 else { return out }
    out.centre = Selection.median(scratch, n)
    for k in 0..<n { scratch[k] -= out.centre }
    out.deviation = Selection.absoluteDeviation(scratch, n)
    return out
  }

  private mutating func skip(to day: Int32) {
    if Int64(day) - Int64(newest) > Int64(NightState.nights) {
      minima = InlineArray<42, Int16>(repeating: FixedPoint.missing)
      resetTrend()
    } else {
      for k in 1..<Int(day - newest) {
        minima[place(newest + Int32(k))] = FixedPoint.missing
        trend.skip(newest + Int32(k) - 1)
      }
    }
  }

  @inline(always) private func place(_ day: Int32) -> Int { NightState.place(day) }

  @inline(always) static func place(_ day: Int32) -> Int {
    let m = Int(day) % NightState.nights
    return m < 0 ? m + NightState.nights : m
  }
}
