import Alerts
import Foundation
import Logging
import Store
import Synchronization

/// Writes the JSON-lines log from the outbox, on a thread of its own: what is missing in the file is written, nothing twice.
final class LogFollower: Sendable {
  private let path: String
  private let reader: StoreReader
  private let messages: MessageMaker
  private let logger: Logger
  private let state = Atomic<Int>(0)
  private let wake = DispatchSemaphore(value: 0)
  private static let reopenBit = 1
  private static let stopBit = 2

  init(path: String, reader: StoreReader, messages: MessageMaker, logger: Logger) {
    self.path = path
    self.reader = reader
    self.messages = messages
    self.logger = logger
  }

  func poke() { wake.signal() }

  /// After a rotation renamed the file (SIGHUP).
  func reopen() {
    state.bitwiseOr(LogFollower.reopenBit, ordering: .releasing)
    poke()
  }

  func stop() {
    state.bitwiseOr(LogFollower.stopBit, ordering: .releasing)
    poke()
  }

  /// Follows until `stop()`, and then once more.
  func run() {
    var log: EventLog?
    while true {
      let flags = state.bitwiseAnd(LogFollower.stopBit, ordering: .acquiringAndReleasing).oldValue
      do {
        if log == nil { log = try EventLog(path: path) }
        if flags & LogFollower.reopenBit != 0 { try log?.reopen() }
        try follow(log)
      } catch {
        logger.error("事象の記録を書けません。5 秒後にやり直します / cannot write the event log; trying again", metadata: ["error": "\(error)"])
        log = nil
      }
      if flags & LogFollower.stopBit != 0 { return }
      _ = wake.wait(timeout: .now() + 5)
      // Several signals of one commit burst are one round.
      while wake.wait(timeout: .now()) == .success {}
    }
  }

  private func follow(_ log: EventLog?) throws {
    guard let log else { return }
    while true {
      let rows = try reader.outbox(after: log.lastSeq, limit: 500)
      if rows.isEmpty { return }
      try log.append(rows.map(messages.message))
    }
  }
}
