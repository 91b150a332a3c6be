import Readings

/// What all meters of the town share: the season and the weather. Only additions, products and roots, which round alike on every machine.
struct Climate: Sendable {
  private let season: Double
  private let firstDay: Int
  /// One factor a day, at noon.
  private var weather: [Double] = []

  init(_ scenario: Scenario, seed: UInt64) {
    season = scenario.season
    firstDay = scenario.start.daysSinceEpoch
    var random = Random(seed: seed, part: "weather")
    // A day is like the day before: AR(1) with 0.7.
    var w = random.normal()
    for _ in 0...(scenario.days + 1) {
      weather.append(max(0.5, 1 + scenario.weather * w))
      w = 0.7 * w + (1 - 0.7 * 0.7 as Double).squareRoot() * random.normal()
    }
  }

  /// The factor on all demand.
  /// - Parameter day: days since the scenario's start, with fraction
  func factor(day: Double) -> Double {
    // From noon to noon in a straight line.
    let x = day + 0.5
    let i = min(Int(x), weather.count - 2)
    let share = min(1, x - Double(i))
    let now = weather[i] * (1 - share) + weather[i + 1] * share
    return now * (1 + season * Climate.yearly(Double(firstDay) + day))
  }

  /// 1 about 5 August, −1 about 4 February, in two parabolas.
  private static func yearly(_ day: Double) -> Double {
    // 1970-05-06 was a quarter of a year before 5 August: day 125 of the count.
    let turns = (day - 125) / 365.2425
    let y = turns - turns.rounded(.down)
    return y < 0.5 ? 16 * y * (0.5 - y) : -16 * (y - 0.5) * (1 - y)
  }
}
