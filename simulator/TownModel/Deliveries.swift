import Readings

/// When a logger that keeps its readings sends them: every `batchHours`, at its own minute, some minutes late; what fails comes with the next.
struct Deliveries {
  /// Longest delay of a delivery, ms.
  private static let longest = 240_000.0

  /// In ascending order, ms after the scenario's start.
  private let times: [Int64]

  /// Nil for a meter that sends each reading at once.
  init?(_ m: Scenario.Meter, days: Int, seed: UInt64) {
    guard m.batchHours > 0 else { return nil }
    var random = Random(seed: seed, part: m.id + "/batch")
    let period = m.batchHours * 3_600_000
    var due = random.uniform() * period
    var times: [Int64] = []
    // The last one after the end.
    while times.last.map({ $0 < Int64(days) * 86_400_000 }) ?? true {
      let (delay, fate) = (random.uniform(), random.uniform())
      if fate >= m.batchFailed { times.append(Int64(due + delay * Deliveries.longest)) }
      due += period
    }
    self.times = times
  }

  /// When a reading that is ready at `t` leaves. O(log deliveries)
  /// - Parameter start: of the scenario.
  func next(at t: Timestamp, start: Timestamp) -> Timestamp {
    let ready = t.since(start)
    var (low, high) = (0, times.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] >= ready { high = middle } else { low = middle + 1 }
    }
    return start.adding(milliseconds: max(ready, times[low]))
  }
}
