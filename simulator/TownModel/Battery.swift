/// What the battery of a meter holds over the scenario.
struct Battery: Sendable {
  /// A healthy one lasts some ten years: % a day.
  private static let drain = 0.027

  private let start: Double
  private let failing: Scenario.Event?

  /// Nil for a meter that does not tell of a battery.
  init?(_ m: Scenario.Meter, _ scenario: Scenario) {
    guard let start = m.battery else { return nil }
    self.start = start
    failing = scenario.events.first { $0.kind == .deadBattery && $0.meter == m.id }
  }

  /// Whole per cent, as meters tell it.
  /// - Parameter day: days since the scenario's start, with fraction
  func level(day: Double) -> Int {
    let healthy = start - Battery.drain * day
    guard let failing, day > failing.day else { return Int(max(0, healthy).rounded()) }
    // It holds for long and then gives way.
    let x = min(1, failing.hours(at: day) / failing.hours)
    let left = (start - Battery.drain * failing.day) * (1 - x * x)
    return Int(max(0, min(healthy, left)).rounded(.down))
  }
}
