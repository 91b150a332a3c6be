import Foundation
import MQTT
import Synchronization

/// One message to a broker, with QoS 1.
struct BrokerMessage: Equatable, Sendable {
  let topic: String
  let payload: String
  let isRetained: Bool
}

/// A connection to the broker for publishing now and then: made when there is something to say, kept while it lives.
///
/// The library's calls may block for as long as the network lets them, so each attempt runs on a thread of its own; one that is overdue is
/// left to its end, and no other begins before that.
final class BrokerLine: Sendable {
  private let settings: BrokerSettings
  private let isBusy = Mutex(false)

  // @unchecked: only the thread of the one attempt under way touches the publisher; `isBusy` sees to that.
  private final class Connection: @unchecked Sendable { var publisher: Publisher? }
  private let connection = Connection()

  init(_ settings: BrokerSettings) { self.settings = settings }

  /// Publishes all and waits until the broker has acknowledged them, at most `seconds`.
  /// - Parameter messages: asked on the thread of the attempt, with whether the connection has just been made; twice when a kept one fails.
  /// - Returns: why not, or nil.
  func publish(_ messages: @escaping @Sendable (_ isNew: Bool) -> [BrokerMessage], seconds: Int, isGivenUp: () -> Bool) -> String? {
    let isFree = isBusy.withLock { busy in
      defer { busy = true }
      return !busy
    }
    guard isFree else { return "the attempt before still hangs" }
    let answer = Answer()
    let thread = Thread { [self] in
      let why = exchange(messages, seconds: seconds)
      isBusy.withLock { $0 = false }
      answer.give(why)
    }
    thread.name = "broker"
    thread.start()
    let end = ContinuousClock.now + .seconds(seconds)
    while !answer.wait(milliseconds: 100) {
      if isGivenUp() { return "broken off: the service stops" }
      if ContinuousClock.now >= end { return "no acknowledgement within \(seconds) s" }
    }
    return answer.why
  }

  /// What the thread of an attempt leaves for who waits for it.
  private final class Answer: Sendable {
    private let state = Mutex<String?>(nil)
    private let done = DispatchSemaphore(value: 0)

    func give(_ why: String?) {
      state.withLock { $0 = why }
      done.signal()
    }

    func wait(milliseconds: Int) -> Bool { done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success }

    var why: String? { state.withLock { $0 } }
  }

  /// On a line that died since the last time the first try fails: it is made anew once.
  private func exchange(_ messages: (Bool) -> [BrokerMessage], seconds: Int) -> String? {
    var tries = connection.publisher == nil ? 1 : 2
    while true {
      do {
        try attempt(messages, seconds: seconds)
        return nil
      } catch {
        connection.publisher = nil
        tries -= 1
        if tries == 0 { return error.description }
      }
    }
  }

  private func attempt(_ ask: (Bool) -> [BrokerMessage], seconds: Int) throws(Publisher.Failure) {
    let publisher: Publisher
    let messages: [BrokerMessage]
    if let kept = connection.publisher, kept.idle(milliseconds: 0) {
      publisher = kept
      messages = ask(false)
    } else {
      publisher = Publisher(settings: settings)
      try publisher.connect()
      connection.publisher = publisher
      messages = ask(true)
    }
    let refused = publisher.refused
    for m in messages { try publisher.publish(topic: m.topic, payload: m.payload, retain: m.isRetained) }
    try publisher.flush(seconds: Int64(seconds))
    guard publisher.refused == refused else {
      throw Publisher.Failure("the broker does not let us publish \(messages.map(\.topic).joined(separator: ", ")): check its ACL")
    }
  }
}
