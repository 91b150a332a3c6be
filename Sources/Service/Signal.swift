import Synchronization

/// Wakes those who wait when something has been committed. Bounded: a waiter that is slow sees one wake-up, not many.
final class CommitSignal: Sendable {
  private let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])
  private let nextID = Atomic<Int>(0)

  func notify() { listeners.withLock { for l in $0.values { l.yield() } } }

  func wakeUps() -> AsyncStream<Void> {
    let id = nextID.add(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { [weak self] _ in _ = self?.listeners.withLock { $0.removeValue(forKey: id) } }
    listeners.withLock { $0[id] = continuation }
    return stream
  }
}
