import Foundation
import Logging
import Readings
import Store
import Synchronization

/// Folds the history into hours and days, and writes battery levels down, on a thread that yields to others.
///
/// Every half hour, or every two hours of event time, so that a town played in fast motion has its nights at once. More often would write
/// the same pages again and again: on 1,000 meters each round writes some 1 MB.
final class Rollup: Sendable {
  /// Seconds from the start to the first round, between looks, and until it is tried again after an error.
  private static let delay = 1.0
  private static let period = 15.0
  private static let retry = 60.0
  /// Milliseconds of ours, or of event time, between rounds.
  private static let span: Int64 = 1_800_000
  private static let eventSpan: Int64 = 7_200_000
  /// Rounds of a day that is not played.
  static let roundsPerDay = 48.0
  /// Rows that are not left waiting for that.
  private static let manyRows: Int64 = 400_000

  private let store: RollupStore<RegisterSteps>
  private let batteries: BatteryBook
  private let logger: Logger
  private let isStopping = Atomic<Bool>(false)
  private let wake = DispatchSemaphore(value: 0)
  /// Whoever waits in `ended()`, or how it ended before somebody did.
  private let outcome = Mutex<(waiting: CheckedContinuation<Void, any Error>?, result: Result<Void, any Error>?)>((nil, nil))

  init(directory: String, settings: RollupSettings, batteries: BatteryBook, logger: Logger) throws(StoreError) {
    store = try RollupStore(directory: directory, settings: settings)
    self.batteries = batteries
    self.logger = logger
  }

  /// Blocks its thread until `stop()` or a fault, which `ended()` throws.
  func run() {
    // On Linux this is of the thread alone. Not the lowest: whoever stops the service waits for its present transaction.
    setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
    end(Result { try work() })
  }

  /// Returns when `run()` has. Throws `StoreError`: the database is damaged, or its disk has failed.
  func ended() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let result = outcome.withLock { o in
        if o.result == nil { o.waiting = continuation }
        return o.result
      }
      if let result { continuation.resume(with: result) }
    }
  }

  func stop() {
    isStopping.store(true, ordering: .releasing)
    store.stop()
    wake.signal()
  }

  private func end(_ result: Result<Void, any Error>) {
    let waiting = outcome.withLock { o in
      o.result = result
      defer { o.waiting = nil }
      return o.waiting
    }
    waiting?.resume(with: result)
  }

  private var goesOn: Bool { !isStopping.load(ordering: .acquiring) }

  private func work() throws {
    var last = (wall: Clocks.monotonic() - Rollup.span, event: Timestamp.distantPast)
    var pause = Rollup.delay
    while goesOn {
      _ = wake.wait(timeout: .now() + pause)
      guard goesOn else { return }
      pause = Rollup.period
      do throws(StoreError) {
        let (rows, newest) = try store.backlog()
        guard let newest, rows > 0 else { continue }
        let now = Clocks.monotonic()
        guard rows >= Rollup.manyRows || now - last.wall >= Rollup.span || newest.since(last.event) >= Rollup.eventSpan else { continue }
        try fold()
        last = (now, newest)
      } catch {
        // Only damage ends the service: hours and days can be made later, from the same readings.
        if case .corrupt = error { throw error }
        logger.warning(
          "時間・日ごとの集計を書けません。あとでまた試みます / cannot write hours and days; trying again later", metadata: ["error": "\(error)"])
        pause = Rollup.retry
        continue
      }
      try foldLog()
    }
  }

  private func fold() throws(StoreError) {
    var began = Clocks.monotonic()
    while goesOn {
      let (_, isBehind) = try store.step {
        // As long a pause as the part took, so that readings find their turn.
        _ = wake.wait(timeout: .now() + .milliseconds(Int(min(max(Clocks.monotonic() - began, 5), 200))))
        began = Clocks.monotonic()
      }
      guard isBehind else { break }
    }
    let due = batteries.due()
    try store.record(due)
    batteries.wrote(due)
  }

  /// A disk whose sync has failed ends the service, as it does on the ingest thread.
  private func foldLog() throws(StoreError) {
    do throws(StoreError) {
      try store.checkpoint()
    } catch {
      guard error.isRetryable else { throw error }
    }
  }
}
