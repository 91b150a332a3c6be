import Readings

/// What all meters of the town share: season, weather, holidays. Only additions, products and roots, which round alike on every machine.
struct Climate: Sendable {
  private let season: Double
  private let firstDay: Int
  private let daily: DailyFactor

  init(_ scenario: Scenario, seed: UInt64) {
    season = scenario.season
    let first = scenario.start.daysSinceEpoch
    firstDay = first
    var random = Random(seed: seed, part: "weather")
    daily = DailyFactor(days: scenario.days, spread: scenario.weather, random: &random) {
      Climate.isHolidayPeriod(CivilDate(daysSinceEpoch: first + $0)) ? scenario.holidays : 0
    }
  }

  /// The factor on all demand.
  /// - Parameter day: days since the scenario's start, with fraction
  func factor(day: Double) -> Double {
    daily.at(day: day) * (1 + season * Climate.yearly(Double(firstDay) + day))
  }

  /// ゴールデンウィーク, お盆, 年末年始: people come home, or go away.
  private static func isHolidayPeriod(_ d: CivilDate) -> Bool {
    switch (d.month, d.day) {
    case (4, 29...), (5, ...5), (8, 12...16), (12, 29...), (1, ...3): true
    default: false
    }
  }

  /// 1 about 5 August, −1 about 4 February, in two parabolas.
  private static func yearly(_ day: Double) -> Double {
    // 1970-05-06 was a quarter of a year before 5 August: day 125 of the count.
    let turns = (day - 125) / 365.2425
    let y = turns - turns.rounded(.down)
    return y < 0.5 ? 16 * y * (0.5 - y) : -16 * (y - 0.5) * (1 - y)
  }
}
