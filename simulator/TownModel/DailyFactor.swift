/// A factor that wanders about 1 from day to day, as weather makes it: one value a day, at noon, straight lines between.
struct DailyFactor: Sendable {
  private var noons: [Double] = []

  /// A day is like the day before: AR(1) with 0.7.
  /// - Parameters:
  ///   - spread: standard deviation, relative
  ///   - special: what a day (counted from the scenario's start, −1 before it) has on top, relative
  init(days: Int, spread: Double, random: inout Random, special: (Int) -> Double = { _ in 0 }) {
    var w = random.normal()
    for i in 0...(days + 1) {
      noons.append(max(0.5, 1 + spread * w + special(i - 1)))
      w = 0.7 * w + (1 - 0.7 * 0.7 as Double).squareRoot() * random.normal()
    }
  }

  /// - Parameter day: days since the scenario's start, with fraction
  func at(day: Double) -> Double {
    let x = day + 0.5
    let i = min(Int(x), noons.count - 2)
    let share = min(1, x - Double(i))
    return noons[i] * (1 - share) + noons[i + 1] * share
  }
}
