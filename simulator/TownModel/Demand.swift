import Readings

/// The shape of a day: demand relative to the mean, by kind of day and time of day.
enum Demand {
  /// - Parameters:
  ///   - hour: 0 ..< 24
  ///   - night: demand at 03:00 as a share of the mean
  /// - Returns: relative demand whose mean over a workday is about 1
  static func shape(_ day: DayType, hour: Double, night: Double) -> Double {
    // Morning, noon and evening peaks on top of the night level; rest days get up later.
    let late = day == .workday ? 0.0 : (day == .saturday ? 1.0 : 1.5)
    let peaks =
      bump(hour, at: 7.3 + late, width: 1.5 + 0.3 * late) * 1.0 + bump(hour, at: 12.5, width: 2.8) * 0.55
      + bump(hour, at: 19.3, width: 2.3) * 1.05 + bump(hour, at: 22.3, width: 1.5) * 0.25
    // 0.395: mean of the peaks over a workday.
    let scale = (1 - night) / 0.395
    return (night + scale * peaks) * (day == .workday ? 1 : 1.04)
  }

  /// A smooth bump of height 1 on the circle of 24 hours, 0 beyond twice its width (a raised cosine to the second power).
  private static func bump(_ hour: Double, at peak: Double, width: Double) -> Double {
    var d = abs(hour - peak)
    if d > 12 { d = 24 - d }
    let x = d / (2 * width)
    guard x < 1 else { return 0 }
    let c = 1 - x * x
    return c * c * c
  }
}
