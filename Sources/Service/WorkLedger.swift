import Readings
import Store

/// One window of work as people planned it: for one meter or many at once.
struct WorkGroup: Equatable, Sendable {
  var window: Range<Timestamp>
  var person: String
  var note: String
  var isCancelled: Bool
  /// In the order in which they were planned.
  var slots: [SensorSlot]
}

/// Puts what was said of single meters together again, as it was meant. Pure.
enum WorkLedger {
  private struct Place: Hashable {
    var slot: SensorSlot
    var from: Timestamp
    var to: Timestamp
  }

  private struct Key: Hashable {
    var from: Timestamp
    var to: Timestamp
    var person: String
    var note: String
    var isCancelled: Bool

    func isBefore(_ other: Key) -> Bool {
      (from, to, person, note, isCancelled ? 1 : 0) < (other.from, other.to, other.person, other.note, other.isCancelled ? 1 : 0)
    }
  }

  /// The windows by their beginning. A window that was cancelled and planned anew counts as it was planned last.
  /// - Parameters:
  ///   - planned: actions of planned work; `cancelled`: those that cancel some.
  ///   - isShown: whether whoever asks may see that meter.
  /// - Complexity: O(n log n)
  static func groups(planned: [ActionRecord], cancelled: [ActionRecord], isShown: (SensorSlot) -> Bool) -> [WorkGroup] {
    let cancels = Dictionary(grouping: cancelled, by: \.action.slot)
    var seen: Set<Place> = []
    var groups: [Key: [(id: Int64, slot: SensorSlot)]] = [:]
    for r in planned.sorted(by: { $0.id > $1.id }) where isShown(r.action.slot) {
      let a = r.action
      guard seen.insert(Place(slot: a.slot, from: a.from, to: a.to)).inserted else { continue }
      let isCancelled = cancels[a.slot]?.contains { $0.id > r.id && $0.action.from <= a.from && $0.action.to >= a.to } ?? false
      groups[Key(from: a.from, to: a.to, person: r.person, note: r.note, isCancelled: isCancelled), default: []].append((r.id, a.slot))
    }
    return groups.sorted { $0.key.isBefore($1.key) }.map { key, members in
      WorkGroup(
        window: key.from..<key.to, person: key.person, note: key.note, isCancelled: key.isCancelled,
        slots: members.sorted { $0.id < $1.id }.map(\.slot))
    }
  }
}
