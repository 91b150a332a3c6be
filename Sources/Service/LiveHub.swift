import Readings
import Store
import Synchronization
import Web

/// Hands what was committed to the open pages: the newest value of each meter at most twice a second, every change of an event.
///
/// What a page does not take in time is dropped, oldest first; nothing here can hold up the ingest thread.
final class LiveHub: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<LiveUpdate>.Continuation] = [:]
    var next = 0
    /// Newest value of each meter since the last round.
    var pending: [SensorSlot: (time: Timestamp, value: Double)] = [:]
    var lastRound: Int64 = 0
  }
  private let state = Mutex(State())

  func listen() -> AsyncStream<LiveUpdate> {
    let (stream, continuation) = AsyncStream.makeStream(of: LiveUpdate.self, bufferingPolicy: .bufferingNewest(256))
    let id = state.withLock { s in
      s.next += 1
      s.listeners[s.next] = continuation
      return s.next
    }
    continuation.onTermination = { [weak self] _ in _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) } }
    return stream
  }

  func publish(_ batch: IngestBatch, _ directory: SensorDirectory) {
    state.withLock { s in
      guard !s.listeners.isEmpty else { return s.pending.removeAll() }
      for case .reading(let r) in batch.entries { s.pending[r.slot] = (r.time, r.value) }
      for slot in Set(batch.transitions.map(\.slot)) {
        guard let id = directory[slot] else { continue }
        for l in s.listeners.values { l.yield(.event(sensor: id.description)) }
      }
    }
    flush(directory)
  }

  /// Sends the newest values if the last round is half a second ago.
  func flush(_ directory: SensorDirectory) {
    let now = Clocks.monotonic()
    state.withLock { s in
      guard now - s.lastRound >= 500, !s.pending.isEmpty else { return }
      s.lastRound = now
      for (slot, newest) in s.pending {
        guard let id = directory[slot] else { continue }
        // A register is not what the page draws: it asks for the flow.
        let update: LiveUpdate =
          id.quantity == .total
          ? .event(sensor: id.description)
          : .reading(sensor: id.description, time: newest.time.milliseconds, value: newest.value)
        for l in s.listeners.values { l.yield(update) }
      }
      s.pending.removeAll(keepingCapacity: true)
    }
  }
}
