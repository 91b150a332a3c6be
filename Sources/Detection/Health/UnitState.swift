/// Whether the sender's unit has shrunk: values that follow the usual course of the day, but 60 or 1000 times smaller.
///
/// A single small value may be a closed valve. What passes a closed valve has no course, or one of its own: its ratio to what is expected
/// varies as much as the expectation does. A changed unit keeps the ratio while the expectation moves. See `judge`.
struct UnitState: BitwiseCopyable {
  /// Event time of the first reading of the run, ms.
  private(set) var since = Int64.min
  /// First reading of the hour being filled.
  private var began = Int64.min
  private var sum: Float = 0
  private var count: Int32 = 0
  /// By what the values of the run are too small; 0 = no run.
  private var factor: Float = 0
  /// Extremes over the hours of the run: what was expected, m³/h, and value · factor / expected.
  private var lowest: Float = 0
  private var highest: Float = 0
  private var smallest: Float = 0
  private var largest: Float = 0
  private var hours: Int16 = 0
  /// The unit is taken for changed: small values are neither judged nor learnt.
  private(set) var isSmall = false
  private var usual: Int8 = 0

  init() {}

  /// Hours of the run.
  var hourCount: Int { Int(hours) }

  /// Takes a reading of the present hour, m³/h.
  mutating func add(_ v: Float, time: Int64) {
    if count == 0 { began = time }
    sum += v
    count &+= 1
  }

  /// Ends the hour. O(1).
  ///
  /// Eight hours whose mean is within a factor of 2 of `expected` / 60 or / 1000, over which `expected` moved 1.8-fold at least, and
  /// 1.5 times as much as the ratio did.
  /// - Parameters:
  ///   - expected: of this hour, m³/h.
  ///   - mean: of the profile; hours of which next to nothing is expected say nothing.
  /// - Returns: true when that makes the unit a changed one.
  mutating func endHour(expected: Float, mean: Float) -> Bool {
    guard count > 0 else { return false }
    let value = sum / Float(count)
    sum = 0
    count = 0
    guard !isSmall, expected > 0.1 * abs(mean) else { return false }
    let ratio = value / expected
    guard let f = UnitState.factor(of: ratio) else {
      hours = 0
      return false
    }
    let x = ratio * f
    if hours == 0 || f != factor {
      (hours, factor, since) = (1, f, began)
      (lowest, highest, smallest, largest) = (expected, expected, x, x)
      return false
    }
    hours = min(hours + 1, 10_000)
    lowest = min(lowest, expected)
    highest = max(highest, expected)
    smallest = min(smallest, x)
    largest = max(largest, x)
    isSmall = hours >= 8 && highest >= 1.8 * lowest && highest * smallest >= 1.5 * lowest * largest
    return isSmall
  }

  /// A value of the usual size came while the unit was taken for changed.
  /// - Returns: true when it is the third in a row: the unit is right again.
  mutating func noteUsual() -> Bool {
    usual += 1
    guard usual >= 3 else { return false }
    self = UnitState()
    return true
  }

  mutating func noteSmall() { usual = 0 }

  private static func factor(of ratio: Float) -> Float? {
    let near: ClosedRange<Float> = 0.5...2
    return near.contains(60 * ratio) ? 60 : near.contains(1000 * ratio) ? 1000 : nil
  }
}
