import Readings
import Synchronization

/// Which sensors there are, for every thread: the ingest thread adds, everybody reads.
final class SensorDirectory: Sendable {
  private struct State {
    var ids: [SensorID] = []
    var slots: [SensorID: SensorSlot] = [:]
  }
  private let state = Mutex(State())

  /// Adds many at once: the table grows once.
  func append(contentsOf ids: [SensorID]) {
    state.withLock { s in
      s.ids.reserveCapacity(s.ids.count + ids.count)
      s.slots.reserveCapacity(s.ids.count + ids.count)
      for id in ids {
        s.slots[id] = SensorSlot(s.ids.count)
        s.ids.append(id)
      }
    }
  }

  /// Adds a sensor behind the others; its slot is its place.
  func append(_ id: SensorID) {
    state.withLock { s in
      s.slots[id] = SensorSlot(s.ids.count)
      s.ids.append(id)
    }
  }

  var all: [SensorID] { state.withLock { $0.ids } }
  var count: Int { state.withLock { $0.ids.count } }
  /// The slots by name. O(1): shared until the next one is added.
  var slots: [SensorID: SensorSlot] { state.withLock { $0.slots } }

  subscript(slot: SensorSlot) -> SensorID? {
    state.withLock { slot >= 0 && Int(slot) < $0.ids.count ? $0.ids[Int(slot)] : nil }
  }

  /// O(1)
  func slot(of id: SensorID) -> SensorSlot? { state.withLock { $0.slots[id] } }
}
