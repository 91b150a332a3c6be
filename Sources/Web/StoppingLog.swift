import Logging
import Synchronization

/// Passes on what the HTTP library says, until the server is being stopped: that it was interrupted then is no fault.
struct StoppingLog: LogHandler {
  final class Switch: Sendable {
    let isStopping = Atomic<Bool>(false)
  }

  let stop: Switch
  let logger: Logger
  var logLevel = Logger.Level.error
  var metadata = Logger.Metadata()

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    guard !stop.isStopping.load(ordering: .relaxed) else { return }
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    logger.log(level: event.level, event.message, metadata: all, source: event.source)
  }
}
