import Detection
import Readings
import TownModel

/// The detector of the service over a town, in memory: judges what `mizumori run` judges with the settings of `mizumori-sim settings`.
///
/// Readings come as they reach the broker: late, twice, by a wrong clock, totalizers as what they have counted. What the people of the
/// scenario say is said at its time, and works are planned half a day ahead.
public struct OfflineTrial: Sendable {
  private let town: Town
  private let plan: TrialPlan

  public init(_ town: Town) {
    self.town = town
    plan = TrialPlan(town.scenario)
  }

  /// What the detector tells: every event that opens or becomes graver.
  /// - Complexity: O(readings), some µs each; memory for a batch of readings and the detector's records.
  public func run() -> [TownScore.Alert] {
    var alerts: [TownScore.Alert] = []
    var detector = Detector(calendar: town.calendar)
    plan.addSensors(to: &detector)
    var said = town.actions[...]
    var batch: [Reading] = []
    var known = DuplicateKeys(sensors: town.scenario.sensors)
    func tell(_ t: Transition) {
      guard t.change == .opened || t.change == .escalated, let place = plan.place(t.slot) else { return }
      alerts.append(TownScore.Alert(place: place, kind: t.kind, time: t.time))
    }
    var last: Timestamp?
    func take() {
      batch.withUnsafeBufferPointer { detector.process($0, emit: tell) }
      batch.removeAll(keepingCapacity: true)
    }
    func judge() {
      guard let arrival = last else { return }
      take()
      detector.advance(to: arrival, emit: tell)
      last = nil
    }
    // In slices of an hour, so that silence of one meter is noticed while the others report.
    var hour = Int64.min
    for r in town.readings {
      let now = r.arrival.milliseconds / 3_600_000
      if now != hour {
        judge()
        hour = now
      }
      if let next = said.first, next.time <= r.arrival {
        judge()
        while let action = said.first, action.time <= r.arrival {
          said.removeFirst()
          detector.apply(action, emit: tell)
        }
      }
      guard known.isNew(r) else { continue }
      let reading = Reading(slot: SensorSlot(r.meter), time: r.time, arrival: r.arrival, value: town.shown(r), sequence: r.sequence)
      last = r.arrival
      guard town.isRefused(r) else {
        batch.append(reading)
        continue
      }
      take()
      detector.noteReverse(reading, emit: tell)
    }
    judge()
    return alerts
  }
}

/// The numbers of the last messages of each sensor: what comes twice is not judged twice.
private struct DuplicateKeys {
  /// 64 numbers up to the newest one, bit 0 the newest.
  private var windows: [(newest: Int64, seen: UInt64)]

  init(sensors: Int) { windows = Array(repeating: (-1, 0), count: sensors) }

  mutating func isNew(_ r: TownReading) -> Bool {
    var w = windows[r.meter]
    defer { windows[r.meter] = w }
    if r.sequence > w.newest {
      let step = r.sequence - w.newest
      w = (r.sequence, (step < 64 ? w.seen << UInt64(step) : 0) | 1)
      return true
    }
    let age = w.newest - r.sequence
    // What is older than all that is remembered has been held back, not doubled.
    guard age < 64 else { return true }
    defer { w.seen |= 1 << UInt64(age) }
    return w.seen >> UInt64(age) & 1 == 0
  }
}
