import Readings
import Synchronization

/// Which sensors there are, for every thread: the ingest thread adds, everybody reads.
final class SensorDirectory: Sendable {
  private let ids = Mutex<[SensorID]>([])

  func append(_ id: SensorID) { ids.withLock { $0.append(id) } }
  var all: [SensorID] { ids.withLock { $0 } }
  var count: Int { ids.withLock { $0.count } }

  subscript(slot: SensorSlot) -> SensorID? {
    ids.withLock { slot >= 0 && Int(slot) < $0.count ? $0[Int(slot)] : nil }
  }

  func slot(of id: SensorID) -> SensorSlot? {
    ids.withLock { $0.firstIndex(of: id).map { SensorSlot($0) } }
  }
}
