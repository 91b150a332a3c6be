/// What people said about this sensor's events, and what follows from it.
struct FeedbackState: BitwiseCopyable {
  /// Event time until which days are learnt even though they look suspicious: a person vouched for the flow.
  var trustedUntil = Int64.min
  /// Onset of the event that was last called a false alarm: saying it twice counts once.
  var judgedOnset = Int64.min
  /// Factor on all thresholds, 1…`limit`; fades by half in about six months.
  private(set) var factor: Float = 1
  /// m³/h: an excess up to this was called no leak; fades by a tenth a day.
  var dismissed: Float = 0
  /// Events called false alarms so far.
  private(set) var falseAlarms: Int32 = 0

  static let step: Float = 1.15
  static let limit: Float = 1.6

  init() {}

  mutating func noteFalseAlarm(onset: Int64) {
    guard onset != judgedOnset else { return }
    judgedOnset = onset
    falseAlarms = min(falseAlarms + 1, 1_000_000)
    factor = min(factor * FeedbackState.step, FeedbackState.limit)
  }

  mutating func endDay() {
    factor = 1 + (factor - 1) * 0.9962
    dismissed = dismissed < 1e-6 ? 0 : dismissed * 0.9
  }
}
