import Readings
import TownModel

extension Town {
  /// What people say of meters, by time; each work that recurs as one planned half a day before it begins. Slots are indices of meters.
  public var actions: [OperatorAction] {
    (works + sayings).sorted { ($0.time, $0.slot) < ($1.time, $1.slot) }
  }

  private var works: [OperatorAction] {
    scenario.works.flatMap { w in
      stride(from: w.day, to: Double(scenario.days), by: 7).flatMap { day in
        scenario.meters.indices.filter { scenario.meters[$0].zone == w.zone }.map { i in
          OperatorAction(
            slot: SensorSlot(i), kind: .plannedWork, time: time(day: max(0, day - 0.5)), from: time(day: day),
            to: time(day: day + w.hours / 24))
        }
      }
    }
  }

  private var sayings: [OperatorAction] {
    scenario.sayings.compactMap { say in
      guard let i = scenario.meters.firstIndex(where: { $0.id == say.meter }), let kind = ActionKind(code: say.action.rawValue)
      else { return nil }
      let none = Timestamp(milliseconds: 0)
      return OperatorAction(
        slot: SensorSlot(i), kind: kind, time: time(day: say.day), from: say.begins.map { time(day: $0) } ?? none,
        to: say.begins.map { time(day: $0 + say.hours / 24) } ?? none)
    }
  }
}
