/// Sharp edges that last: what a burst looks like within the first hours, at the reading's own interval.
///
/// Residuals are averaged in bins of at least 10 min. An edge's height is the least of the bins of some 80 min after it over the mean
/// of the half hour before it: a hydrant (shut within an hour) leaves nothing, a morning that begins early or visitors who wake up
/// make a ramp and not an edge. Heights are in hourly spreads; the threshold follows this sensor's own daily maxima.
struct EdgeState: BitwiseCopyable {
  /// Mean residual of the newest bins, m³/h, the one that is being filled first; nan = missing.
  private var bins = InlineArray<16, Float>(repeating: .nan)
  /// Number of the bin being filled: time / width.
  private var number = Int64.min
  /// Milliseconds of a bin, and event time of the end of the one being filled.
  private var width: Int64 = 0
  private var end = Int64.min
  private var sum: Float = 0
  private var count: Int32 = 0
  private var isDone = false
  /// Bins since an edge was found that is held back.
  private var waited: UInt8 = 0
  private var reserved1: UInt16 = 0
  /// Of the last complete bin: height in spreads and in m³/h.
  private(set) var height: Float = 0
  private(set) var step: Float = 0
  private var maxima = MaximumState()
  /// Height of an edge that is held back, m³/h; 0 = none.
  private(set) var held: Float = 0

  init() {}

  private static let minutesBefore: Int64 = 30
  /// Milliseconds.
  private static let leastWidth: Int64 = 600_000

  /// Adds one reading's residual, m³/h. O(1).
  /// - Returns: whether a bin was completed, so that `height` is new.
  @inline(always) mutating func add(_ residual: Float, time: Int64, interval: Int64) -> Bool {
    if time >= end || max(interval, EdgeState.leastWidth) != width { follow(time: time, interval: interval) }
    guard !isDone else { return false }
    sum += residual
    count &+= 1
    // The last reading that is due in this bin completes it.
    return time &+ interval >= end && complete()
  }

  @inline(never) private mutating func follow(time: Int64, interval: Int64) {
    let wanted = max(interval, EdgeState.leastWidth)
    if wanted != width { start(width: wanted) }
    // Mostly it is the bin after the last one, and then nothing has to be divided.
    let isNext = number != Int64.min && time >= end && time < end &+ width
    let n = isNext ? number &+ 1 : time / width
    if n != number { advance(to: n) }
    end = (n + 1) * width
  }

  private mutating func complete() -> Bool {
    bins.set(0, sum / Float(count))
    isDone = true
    return true
  }

  /// Judges the newest complete bin. O(1).
  /// - Parameters:
  ///   - spread: σ of an hour's mean at this time of day, m³/h.
  ///   - minutesAfter: how long an edge must last.
  @inline(never) mutating func judge(spread: Float, minutesAfter: Int64) {
    height = 0
    step = 0
    let after = binsAfter(minutesAfter)
    let before = width == EdgeState.leastWidth ? 3 : max(1, Int(EdgeState.minutesBefore * 60_000 / width))
    var earlier: Float = 0
    // The bin between may hold both sides of the edge.
    var k = after + 1
    while k <= after + before {
      earlier += bins.at(k)
      k += 1
    }
    earlier /= Float(before)
    guard areAbove(earlier, after) else { return }
    var least = Float.infinity
    var total: Float = 0
    for k in 0..<after {
      total += bins.at(k)
      least = min(least, bins.at(k))
    }
    let h = least - earlier
    // What only climbs back from a dip is no edge.
    guard h > 0, least > 0.5 * h else { return }
    height = h / max(spread, 1e-9)
    step = total / Float(after) - earlier
    maxima.observe(height)
  }

  /// Whether the newest `n` bins, at most 12, are known and above `limit`: without a branch for each, as nobody foresees which one is not.
  @inline(always) private mutating func areAbove(_ limit: Float, _ n: Int) -> Bool {
    let (limits, end) = (SIMD4<Float>(repeating: limit), SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: n)))
    var above = SIMD4<Int32>.zero
    var ages = SIMD4<Int32>(0, 1, 2, 3)
    for i in 0..<3 {
      let isAbove = SIMD4<Int32>.zero.replacing(with: 1, where: bins.four(4 * i) .> limits)
      above &+= isAbove.replacing(with: 0, where: ages .>= end)
      ages &+= 4
    }
    return above.total == n
  }

  /// What the complete bins since a moment show, and those of the 40 min before it; the bin that holds the moment is left out.
  struct Rise {
    /// Means, m³/h, and the hours that they stand for.
    var after: Float
    var afterHours: Float
    var before: Float
    var beforeHours: Float
    /// The least of the bins after it, m³/h.
    var least: Float
  }

  /// The rise since `time`, a moment that is known from elsewhere. O(1).
  /// - Parameter minutes: how long it must have lasted. Beyond 11 bins it is not known any more.
  mutating func rise(since time: Int64, minutes: Int64) -> Rise? {
    guard width > 0, number != Int64.min else { return nil }
    let first = (time + width - 1) / width
    let newest = isDone ? number : number - 1
    let after = Int(clamping: newest - first + 1)
    let before = max(1, Int(2_400_000 / width))
    guard after >= 1, Int64(after) * width >= minutes * 60_000, after <= 11 else { return nil }
    // A moment within a bin makes that one neither.
    let gap = time % width == 0 ? 0 : 1
    var out = Rise(after: 0, afterHours: 0, before: 0, beforeHours: 0, least: .infinity)
    for k in 0..<after {
      let v = bins.at(Int(number - newest) + k)
      guard v.isFinite else { return nil }
      out.after += v / Float(after)
      out.least = min(out.least, v)
    }
    for k in 0..<before {
      let v = bins.at(min(Int(number - first) + 1 + gap + k, 15))
      guard v.isFinite else { return nil }
      out.before += v / Float(before)
    }
    out.afterHours = Float(Int64(after) * width) / 3_600_000
    out.beforeHours = Float(Int64(before) * width) / 3_600_000
    return out
  }

  /// Milliseconds from the edge to the end of the newest bin; from one that is held back if there is one.
  func age(minutesAfter: Int64) -> Int64 {
    Int64(binsAfter(minutesAfter) + Int(waited)) * width
  }

  /// Holds the newest edge back: it may be a hydrant.
  mutating func hold() {
    held = step
    waited = 0
  }

  /// Follows an edge that is held back, at the end of a bin. It is forgotten when half of it has gone. O(1).
  mutating func follow() {
    waited &+= 1
    if !(newest > 0.5 * held) { release() }
  }

  /// Mean residual of the bin that was completed last, m³/h.
  private var newest: Float { mutating get { bins.at(0) } }

  /// Whether an edge that is held back has not ended within the newest bin.
  var isStanding: Bool { mutating get { newest > 0.6 * held } }

  mutating func release() {
    held = 0
    waited = 0
  }

  /// At most 11: with the bin between and three before, they fit the ring.
  private func binsAfter(_ minutes: Int64) -> Int {
    let wanted =
      width == EdgeState.leastWidth
      ? (minutes * 60_000 + EdgeState.leastWidth - 1) / EdgeState.leastWidth : (minutes * 60_000 + width - 1) / width
    return min(max(3, Int(wanted)), 11)
  }

  /// Forgets the bins: what has been told must not be told again.
  mutating func reset() {
    bins = InlineArray<16, Float>(repeating: .nan)
    height = 0
    release()
  }

  mutating func endDay(learns: Bool) { maxima.endDay(learns: learns) }

  /// In spreads.
  func threshold(_ t: Tuning) -> Float { max(t.edgeThreshold, maxima.limit(t.edgeScale)) }

  private mutating func start(width: Int64) {
    self.width = width
    release()
    bins = InlineArray<16, Float>(repeating: .nan)
    number = Int64.min
  }

  private mutating func advance(to n: Int64) {
    bins.moveOn(from: number, to: n, last: !isDone && count > 0 ? sum / Float(count) : nil)
    number = n
    sum = 0
    count = 0
    isDone = false
  }
}
