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
  /// Whoever waits in `run()`.
  private let waiting = Mutex<CheckedContinuation<Void, any Error>?>(nil)

  init(directory: String, logger: Logger) {
    check = DamageCheck(directory: directory)
    self.logger = logger
  }

  /// Until `stop()`, which it does not wait for: on a busy machine the thread may get no turn for many seconds. It ends by itself, or with
  /// the process; its connection only reads. Throws `StoreError.corrupt`.
  func run() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      waiting.withLock { $0 = continuation }
      if isStopping.load(ordering: .acquiring) { return end(.success(())) }
      let thread = Thread { [self] in
        // On Linux this is of the thread alone; the priority of its disk access follows from it.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
        end(Result { try watch() })
      }
      thread.name = "damage"
      thread.start()
    }
  }

  func stop() {
    isStopping.store(true, ordering: .releasing)
    check.cancel()
    wake.signal()
    end(.success(()))
  }

  private func end(_ result: Result<Void, any Error>) {
    waiting.withLock { w in
      defer { w = nil }
      return w
    }?.resume(with: result)
  }

  private func watch() throws {
    var pause = DamageWatch.delay
    while true {
      _ = wake.wait(timeout: .now() + pause)
      if isStopping.load(ordering: .acquiring) { return }
      do {
        try check.run()
      } catch {
        // What keeps the look from being taken says nothing of the database: only damage ends the service.
        if case .corrupt = error { throw error }
        logger.error("データベースを点検できません / cannot look through the database", metadata: ["error": "\(error)"])
      }
      pause = DamageWatch.period
    }
  }
}
