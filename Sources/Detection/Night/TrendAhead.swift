/// The lines of a night's trend, fitted before its end, and what was assumed of the newest night and day.
struct TrendAhead: BitwiseCopyable {
  var nightCode: Int16 = 0
  var meanCode: Int16 = 0
  var night = TrendLine()
  var mean = TrendLine()

  init() {}

  func knowsNight(_ code: Int16, _ day: Int32) -> Bool { night.isUpTo(day) && nightCode == code }
  func knowsMean(_ code: Int16, _ day: Int32) -> Bool { mean.isUpTo(day) && meanCode == code }

  /// Whether the line of the nights was fitted with a higher value of the newest one.
  func isAbove(_ code: Int16, _ day: Int32) -> Bool {
    night.isUpTo(day) && nightCode != FixedPoint.missing && code != FixedPoint.missing && code < nightCode
  }

  mutating func discard() {
    night.discard()
    mean.discard()
  }
}
