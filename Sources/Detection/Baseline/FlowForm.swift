/// What decides how much flows at a moment.
enum FlowForm: UInt8, BitwiseCopyable {
  /// The hour of the day: people.
  case daily
  /// A pump that fills a tank: it is on or off, at hours that follow from the tank. Only the volume of days says something.
  case onOff
  /// The sum of a zone in which such a tank stands: what comes in now leaves hours later, so that nothing remains but how the tank fills.
  case stored
}

extension BaselineState {
  private static let leastDays: UInt8 = 3
  /// Shares of μ up to which nothing flows, and from which much.
  private static let (nothing, much): (Float, Float) = (0.1, 0.5)
  /// Shares of hours at which much flows where nothing is expected, and nothing where much is, from which the profile says nothing. A works that
  /// is shut for a week makes some of the second.
  private static let (unexpected, absent): (Float, Float) = (0.025, 0.1)
  /// A square wave: share of hours at which nothing flows, largest variance of the others over their mean square, and least share of unexpected
  /// hours: pumps keep their hours for weeks where the tank holds about a day.
  private static let (idle, uneven, shifting): (Float, Float, Float) = (0.1, 0.04, 0.004)

  /// Decides whether the hour of day says what flows.
  ///
  /// Medians of values that are either 0 or the pump's are one or the other by chance, and the median distance from them is 0: means and their
  /// standard deviations are taken instead (`HourFit.init(means:quantum:)`), with which what is judged over days holds as for other meters.
  mutating func fitForm(switching: Float) {
    guard ringCount >= BaselineState.leastDays, !isFormGiven else { return }
    if form == .daily, switching >= 1 { form = .onOff }
    if form != .daily, switching < 0.4 { form = .daily }
  }

  /// Takes a form that follows from other meters.
  mutating func give(_ given: FlowForm) {
    guard !isFormGiven || given != form else { return }
    discardAhead()
    isFormGiven = true
    form = given
  }

  /// How much the days of the ring look like those of a pump, which is on or off: from 1 they do. O(ring), hardly anything where water flows at
  /// all hours.
  mutating func switching() -> Float {
    guard quantum > 0, mean > 0 else { return 0 }
    let scale = 1 / (factor * quantum)
    let low = FixedPoint.code(BaselineState.nothing * mean - level, inverse: scale)
    let high = FixedPoint.code(BaselineState.much * mean - level, inverse: scale)
    let days = Int(ringCount)
    guard Float(hours(upTo: low)) >= 0.02 * Float(24 * days) else { return 0 }
    var hours = SwitchingHours()
    for d in 0..<days {
      let type = Int(ringTypes.at(d)) * 24
      for h in 0..<24 {
        let c = ring.at(BaselineState.place(d, h))
        guard c != FixedPoint.missing else { continue }
        hours.add(c, expected: FixedPoint.code(profile(type + h), inverse: inverseQuantum), low: low, high: high)
      }
    }
    let square = min(hours.idle / BaselineState.idle, BaselineState.uneven / max(hours.uneven, 0.01), 1)
    let absent = hours.absent / BaselineState.absent
    // By means, hours that shift are expected to show something.
    guard form == .daily else { return max(absent, square) }
    return max(absent, hours.unexpected / BaselineState.unexpected, min(square, hours.unexpected / BaselineState.shifting))
  }

  /// Hours of the ring whose code is known and not above `limit`. O(ring), eight at a time.
  private mutating func hours(upTo limit: Int16) -> Int {
    let (limits, one) = (SIMD8<Int16>(repeating: limit), SIMD8<Int16>(repeating: 1))
    var counts = SIMD8<Int16>.zero
    withUnsafeMutablePointer(to: &ring) {
      let codes = UnsafeRawPointer($0)
      var i = 0
      while i < BaselineState.ringDays &* 24 {
        // One less, so that a missing one, which is the least of all, becomes the largest.
        let code = codes.loadUnaligned(fromByteOffset: 2 &* i, as: SIMD8<Int16>.self) &- one
        counts &+= SIMD8<Int16>.zero.replacing(with: one, where: code .< limits)
        i &+= 8
      }
    }
    return Int(counts.wrappedSum())
  }

  /// All hours alike: what counts is how much flows in a day, and not at which hour.
  mutating func evenSpread() {
    var squares: Float = 0
    for h in 0..<24 { squares += spread(h) * spread(h) }
    for h in 0..<24 { set(spread: h, (squares / 24).squareRoot()) }
  }
}

/// Counts of hours for `BaselineState.switching`.
private struct SwitchingHours {
  private var count: Float = 0
  private var counts = SIMD3<Float>.zero
  private var much: Float = 0
  private var sum: Float = 0
  private var squares: Float = 0

  /// Shares of all hours: nothing flows; nothing where much is expected; much where nothing is.
  var idle: Float { counts.x / max(count, 1) }
  var absent: Float { counts.y / max(count, 1) }
  var unexpected: Float { counts.z / max(count, 1) }
  /// Variance of what flows when much does, over its mean square.
  var uneven: Float { sum > 0 ? max(0, 1 - sum * sum / (much * squares)) : .infinity }

  mutating func add(_ c: Int16, expected: Int16, low: Int16, high: Int16) {
    count += 1
    if c <= low {
      counts.x += 1
      if expected >= high { counts.y += 1 }
    } else if c >= high {
      much += 1
      sum += Float(c)
      squares += Float(c) * Float(c)
      if expected <= low { counts.z += 1 }
    }
  }
}
