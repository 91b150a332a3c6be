import Codecs
import Logging
import Readings
import Settings
import Store
import Synchronization

/// The ingest path without a broker: the pipeline of the service over a data directory, fed by the caller. For measurements of it; one
/// thread at a time.
public final class IngestBench {
  private let pipeline: Pipeline

  /// Opens or creates the data directory of the settings and restores the detector as a start does. Throws `StoreError`.
  public init(settings: MizumoriSettings, logger: Logger) throws {
    let profiles = ProfileBook(settings)
    let store = try Store(directory: settings.data.directory)
    let recovered = try Recovery(store: store, profiles: profiles, logger: logger).run()
    pipeline = Pipeline(
      store: store, shared: Shared(engine: recovered.engine, sensors: recovered.sensors), profiles: profiles, inputs: settings.inputs,
      limits: settings.pipelineLimits, logger: logger)
    try pipeline.resume(recovered.sensors, transitions: recovered.transitions)
  }

  /// A batch begins, as when the socket is about to be drained.
  public func begin() { pipeline.begin() }

  /// Takes one message, as the subscriber hands it over.
  public func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>) {
    pipeline.receive(topic: topic, payload: payload, isRetained: false)
  }

  /// Ends the batch: judges and stores what was received since the last time. True when it may be acknowledged.
  public func commit() throws -> Bool {
    pipeline.drained()
    return try pipeline.commit()
  }

  /// Readings judged so far.
  public var readings: Int { pipeline.counters.readings.load(ordering: .relaxed) }

  /// Releases the data directory.
  public func close() { pipeline.store.close() }
}
