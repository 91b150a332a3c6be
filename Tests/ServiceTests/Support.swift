import Alerts
import Codecs
import Logging
import Settings
import Store

@testable import Service

extension Logger {
  /// Says nothing unless all is lost.
  static var quiet: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }
}

extension Pipeline {
  /// The pipeline over a data directory, restored as the service does at start.
  /// - Parameter inputs: nil = the standard topics.
  static func open(_ directory: String, settings: MizumoriSettings = .init(), inputs: [Input]? = nil) throws -> Pipeline {
    let profiles = ProfileBook(settings)
    let store = try Store(directory: directory)
    let recovered = try Recovery(store: store, profiles: profiles, logger: .quiet).run()
    let shared = Shared(engine: recovered.engine, sensors: recovered.sensors)
    let pattern = try TopicPattern(TopicPattern.standardText)
    let pipeline = Pipeline(
      store: store, shared: shared, profiles: profiles,
      inputs: inputs ?? [Input(pattern: pattern, decoder: CanonicalDecoder())], limits: settings.pipelineLimits, logger: .quiet)
    try pipeline.resume(recovered.sensors, transitions: recovered.transitions)
    return pipeline
  }

  /// A message as the subscriber hands it over.
  func send(_ topic: String, _ payload: String) {
    var (topic, payload) = (topic, payload)
    topic.withUTF8 { t in payload.withUTF8 { p in receive(topic: t, payload: p, isRetained: false) } }
  }
}
