import Readings

/// The line from a meter to the broker: some readings come late, some twice, some never.
struct Transport {
  /// Longest delay of a late reading, ms.
  private static let longest = 10_800_000.0

  private let meter: Scenario.Meter
  private var random: Random

  init(_ m: Scenario.Meter, seed: UInt64) {
    meter = m
    random = Random(seed: seed, part: m.id + "/line")
  }

  /// What becomes of one reading.
  mutating func deliver(_ arrival: inout Timestamp, _ copies: inout Int) {
    guard meter.late > 0 || meter.doubled > 0 || meter.lost > 0 else { return }
    // All chances are drawn for each reading, so that one share does not change what another one hits.
    let (late, delay, doubled, lost) = (random.uniform(), random.uniform(), random.uniform(), random.uniform())
    if late < meter.late { arrival = arrival.adding(milliseconds: Int64(delay * Transport.longest)) }
    if doubled < meter.doubled { copies *= 2 }
    if lost < meter.lost { copies = 0 }
  }
}
