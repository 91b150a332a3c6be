import Logging
import Readings
import Settings
import Store

/// Hands an action to whoever owns the data directory: the running service by its API, or, while none runs, this process itself.
public struct ActionClient: Sendable {
  let settings: MizumoriSettings
  let logger: Logger

  public init(settings: MizumoriSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  /// Blocks until all are on disk, in order; the first that is refused ends it.
  /// - Parameter said: told of each that is on disk.
  /// - Throws: `ActionError`, `StoreError`, `ServiceError`.
  public func send(_ requests: [ActionRequest], said: (ActionRequest) -> Void = { _ in }) throws {
    let way: (ActionRequest) throws -> Void
    do {
      way = try OfflineActions(settings: settings, logger: logger).write
    } catch StoreError.locked(let directory, let pid) {
      guard settings.web.isEnabled, settings.web.port > 0 else { throw StoreError.locked(directory: directory, pid: pid) }
      way = post
    }
    for request in requests {
      try way(request)
      said(request)
    }
  }

  private func post(_ request: ActionRequest) throws {
    struct Body: Encodable {
      var action: String
      var event: String?
      var by: String
      var note: String
      var from: String?
      var to: String?
    }
    let body = Body(
      action: request.kind.code, event: request.eventKey, by: request.person, note: request.note,
      from: request.window?.lowerBound.iso8601(offset: 0), to: request.window?.upperBound.iso8601(offset: 0))
    let line = ServiceLine(settings: settings)
    let path = "meters/\(request.sensor)/actions"
    switch try line.post(path, body) {
    case 201: return
    case 404: throw request.eventKey == nil ? ActionError.unknownSensor : .unknownEvent
    case 400, 422: throw request.kind.hasWindow || request.window != nil ? ActionError.badWindow : .badText
    case 409: throw ActionError.nothingToDo
    case let status: throw line.refusal(path, status)
    }
  }
}

/// Actions while no service runs: this process owns the data directory as long as this lives.
private final class OfflineActions {
  private let pipeline: Pipeline

  /// - Throws: `StoreError` (`.locked` while the service runs).
  init(settings: MizumoriSettings, logger: Logger) throws {
    let profiles = ProfileBook(settings)
    let store = try Store(directory: settings.data.directory)
    let recovered = try Recovery(store: store, profiles: profiles, logger: logger).run()
    pipeline = Pipeline(
      store: store, shared: Shared(engine: recovered.engine, sensors: recovered.sensors), profiles: profiles, inputs: [],
      limits: settings.pipelineLimits, logger: logger)
    try pipeline.resume(recovered.sensors, transitions: recovered.transitions)
  }

  /// - Throws: `ActionError`, `StoreError`.
  func write(_ request: ActionRequest) throws {
    _ = try pipeline.apply(request)
    guard try pipeline.commit() else { throw ActionError.notNow }
    pipeline.lastCheckpoint()
  }
}
