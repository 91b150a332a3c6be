import Foundation
import Logging
import Store
import Synchronization

/// Has the whole database looked through soon after each start and then once a day, on a thread that yields to all others. A worn-out card
/// damages pages that nobody may read for months: what is found early can be restored from a backup that is not damaged yet.
final class DamageWatch: Sendable {
  /// Seconds from the start to the first look, and between two.
  private static let delay = 2.0
  private static let period = 86_400.0

  private let check: DamageCheck
  private let logger: Logger
  private let isStopping = Atomic<Bool>(false)
  private let wake = DispatchSemaphore(value: 0)

  init(directory: String, logger: Logger) {
    check = DamageCheck(directory: directory)
    self.logger = logger
  }

  /// Until `stop()`. Throws `StoreError.corrupt`.
  func run() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let thread = Thread { [self] in
        // On Linux this is of the thread alone; the priority of its disk access follows from it.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
        continuation.resume(with: Result { try watch() })
      }
      thread.name = "damage"
      thread.start()
    }
  }

  func stop() {
    isStopping.store(true, ordering: .releasing)
    check.cancel()
    wake.signal()
  }

  private func watch() throws {
    var pause = DamageWatch.delay
    while true {
      _ = wake.wait(timeout: .now() + pause)
      if isStopping.load(ordering: .acquiring) { return }
      do {
        try check.run()
      } catch StoreError.io(let operation, let detail) {
        logger.error(
          "データベースを点検できません / cannot look through the database", metadata: ["operation": "\(operation)", "detail": "\(detail)"])
      }
      pause = DamageWatch.period
    }
  }
}
