import Synchronization
import Web

/// A source in memory: two meters, one of them leaking, and live updates that the test pushes.
final class FixtureSource: PageSource {
  struct Broken: Error {}

  private struct Live {
    var listeners: [Int: AsyncStream<LiveUpdate>.Continuation] = [:]
    var opened = 0
  }
  private let live = Mutex(Live())

  /// How often somebody began to listen.
  var timesOpened: Int { live.withLock { $0.opened } }
  var hasListener: Bool { live.withLock { !$0.listeners.isEmpty } }

  func push(_ update: LiveUpdate) {
    let listeners = live.withLock { $0.listeners.values }
    for l in listeners { l.yield(update) }
  }

  func finish() {
    let listeners = live.withLock { l in
      defer { l.listeners = [:] }
      return l.listeners.values
    }
    for l in listeners { l.finish() }
  }

  func liveUpdates() -> AsyncStream<LiveUpdate> {
    let (stream, continuation) = AsyncStream.makeStream(of: LiveUpdate.self, bufferingPolicy: .bufferingNewest(4096))
    let number = live.withLock { l in
      l.opened += 1
      l.listeners[l.opened] = continuation
      return l.opened
    }
    continuation.onTermination = { [weak self] _ in self?.live.withLock { l in _ = l.listeners.removeValue(forKey: number) } }
    return stream
  }

  func metrics() -> String { "x 1\n" }
  func notReady() -> [String] { ["broker"] }
}
