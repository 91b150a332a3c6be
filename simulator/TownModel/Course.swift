import Readings

/// How the water of an event is spread over the day: a leak runs evenly, visitors use water when others do, taps trickle on cold nights.
struct Course: Sendable {
  private enum Form: Sendable { case even, demand(Demand), night }
  private let form: Form

  init(_ e: Scenario.Event, _ scenario: Scenario) {
    switch e.kind {
    case .tourist, .growth, .heat:
      let m = scenario.meters.first { $0.id == e.meter } ?? Scenario.Meter()
      form = .demand(Demand(m.shape, night: m.night))
    case .freeze: form = .night
    default: form = .even
    }
  }

  /// The share of `flow` at a moment: its mean over a week is 1 for demand, its peak is 1 at night.
  func share(_ t: Timestamp, _ calendar: LocalCalendar) -> Double {
    let hour = Double(calendar.millisecondOfDay(of: t)) / 3_600_000
    switch form {
    case .even: return 1
    case .demand(let demand): return demand.relative(calendar.dayType(ofDay: calendar.day(of: t)), hour: hour)
    case .night:
      // Opened from 20:00 to 22:00, shut from 06:00 to 09:00; by day a fifth runs on from pipes that broke.
      let isLate = hour >= 15
      return max(0.2, min(1, isLate ? (hour - 20) / 2 : (9 - hour) / 3))
    }
  }
}
