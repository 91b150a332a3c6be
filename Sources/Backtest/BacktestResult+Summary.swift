extension BacktestResult {
  private var rounded: Double { (seconds * 1000).rounded() / 1000 }

  /// What a run says at its end, in one line without a line feed.
  public var summary: String {
    "\(series) series, \(readings) readings, \(transitions.count) transitions, \(rounded) s, "
      + "\(BacktestProgress.rate(readings, seconds)) M readings/s"
  }

  /// The same for programs: `{"series","readings","transitions","seconds","readings_per_second"}`.
  public var summaryJSON: String {
    let rate = seconds > 0 ? Int(Double(readings) / seconds) : 0
    return "{\"series\":\(series),\"readings\":\(readings),\"transitions\":\(transitions.count),\"seconds\":\(rounded),"
      + "\"readings_per_second\":\(rate)}"
  }
}
