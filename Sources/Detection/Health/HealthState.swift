/// What is known about meter and line, apart from the pipe: interval, usual size of values, runs, and which faults are open.
struct HealthState: BitwiseCopyable {
  /// Event time of the previous judged reading.
  var lastTime = Int64.min
  /// When the present run of equal values began.
  var runStart = Int64.min
  /// Milliseconds between readings, learnt; 0 while unknown.
  var interval: Int64 = 0
  private var candidate: Int64 = 0
  private var votes: Int32 = 0
  /// Readings judged, saturating.
  var count: Int32 = 0
  /// Running mean of plausible values, m³/h.
  var running: Float = 0
  var lastValue: Float = .nan
  /// Share of readings equal to their predecessor: coarse meters repeat themselves.
  var repeatShare: Float = 0.05
  /// Share of readings near zero: some zones really stand still at night.
  var lowShare: Float = 0
  /// Longest run of equal values that was no fault, ms; fades by 3 % in 300 readings.
  var usualRun: Float = 0
  var runLength: Int32 = 0
  var badRun: Int32 = 0
  /// How many events of `FaultState` are open.
  var openFaults: Int32 = 0

  init() {}

  /// Milliseconds of silence that are no gap at any interval, unless set otherwise.
  static let leastGap: Int64 = 2_700_000
  private static let mostVotes: Int32 = 20

  /// Learns the interval by majority vote over the differences (Boyer and Moore 1981), tolerant of 20 % jitter.
  @inline(always) mutating func learnInterval(_ difference: Int64) {
    if difference == candidate, votes == HealthState.mostVotes { return }
    vote(difference)
  }

  @inline(never) private mutating func vote(_ difference: Int64) {
    guard difference > 0 else { return }
    if abs(difference - candidate) * 5 <= candidate {
      votes = min(votes + 1, HealthState.mostVotes)
    } else {
      votes -= 1
      if votes <= 0 {
        candidate = difference
        votes = 1
      }
    }
    if votes >= 3 { interval = candidate }
  }

  /// Milliseconds of silence that make a gap, as `DetectorSettings.gapLimit`; 0 while the interval is unknown.
  /// - Parameter minutes: as set; 0 = from the interval.
  func gapLimit(expected: Int64, minutes: Int) -> Int64 {
    let i = expected > 0 ? expected : interval
    return i > 0 ? DetectorSettings.gapLimit(interval: i, minutes: minutes) : 0
  }
}

/// Places of open health events in `FaultState`.
enum HealthIndex {
  static let gap = 0
  static let stuck = 1
  static let outOfRange = 2
  static let reverse = 3
  static let unitJump = 4
  static let clockSkew = 5
  static let lateFlush = 6
}
