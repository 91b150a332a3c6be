/// The sensor's own threshold factor θ, from what its statistics reach in weeks without an event.
///
/// A meter whose demand wanders more than the model thinks gets a higher threshold, at most twice the default.
struct ThresholdState: BitwiseCopyable {
  private var maxima = InlineArray<8, Float>(repeating: 0)
  /// Largest score of this week and of the last one, which counts a week late so that a leak in the making is left out.
  private var current: Float = 0
  private var pending: Float = -1
  /// Factor on all thresholds, 1…2.
  private(set) var factor: Float = 1
  /// Maxima that are known, and the place of the next one.
  private(set) var count: UInt8 = 0
  private var next: UInt8 = 0
  private var daysInWeek: UInt8 = 0
  private var reserved: UInt8 = 0

  init() {}

  mutating func observe(_ ratio: Float) { current = max(current, ratio) }

  /// A leak was opened: its week says nothing about usual weeks.
  mutating func discard() {
    current = 0
    pending = -1
    daysInWeek = 0
  }

  mutating func endDay(_ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>) {
    daysInWeek += 1
    guard daysInWeek >= 7 else { return }
    daysInWeek = 0
    if pending >= 0 {
      maxima[Int(next)] = pending
      next = (next + 1) % 8
      count = min(count + 1, 8)
    }
    pending = current
    current = 0
    for i in 0..<Int(count) { scratch[i] = maxima[i] }
    let k = Float(count)
    factor = min(max(tuning.selfScale * (k * Selection.median(scratch, Int(count)) + 1.1) / (k + 2), 1), tuning.selfLimit)
  }
}
