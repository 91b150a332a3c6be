/// What a sensor is expected to show at present: what each reading is compared with, worked out once in half an hour.
///
/// It follows from the baseline and the residuals, so whatever changes these must discard it.
struct PresentState: BitwiseCopyable {
  /// Event times between which it holds, ms; an empty range = nothing is known.
  private var from = Int64.max
  private var to = Int64.min
  /// Event time of the beginning of the hour.
  private var start: Int64 = 0
  /// Milliseconds between readings: short intervals are interpolated between hours.
  private var interval: Int64 = 0
  /// Expected in this hour and in the one that is nearer of its neighbours, m³/h.
  private var here: Float = 0
  private var there: Float = 0
  /// σ of an hour's mean, m³/h.
  private(set) var spread: Float = 0
  /// By what the last days exceeded the expectation at this hour, m³/h.
  private(set) var habit: Float = 0

  init() {}

  init(from: Int64, to: Int64, start: Int64, interval: Int64, _ level: Level, habit: Float) {
    (self.from, self.to, self.start, self.interval) = (from, to, start, interval)
    (here, there, spread) = (level.here, level.there, level.spread)
    self.habit = habit
  }

  /// What is expected within half an hour, m³/h.
  struct Level {
    var here: Float
    var there: Float
    var spread: Float
  }

  @inline(always) func holds(at time: Int64, interval: Int64) -> Bool { time < to && time >= from && interval == self.interval }

  /// Whether something was known and is no more.
  @inline(always) func isOver(at time: Int64) -> Bool { time >= to && from != Int64.max }

  @inline(always) func expected(at time: Int64) -> Float { PresentState.expected(here, there, Float(time &- start)) }

  /// - Parameter age: ms since the beginning of the hour.
  @inline(always) static func expected(_ here: Float, _ there: Float, _ age: Float) -> Float {
    here + (there - here) * abs(age / 3_600_000 - 0.5)
  }

  mutating func discard() { to = Int64.min }
}
