/// The lines of a night's trend, fitted before its end, and what was assumed of the newest night and day.
struct TrendAhead: BitwiseCopyable {
  /// Local day number of the night; Int32.min = nothing is fitted.
  var day = Int32.min
  var nightCode: Int16 = 0
  var meanCode: Int16 = 0
  var night = TrendLine()
  var mean = TrendLine()
}
