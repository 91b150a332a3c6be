import Readings

/// Everything that is kept about one sensor: one fixed-size record without references, so that a checkpoint is a copy of memory.
///
/// Flow values in rings are fixed-point numbers in units of `quantum`, which follows the sensor's mean flow: an Int16 then
/// resolves 0.05 % of the mean up to 16 times the mean. See `FixedPoint`.
struct SensorState: BitwiseCopyable {
  // What every reading needs lies together, from the end of `event` to the beginning of `work`: see `Detector.touch`.
  var event = EventState()
  var order = ReorderBuffer()
  var line = LineState()
  var profile = ProfileState()
  var health = HealthState()
  var unit = UnitState()
  var hour = HourAccumulator()
  var present = PresentState()
  var fast = FastState()
  var edge = EdgeState()
  var work = WorkState()
  var faults = FaultState()
  // Of this an entry or two.
  var waiting = WaitingReadings()
  var register = RegisterState()
  // For the end of an hour; the baseline begins at a cache line.
  var threshold = ThresholdState()
  var baseline = BaselineState()
  var feedback = FeedbackState()
  var night = NightState()
  var noise = NoiseState()
  var shift = ShiftState()
  var residuals = ResidualRing()
  var lateHour = LateHour()
  /// Records are whole cache lines.
  private var reserved = InlineArray<2, UInt64>(repeating: 0)
}

/// The sensor's profile in a form without references.
struct ProfileState: BitwiseCopyable {
  /// m³/h
  var minimumLeak: Double = 0
  var low: Double = -.infinity
  var high: Double = .infinity
  var expectedInterval: Int64 = 0
  var group: Int32 = 0
  var quantity: UInt8 = 0
  var allowsReverseFlow = false
  /// Nil in the profile: the setting for all sensors holds.
  var hasMinimumLeak = false
  /// Leaks are not looked for: another sensor tells the same.
  var isSecondary = false
  /// Slot of the meter above; −1 for none.
  var parent: Int32 = -1
  /// Slot of the next sensor of the same group, in a ring; −1 for none.
  var nextInGroup: Int32 = -1
  /// Number of the zone whose sum this virtual sensor is; −1 for a meter.
  var zone: Int32 = -1
  /// The sensor has to do with sensors of other quantities: its readings go by way of `Detector.takeWatched`.
  var isWatched = false
  /// `FrostState.Phase` of the town.
  var cold: UInt8 = 0
  /// Of a gauge of pressure: it stands lower than it should.
  var isFallen = false
  /// A pump that fills a tank: standing still is no fault.
  var mayStand = false
  /// The zones that this meter is part of.
  var zones = ZoneLinks()

  init() {}

  init(_ p: SensorProfile) {
    minimumLeak = p.minimumLeak ?? 0
    hasMinimumLeak = p.minimumLeak != nil
    low = p.range?.lowerBound ?? -.infinity
    high = p.range?.upperBound ?? .infinity
    // A week at most: sums of times must not overflow.
    expectedInterval = min(max(0, p.expectedInterval), 604_800_000)
    group = p.group
    quantity = p.quantity.rawValue
    allowsReverseFlow = p.allowsReverseFlow
    isSecondary = p.isSecondary
    parent = p.parent ?? -1
  }
}

/// Flow as Int16 in units of a quantum (mean flow / 2048).
enum FixedPoint {
  static let missing = Int16.min

  /// - Parameter inverse: 1 / quantum. Saturates at ±32,767 quanta (16 times the mean).
  @inline(always) static func code(_ v: Float, inverse: Float) -> Int16 {
    let x = v * inverse
    guard abs(x) < 32_767 else { return x.isNaN ? missing : x > 0 ? 32_767 : -32_767 }
    // Halves away from zero, as `rounded()`, which is a call.
    let whole = Int32(x)
    let rest = x - Float(whole)
    return Int16(truncatingIfNeeded: whole &+ (rest >= 0.5 ? 1 : 0) &- (rest <= -0.5 ? 1 : 0))
  }
}
