import OrderedCollections
import Readings
import Synchronization

/// Which sensors there are, for every thread: the ingest thread adds, everybody reads.
final class SensorDirectory: Sendable {
  /// A sensor's slot is its place. A dictionary beside a list of names would take 160 bytes a sensor; this has each name once.
  private let ids = Mutex(OrderedSet<SensorID>())

  /// Adds many at once, none of which is known: the table grows once.
  func append(contentsOf more: [SensorID]) {
    ids.withLock { ids in
      ids.reserveCapacity(ids.count + more.count)
      ids.append(contentsOf: more)
    }
  }

  /// Adds a sensor that is not known behind the others.
  func append(_ id: SensorID) { _ = ids.withLock { $0.append(id) } }

  var all: [SensorID] { ids.withLock { $0.elements } }
  var count: Int { ids.withLock { $0.count } }

  subscript(slot: SensorSlot) -> SensorID? { ids.withLock { slot >= 0 && Int(slot) < $0.count ? $0[Int(slot)] : nil } }

  /// O(1)
  func slot(of id: SensorID) -> SensorSlot? { ids.withLock { $0.firstIndex(of: id).map { SensorSlot($0) } } }
}
