/// How late readings arrive: tells a line that delivers hours at once from a sender whose clock is wrong.
///
/// Of readings that come late one after the other, those of a gateway that catches up have ever smaller lags; those of a clock that is
/// behind come at their usual pace with the same lag.
struct LineState: BitwiseCopyable {
  /// Arrival and lag (arrival − event time) of the previous reading, ms, while late ones come; else Int64.min.
  private(set) var lastArrival = Int64.min
  private var lastLag: Int64 = 0
  /// Event time of the first of the present run of late readings.
  private(set) var lateSince = Int64.min
  /// Largest lag of that run, ms.
  private var largest: Int64 = 0
  /// Lag that this sensor's deliveries usually reach, ms, at most three days: loggers that report once a day are late by a day every day.
  private var usual: Float = 0
  /// Readings in a row that were late and catching up, late by the same lag, ahead of their arrival.
  private(set) var catchingUp: Int32 = 0
  private(set) var steady: Int32 = 0
  private(set) var ahead: Int32 = 0
  /// Readings that came in time, saturating: a sender that has never been in time is only slow.
  private(set) var inTime: Int32 = 0
  private var reserved: Int32 = 0

  /// ms
  private static let leastLimit: Int64 = 2_700_000

  /// What the newest reading says of line and clock.
  enum Verdict {
    case inTime, late, flush, behind
  }

  init() {}

  /// Takes the arrival of a reading that is in time at any interval, while none is late: the usual case of `note`.
  /// - Returns: false, changing nothing, where `note` has to look.
  @inline(always) mutating func isPunctual(time: Int64, arrival: Int64, interval: Int64) -> Bool {
    guard lateSince == Int64.min, interval > 0, arrival &- time <= LineState.leastLimit else { return false }
    ahead = 0
    if inTime < 1_000_000 { inTime &+= 1 }
    return true
  }

  /// Takes the arrival of a reading.
  /// - Parameter interval: ms between readings; 0 while unknown.
  mutating func note(time: Int64, arrival: Int64, interval: Int64) -> Verdict {
    ahead = 0
    // What is late is not known before the pace is: readings of the past hour, sent at its end, are an interval old.
    guard interval > 0 else { return .inTime }
    let lag = arrival - time
    let pace = lastArrival == Int64.min ? 0 : arrival - lastArrival
    let change = abs(lag - lastLag)
    lastArrival = arrival
    lastLag = lag
    guard lag > limit(interval) else {
      if catchingUp >= 3, steady == 0 { usual = max(usual * 0.9, min(Float(largest), 259_200_000)) }
      lateSince = Int64.min
      (catchingUp, steady, largest) = (0, 0, 0)
      (lastArrival, lastLag) = (Int64.min, 0)
      inTime = min(inTime + 1, 1_000_000)
      return .inTime
    }
    if lateSince == Int64.min { lateSince = time }
    largest = max(largest, lag)
    if catchingUp + steady > 0, change <= max(120_000, interval / 4), pace * 2 >= interval {
      steady = min(steady + 1, 1_000_000)
      // Told before the clock has caught up with what was judged already: until then its readings are old and change nothing.
      if Int64(steady) >= min(6, max(2, lag / interval)) { return .behind }
    } else {
      catchingUp = min(catchingUp + 1, 1_000_000)
      steady = 0
    }
    return catchingUp >= 3 ? .flush : .late
  }

  /// A reading that claims to be from the future.
  /// - Returns: whether that is the third in a row.
  mutating func noteAhead() -> Bool {
    ahead = min(ahead + 1, 1_000_000)
    return ahead >= 3
  }

  /// Lag beyond which a reading is late, ms.
  private func limit(_ interval: Int64) -> Int64 { max(LineState.leastLimit, interval &+ interval / 2, Int64(1.2 * usual)) }
}
