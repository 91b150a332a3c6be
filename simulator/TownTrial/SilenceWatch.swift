import Detection
import Readings
import TownModel

/// Tells when a sensor has been silent for so long that the detector would tell of it, while others report.
///
/// The service looks for silence once a second of its own time, and in that second days of a scenario may pass. Whoever plays one at full
/// speed must stop there for a moment. Each silence is told once, at a full hour, when the detector in memory looks for it; that of a logger that
/// sends seldom also at each full hour about the time at which two of its deliveries are missing. A town with a clock that is ahead stops nowhere:
/// in the past it is the service's time that would be wrong, and everybody else silent.
public struct SilenceWatch: Sendable {
  private struct Sensor {
    var newest: Timestamp?
    /// Arrival of the last one.
    var heard: Timestamp?
    var isTold = false
    /// Silences until now.
    var count = 0
  }

  private let town: Town
  private var sensors: [Sensor]
  /// ms
  private let limit: Int64
  private let isBlind: Bool
  private var last: Timestamp?
  /// Silences of a logger that sends seldom after which the detector knows how often it does, and one more.
  private static let known = 3

  public init(_ town: Town) {
    self.town = town
    let s = town.scenario
    sensors = Array(repeating: Sensor(), count: s.sensors)
    limit = DetectorSettings().gapLimit(interval: Int64(s.interval) * 1000)
    isBlind = s.events.contains { $0.kind == .clock && $0.minutes > 0 }
  }

  /// Takes note of the next reading in the order of arrival.
  /// - Returns: whether to stop before it is sent.
  /// - Complexity: O(1), at a full hour O(sensors)
  public mutating func stops(before r: TownReading) -> Bool {
    guard !isBlind else { return false }
    defer {
      last = r.arrival
      sensors[r.meter].heard = r.arrival
      if sensors[r.meter].newest.map({ $0 < r.time }) ?? true {
        sensors[r.meter].newest = r.time
        sensors[r.meter].isTold = false
      }
    }
    guard let last, last.milliseconds / 3_600_000 != r.arrival.milliseconds / 3_600_000 else { return false }
    var stops = false
    for i in sensors.indices {
      guard isDue(i, last) else { continue }
      sensors[i].isTold = true
      sensors[i].count += 1
      stops = true
    }
    return stops
  }

  private func isDue(_ i: Int, _ now: Timestamp) -> Bool {
    guard let newest = sensors[i].newest, let heard = sensors[i].heard else { return false }
    let isSilent = now.since(newest) > limit && !sensors[i].isTold
    let meters = town.scenario.meters
    let period = meters.indices.contains(i) ? Int64(meters[i].batchHours * 3_600_000) : 0
    if isSilent, period == 0 || sensors[i].count < SilenceWatch.known { return true }
    let pause = now.since(heard)
    return period > 0 && pause > max(limit, 2 * period) && pause < 5 * period / 2 + 3_600_000
  }
}

extension Town {
  /// Whether the service refuses a reading: flow below 0, of a meter without `reverse_flow`.
  func isRefused(_ r: TownReading) -> Bool { scenario.meters.indices.contains(r.meter) && shown(r) < 0 }
}
