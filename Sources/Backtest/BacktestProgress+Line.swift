extension BacktestProgress {
  private static let cells = 24

  /// One line for a terminal: a bar and percent where the size is known, readings a second, time left.
  /// - Parameter seconds: since the start.
  public func line(seconds: Double) -> String {
    BacktestProgress.line(fraction: fraction, readings: readings, seconds: seconds)
  }

  static func line(fraction: Double?, readings: Int, seconds: Double) -> String {
    var out = ""
    if let fraction {
      let full = Int(fraction * Double(cells))
      out += "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "] "
      out += "\(Int(fraction * 100)) %  "
    } else {
      out += "\(readings) 件 / readings  "
    }
    out += "\(rate(readings, seconds)) M 件/s / M readings/s"
    // Before that the rest is a guess.
    if let fraction, fraction >= 0.01 { out += "  残り / left \(clock(seconds / fraction - seconds))" }
    return out
  }

  /// Millions a second, two decimals.
  static func rate(_ readings: Int, _ seconds: Double) -> Double {
    seconds > 0 ? (Double(readings) / seconds / 1e4).rounded() / 100 : 0
  }

  /// `m:ss`, or `h:mm:ss` from an hour on.
  private static func clock(_ seconds: Double) -> String {
    let s = Int(min(max(seconds, 0), 3_599_999).rounded(.up))
    let two = { (v: Int) in v < 10 ? "0\(v)" : "\(v)" }
    return s >= 3600 ? "\(s / 3600):\(two(s / 60 % 60)):\(two(s % 60))" : "\(s / 60):\(two(s % 60))"
  }
}
