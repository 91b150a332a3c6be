import Foundation
import Logging
import Settings
import Synchronization

/// The service within the bench's process.
final class BenchService: Sendable {
  private let service: MizumoriService
  private let outcome = Mutex<Result<Void, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ settings: MizumoriSettings) {
    var logger = Logger(label: "bench")
    logger.logLevel = .critical
    service = MizumoriService(settings: settings, version: "bench", brokerWait: 20, logger: logger)
    Task { [self] in
      do {
        try await service.run()
        outcome.withLock { $0 = .success(()) }
      } catch {
        outcome.withLock { $0 = .failure(error) }
      }
      done.signal()
    }
  }

  /// Blocks until it is subscribed; throws what ended it, or what `live` throws.
  func waitUntilReady(_ live: () throws -> Void) throws {
    while !service.hasBeenReady {
      try check()
      try live()
      usleep(20_000)
    }
  }

  /// Readings that it has judged.
  var readings: Int { service.readings }

  /// Throws what ended it before it was told to.
  func check() throws {
    try outcome.withLock { $0 }?.get()
  }

  /// Ends it; returns when it has ended.
  func stop() {
    service.stop()
    done.wait()
    done.signal()
  }
}
