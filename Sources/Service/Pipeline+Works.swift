import Logging
import Readings
import Settings
import Store

/// Which windows of recurring works have been planned already.
struct WorkSchedule {
  /// One window of one sensor.
  struct Window: Hashable {
    var slot: SensorSlot
    var from: Timestamp
    var to: Timestamp
  }

  /// How long before its beginning, in event time, a window is planned.
  static let ahead: Int64 = 86_400_000
  /// Event time between looks, ms.
  static let period: Int64 = 600_000

  var planned: Set<Window> = []
  /// Windows for which a sensor had no place, and that were said so.
  var refused: Set<Window> = []
  var next: Timestamp?
}

extension Pipeline {
  /// Plans the windows of recurring works that begin within a day, as if somebody had entered each by hand: they become part of the
  /// history, so that a replay repeats them at the same place.
  func planWorks(at now: Timestamp) {
    let works = profiles.settings.works
    guard !works.isEmpty, schedule.next.map({ now >= $0 }) ?? true else { return }
    schedule.next = now.adding(milliseconds: WorkSchedule.period)
    schedule.planned = schedule.planned.filter { $0.to > now }
    schedule.refused = schedule.refused.filter { $0.to > now }
    for work in works {
      let windows = work.recurrence.windows(in: now..<now.adding(milliseconds: WorkSchedule.ahead), profiles.calendar)
      guard !windows.isEmpty else { continue }
      for (id, slot) in slots where work.covers(id) {
        for window in windows { plan(work, WorkSchedule.Window(slot: slot, from: window.lowerBound, to: window.upperBound), id) }
      }
    }
  }

  private func plan(_ work: MizumoriSettings.RecurringWork, _ window: WorkSchedule.Window, _ id: SensorID) {
    guard !schedule.planned.contains(window) else { return }
    do {
      if try !store.hasWork(window.slot, window.from..<window.to) {
        let request = ActionRequest(sensor: id, kind: .plannedWork, person: work.name, window: window.from..<window.to)
        _ = try apply(request)
      }
      schedule.planned.insert(window)
      schedule.refused.remove(window)
    } catch {
      guard schedule.refused.insert(window).inserted else { return }
      logger.warning(
        "定期の工事を予定できません。あとでまた試みます / cannot plan a recurring work; trying again later",
        metadata: ["work": "\(work.name)", "sensor": "\(id)", "error": "\(error)"])
    }
  }
}
