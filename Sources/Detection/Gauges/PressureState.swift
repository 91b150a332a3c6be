/// Whether pressure has just fallen, seen at the gauge's own interval.
///
/// What a gauge shows is compared with what it usually shows at that hour (its own baseline), in bins of at least 5 min. The fall at a bin is
/// the least of the newest two bins' shortfalls over the mean of the half hour before them: a wave that has passed leaves nothing. It is
/// judged in its own usual size (mean absolute fall · √(π/2), a σ) and against the usual daily maximum, which pumps and valves make.
struct PressureState: BitwiseCopyable {
  private static let minutesBefore: Int64 = 30
  private static let binsAfter = 2
  /// Least height of a fall, in σ, kPa, and as a share of what the gauge usually shows.
  static let leastScore: Float = 5
  static let leastSize: Float = 3
  static let leastShare: Float = 0.01
  /// A fall that stands so long has become what the gauge shows, ms.
  static let longest: Int64 = 86_400_000

  let slot: Int32
  private var count: Int32 = 0
  /// Mean shortfall (expected − shown) of the newest bins, kPa, the one that is being filled first; nan = missing.
  private var bins = InlineArray<16, Float>(repeating: .nan)
  private var number = Int64.min
  /// Milliseconds of a bin.
  private var width: Int64 = 0
  private var sum: Float = 0
  /// Usual size of `bins`' falls, kPa, and how many it was learnt from, saturating.
  private var scale: Float = 0
  private var learnt: Float = 0
  private var maxima = MaximumState()
  private var isDone = false
  /// Shortfalls count from a baseline; without one from 0.
  private var hasBaseline = false
  /// The fall was told, and not yet its end.
  var isTold = false
  private(set) var isStanding = false
  private var back: Int32 = 0
  /// Shortfall before the last fall, and the fall itself, kPa.
  private var before: Float = 0
  private(set) var size: Float = 0
  private var reserved: Int32 = 0
  /// Event time of the last fall; Int64.min = none.
  private(set) var fell = Int64.min
  /// Local day of the newest bin.
  private var day = Int64.min

  init(slot: Int32) { self.slot = slot }

  enum Change { case none, fell, recovered }

  /// Adds one reading. O(1).
  /// - Parameters:
  ///   - shortfall: expected − shown, kPa; with no baseline −shown.
  ///   - usual: what the gauge usually shows, kPa.
  ///   - day: local day number.
  mutating func add(_ shortfall: Float, hasBaseline isKnown: Bool, usual: Float, time: Int64, interval: Int64, day today: Int64) -> Change {
    let wanted = max(interval, 300_000)
    if wanted != width || isKnown != hasBaseline { start(width: wanted, hasBaseline: isKnown) }
    if day != today {
      if day != Int64.min { maxima.endDay(learns: true) }
      day = today
    }
    let n = time / width
    if n != number { advance(to: n) }
    guard !isDone else { return .none }
    sum += shortfall
    count += 1
    // The last reading that is due in this bin completes it.
    guard (time + interval) / width != n else { return .none }
    bins.set(0, sum / Float(count))
    isDone = true
    return isStanding ? follow(time: time) : judge(usual: usual)
  }

  private mutating func judge(usual: Float) -> Change {
    var least = Float.infinity
    var after: Float = 0
    for k in 0..<PressureState.binsAfter {
      let v = bins.at(k)
      guard v.isFinite else { return .none }
      least = min(least, v)
      after += v / Float(PressureState.binsAfter)
    }
    let bins = max(1, Int(PressureState.minutesBefore * 60_000 / width))
    var earlier: Float = 0
    // The bin between may hold both sides of the fall.
    for k in (PressureState.binsAfter + 1)...(PressureState.binsAfter + bins) {
      let v = self.bins.at(k)
      guard v.isFinite else { return .none }
      earlier += v / Float(bins)
    }
    let fall = least - earlier
    let sigma = max(scale, 0.3)
    let score = fall / sigma
    let limit = max(PressureState.leastScore, maxima.limit(3))
    learn(fall, sigma)
    maxima.observe(score)
    // A day of bins tells what is usual.
    guard learnt >= 100, score >= limit, fall >= max(PressureState.leastSize, PressureState.leastShare * abs(usual)) else { return .none }
    let between = self.bins.at(PressureState.binsAfter)
    let isEarly = between.isFinite && between - earlier > fall / 2
    fell = (number - Int64(PressureState.binsAfter) + (isEarly ? 0 : 1)) * width
    before = earlier
    size = after - earlier
    isStanding = true
    back = 0
    return .fell
  }

  /// Whether pressure is back: two bins that have made up for most of the fall.
  private mutating func follow(time: Int64) -> Change {
    let v = bins.at(0)
    back = v.isFinite && v - before < 0.4 * size ? back + 1 : 0
    guard back >= 2 || time - fell > PressureState.longest else { return .none }
    isStanding = false
    return .recovered
  }

  private mutating func learn(_ fall: Float, _ sigma: Float) {
    learnt = min(learnt + 1, 2000)
    // The first falls are taken as they come; later a large one counts as five of the usual size.
    let v = 1.2533 * (learnt > 30 ? min(abs(fall), 5 * sigma) : abs(fall))
    scale += (v - scale) / max(learnt, 1)
  }

  private mutating func start(width: Int64, hasBaseline isKnown: Bool) {
    self.width = width
    hasBaseline = isKnown
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
