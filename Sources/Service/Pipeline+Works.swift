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
    let (isChanged, ended) = works.takeChanges()
    let plans = profiles.settings.works.map(RecurringPlan.init) + works.all.map(RecurringPlan.init)
    for work in ended { cancel(RecurringPlan(work), at: now, others: plans) }
    guard !plans.isEmpty, isChanged || schedule.next.map({ now >= $0 }) ?? true else { return }
    schedule.next = now.adding(milliseconds: WorkSchedule.period)
    schedule.planned = schedule.planned.filter { $0.to > now }
    schedule.refused = schedule.refused.filter { $0.to > now }
    for plan in plans {
      for (window, id) in windows(of: plan, at: now) { self.plan(plan, window, id) }
    }
  }

  /// The windows that are under way or begin within a day, of each sensor.
  private func windows(of plan: RecurringPlan, at now: Timestamp) -> [(WorkSchedule.Window, SensorID)] {
    let windows = plan.recurrence.windows(in: now..<now.adding(milliseconds: WorkSchedule.ahead), profiles.calendar)
    guard !windows.isEmpty else { return [] }
    return directory.all.enumerated().filter { plan.covers($0.element) }.flatMap { slot, id in
      windows.map { (WorkSchedule.Window(slot: SensorSlot(slot), from: $0.lowerBound, to: $0.upperBound), id) }
    }
  }

  private func plan(_ work: RecurringPlan, _ window: WorkSchedule.Window, _ id: SensorID) {
    guard !schedule.planned.contains(window) else { return }
    do {
      if try !store.hasWork(window.slot, window.from..<window.to, since: work.added) {
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

  /// Takes the windows of an ended work back that have not begun, unless another work has them, too.
  private func cancel(_ work: RecurringPlan, at now: Timestamp, others: [RecurringPlan]) {
    for (window, id) in windows(of: work, at: now) where window.from > now {
      let span = window.from..<window.to
      if others.contains(where: { $0.covers(id) && $0.recurrence.windows(in: span, profiles.calendar).contains(span) }) { continue }
      schedule.planned.remove(window)
      // Nothing to do: it had not been planned yet, or was cancelled by hand.
      _ = try? apply(ActionRequest(sensor: id, kind: .workCancelled, person: work.name, window: span))
    }
  }
}
