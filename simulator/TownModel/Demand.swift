import Readings

/// When water is used at one kind of place: demand relative to its mean over a week.
struct Demand: Sendable {
  private let shape: Scenario.Shape
  private let night: Double
  /// Makes the mean over five workdays, a Saturday and a Sunday 1.
  private let scale: Double

  /// - Parameter night: demand at 03:00 as a share of the mean, 0.05…0.95
  init(_ shape: Scenario.Shape, night: Double) {
    self.shape = shape
    self.night = night
    let steps = stride(from: 0.125, to: 24, by: 0.25)
    func mean(_ day: DayType) -> Double { steps.reduce(0) { $0 + Demand.peaks(shape, day, $1) } / 96 }
    // Over the whole week, so that its mean is 1 and the night keeps its share.
    let week: [(day: DayType, days: Double)] = [(.workday, 5), (.saturday, 1), (.holiday, 1)]
    scale = 7 * (1 - night) / week.reduce(0) { $0 + $1.days * Demand.use(shape, $1.day) * mean($1.day) }
  }

  /// - Parameter hour: 0 ..< 24
  func relative(_ day: DayType, hour: Double) -> Double {
    // At night taps are shut on every kind of day: only the peaks change, and midnight makes no step.
    night + scale * Demand.use(shape, day) * Demand.peaks(shape, day, hour)
  }

  /// How much is used on a day against a workday, the night apart.
  private static func use(_ shape: Scenario.Shape, _ day: DayType) -> Double {
    switch (shape, day) {
    case (_, .workday): 1
    case (.residential, _): 1.04
    case (.commercial, .saturday): 0.75
    case (.commercial, .holiday): 0.6
    case (.resort, .saturday): 1.3
    case (.resort, .holiday): 1.2
    }
  }

  /// The peaks of a day above the night's level.
  private static func peaks(_ shape: Scenario.Shape, _ day: DayType, _ hour: Double) -> Double {
    switch shape {
    case .residential:
      // Days off begin later.
      let late = day == .workday ? 0.0 : (day == .saturday ? 1.0 : 1.5)
      return bump(hour, at: 7.3 + late, width: 1.5 + 0.3 * late) + 0.55 * bump(hour, at: 12.5, width: 2.8)
        + 1.05 * bump(hour, at: 19.3, width: 2.3) + 0.25 * bump(hour, at: 22.3, width: 1.5)
    case .commercial:
      return bump(hour, at: 10.5, width: 2.5) + 0.6 * bump(hour, at: 12.8, width: 1.2) + 0.9 * bump(hour, at: 15.5, width: 2.8)
    case .resort:
      return 0.9 * bump(hour, at: 8, width: 1.6) + 0.4 * bump(hour, at: 11, width: 2) + 0.7 * bump(hour, at: 16.5, width: 2)
        + 1.1 * bump(hour, at: 20, width: 2.4)
    }
  }

  /// A smooth bump of height 1 on the circle of 24 hours, 0 beyond twice its width: (1 − x²)³.
  private static func bump(_ hour: Double, at peak: Double, width: Double) -> Double {
    var d = abs(hour - peak)
    if d > 12 { d = 24 - d }
    let x = d / (2 * width)
    guard x < 1 else { return 0 }
    let c = 1 - x * x
    return c * c * c
  }
}
