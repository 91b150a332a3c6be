import Foundation
import Synchronization
import TestSupport

@testable import MQTT

struct CommitFailure: Error {}

/// Collects messages and states; commits as told.
final class RecordingHandler: IngestHandler, @unchecked Sendable {
  // @unchecked: the subscriber's thread writes, tests read, both through the lock.
  struct State {
    var received: [String] = []
    var committed: [String] = []
    var commits = 0
    var refusedCommits = 0
    var ticks = 0
    var states: [ConnectionState] = []
    /// False: the disk is full.
    var accepts = true
    /// The next commit throws, as a failed fsync does.
    var fails = false

    func count(_ state: ConnectionState) -> Int { states.count { $0 == state } }
    var losses: Int { states.count { if case .lost = $0 { true } else { false } } }
  }
  let state = Mutex(State())

  func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
    state.withLock { $0.received.append(String(decoding: payload, as: UTF8.self)) }
  }

  func commit() throws -> Bool {
    try state.withLock { s in
      if s.fails { throw CommitFailure() }
      guard s.accepts else {
        s.refusedCommits += 1
        return false
      }
      s.commits += 1
      s.committed += s.received
      s.received = []
      return true
    }
  }

  var wantsCommit: Bool { false }
  func tick() { state.withLock { $0.ticks += 1 } }
  func connection(_ new: ConnectionState) { state.withLock { $0.states.append(new) } }

  func eventually(_ condition: (State) -> Bool, seconds: Double = 15) -> Bool {
    TestSupport.eventually(seconds: seconds) { state.withLock { condition($0) } }
  }

  /// Whether commits succeed from now on.
  func accepts(_ value: Bool) { state.withLock { $0.accepts = value } }

  func failNextCommit() { state.withLock { $0.fails = true } }

  var snapshot: State { state.withLock { $0 } }
}

/// A subscriber on a thread of its own.
final class RunningSubscriber {
  let handler: RecordingHandler
  private let subscriber: Subscriber
  private let done = DispatchSemaphore(value: 0)

  init(_ settings: BrokerSettings, handler: RecordingHandler = RecordingHandler()) {
    self.handler = handler
    let subscriber = Subscriber(settings: settings, handler: handler)
    self.subscriber = subscriber
    Thread { [done] in
      try? subscriber.run()
      done.signal()
    }.start()
  }

  /// Whether `run()` returns by itself within the time.
  func hasEnded(seconds: Double) -> Bool {
    guard done.wait(timeout: .now() + seconds) == .success else { return false }
    done.signal()
    return true
  }

  /// Seconds that the stop took; nil when `run()` had not returned after 20 s.
  @discardableResult
  func stop() -> Double? {
    let begin = Date()
    subscriber.stop()
    guard done.wait(timeout: .now() + 20) == .success else { return nil }
    return Date().timeIntervalSince(begin)
  }
}

extension BrokerSettings {
  /// Subscribed to `t/#` on a port of this machine.
  static func test(_ port: Int, _ id: String = "sub") -> BrokerSettings {
    var s = BrokerSettings(host: "127.0.0.1", port: port, clientID: id)
    s.subscriptions = ["t/#"]
    return s
  }
}

/// Publishes the numbers of the range to `t/x`, each acknowledged by the broker.
func publish(_ range: Range<Int>, port: Int) throws {
  let p = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: port, clientID: "pub"))
  try p.connect()
  for n in range { try p.publish(topic: "t/x", payload: "\(n)") }
  try p.flush()
  p.disconnect()
}
