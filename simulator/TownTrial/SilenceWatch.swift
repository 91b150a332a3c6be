import Readings
import TownModel

/// Tells when a sensor has been silent for so long that the detector would tell of it, while others report.
///
/// The service looks for silence once a second of its own time, and in that second days of a scenario may pass. Whoever plays one at full
/// speed must stop there for a moment. Each silence is told once, at a full hour, when the detector in memory looks for it.
public struct SilenceWatch: Sendable {
  private struct Sensor {
    var newest: Timestamp?
    var isTold = false
  }

  private var sensors: [Sensor]
  /// ms
  private let limit: Int64
  private var hour = Int64.min

  public init(_ scenario: Scenario) {
    sensors = Array(repeating: Sensor(), count: scenario.sensors)
    limit = max(4 * Int64(scenario.interval) * 1000, 45 * 60_000)
  }

  /// Takes note of the next reading in the order of arrival.
  /// - Returns: whether to stop before it is sent.
  /// - Complexity: O(1), at a full hour O(sensors)
  public mutating func stops(before r: TownReading) -> Bool {
    defer {
      if sensors[r.meter].newest.map({ $0 < r.time }) ?? true { sensors[r.meter] = Sensor(newest: r.time) }
    }
    let now = r.arrival.milliseconds / 3_600_000
    guard now != hour else { return false }
    hour = now
    var stops = false
    for i in sensors.indices where !sensors[i].isTold {
      guard let newest = sensors[i].newest, r.arrival.since(newest) > limit else { continue }
      sensors[i].isTold = true
      stops = true
    }
    return stops
  }
}
