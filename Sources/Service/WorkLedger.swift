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

  /// The windows by their beginning; of one that was cancelled in part, what is left. A window that was cancelled and planned anew counts
  /// as it was planned last.
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
      let left = remains(of: a.from..<a.to, after: (cancels[a.slot] ?? []).filter { $0.id > r.id })
      for window in left.isEmpty ? [a.from..<a.to] : left {
        let key = Key(from: window.lowerBound, to: window.upperBound, person: r.person, note: r.note, isCancelled: left.isEmpty)
        groups[key, default: []].append((r.id, a.slot))
      }
    }
    return groups.sorted { $0.key.isBefore($1.key) }.map { key, members in
      WorkGroup(
        window: key.from..<key.to, person: key.person, note: key.note, isCancelled: key.isCancelled,
        slots: members.sorted { $0.id < $1.id }.map(\.slot))
    }
  }

  /// What is left of a window: a cancellation takes away what lies in its own window and had not passed when it was said.
  private static func remains(of window: Range<Timestamp>, after cancels: [ActionRecord]) -> [Range<Timestamp>] {
    var pieces = [window]
    for c in cancels {
      let from = max(c.action.from, c.action.time.adding(milliseconds: 1))
      guard from < c.action.to else { continue }
      pieces = pieces.flatMap { p -> [Range<Timestamp>] in
        guard p.lowerBound < c.action.to, p.upperBound > from else { return [p] }
        return [
          p.lowerBound..<max(p.lowerBound, min(p.upperBound, from)), min(max(p.lowerBound, c.action.to), p.upperBound)..<p.upperBound,
        ]
        .filter { !$0.isEmpty }
      }
    }
    return pieces
  }
}
