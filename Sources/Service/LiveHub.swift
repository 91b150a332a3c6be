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
    /// What people or workers changed since the last round of such news.
    var changes: Set<LiveUpdate.Part> = []
    var lastChange: Int64 = .min / 2
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

  /// Something else than readings and events has changed. Open pages are told at once, and then every two seconds at most: a queue of
  /// deliveries that moves quickly must not make every page ask all the time.
  func noteChange(_ part: LiveUpdate.Part) {
    state.withLock { s in
      guard !s.listeners.isEmpty else { return }
      s.changes.insert(part)
    }
    flushChanges()
  }

  /// A meter has another name, setting or plan.
  func noteChange(of sensors: [SensorID]) {
    state.withLock { s in
      for id in sensors { for l in s.listeners.values { l.yield(.event(sensor: id.description)) } }
    }
  }

  private func flushChanges() {
    let now = Clocks.monotonic()
    state.withLock { s in
      guard !s.changes.isEmpty, now - s.lastChange >= 2000 else { return }
      s.lastChange = now
      for part in s.changes { for l in s.listeners.values { l.yield(.part(part)) } }
      s.changes.removeAll()
    }
  }

  /// Sends the newest values if the last round is half a second ago.
  func flush(_ directory: SensorDirectory) {
    flushChanges()
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
