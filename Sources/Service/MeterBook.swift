import Readings
import Store
import Synchronization

/// The cards of meters that people entered on the page. Safe from any thread: the page writes, everybody reads.
final class MeterBook: Sendable {
  private struct State {
    var cards: [SensorID: MeterCard] = [:]
    /// By the meter upstream, as it was entered.
    var below: [SensorID: Set<SensorID>] = [:]
    /// Changed since the ingest thread looked. At most one for each meter.
    var changed: Set<SensorID> = []

    /// Takes note of the meter that is upstream of `id` from now on; call it before the card is changed.
    mutating func note(_ id: SensorID, _ parent: String?) {
      if let old = cards[id]?.parent.flatMap({ SensorID($0) }) { below[old]?.remove(id) }
      if let new = parent.flatMap({ SensorID($0) }) { below[new, default: []].insert(id) }
    }
  }
  private let state = Mutex(State())

  init(_ cards: [SensorID: MeterCard] = [:]) { load(cards) }

  /// Takes over what the store holds, at a start.
  func load(_ cards: [SensorID: MeterCard]) {
    state.withLock { s in
      s.cards = cards
      s.below.removeAll()
      for (id, card) in cards { s.note(id, card.parent) }
      s.changed.removeAll()
    }
  }

  /// What was entered of a meter; an empty card where nothing was.
  func card(_ id: SensorID) -> MeterCard { state.withLock { $0.cards[id] } ?? MeterCard() }

  /// The meters on whose card `id` stands as the meter upstream. O(1) for each.
  func entered(below id: SensorID) -> [SensorID] { state.withLock { Array($0.below[id] ?? []) } }

  var all: [SensorID: MeterCard] { state.withLock { $0.cards } }

  /// Puts a card in force: names at once, the rest at the ingest thread's next tick.
  func put(_ id: SensorID, _ card: MeterCard) {
    state.withLock { s in
      s.note(id, card.parent)
      s.cards[id] = card.isEmpty ? nil : card
      s.changed.insert(id)
    }
  }

  /// The meters whose card has changed since the last call.
  func takeChanged() -> [SensorID] {
    state.withLock { s in
      guard !s.changed.isEmpty else { return [] }
      defer { s.changed.removeAll() }
      return s.changed.sorted()
    }
  }
}
