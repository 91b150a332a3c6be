/// What a watched sensor has to do with sensors of other quantities. One for each sensor, once there is any of them.
struct WatchState: BitwiseCopyable {
  /// Gauges of pressure that a meter is asked with.
  static let gauges = 3

  /// Slots of a meter's gauges of pressure, −1 = none; filled from the front.
  private(set) var pressures = InlineArray<3, Int32>(repeating: -1)
  /// Of a gauge of pressure, its place among them; −1 = it is none.
  var gauge: Int32 = -1
  /// Place of the town's frost; −1 = the town has no thermometer.
  var frost: Int32 = -1
  /// Of the fall of pressure that speaks for the open leak: gauge (−1 = none), kPa, event time.
  var fallSlot: Int32 = -1
  var fall: Float = 0
  /// Hours of this freezing spell, and the sum of what they showed above expectation, m³/h.
  var coldHours: Int32 = 0
  var coldSum: Float = 0
  private var reserved: Int32 = 0
  var fallTime = Int64.min
  /// Beginning of the spell that `coldHours` are of.
  var coldSpell = Int64.min

  init() {}

  var hasPressure: Bool { pressures[0] >= 0 }

  mutating func setPressures(_ slots: [Int32]) {
    for k in 0..<WatchState.gauges { pressures[k] = k < slots.count ? slots[k] : -1 }
  }

  mutating func forgetFall() {
    fallSlot = -1
    fall = 0
    fallTime = Int64.min
  }

  mutating func addCold(_ residual: Float, spell: Int64) {
    if coldSpell != spell { (coldSpell, coldHours, coldSum) = (spell, 0, 0) }
    guard residual.isFinite else { return }
    coldHours = min(coldHours + 1, 10_000)
    coldSum += residual
  }
}
