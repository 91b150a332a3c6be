/// Where the page and the API get what they show. Implemented by the service over store and detector; called from any task.
public protocol PageSource: Sendable {
  func overview() throws -> Overview
  /// Nil for an unknown meter.
  func meter(_ id: String) throws -> MeterDetail?
  /// - Parameters:
  ///   - from, to: Unix ms; nil for the last 7 days of what is stored.
  ///   - points: 10…5000
  func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries?
  /// Newest first; of these municipalities, or of all where the set is empty.
  func events(openOnly: Bool, limit: Int, municipalities: Set<String>) throws -> [EventSummary]
  func event(_ key: String) throws -> EventSummary?
  /// What the detector thought at a moment (Unix ms; nil = now); nil for an unknown meter or one without readings then.
  /// - Throws: `PageRefusal` when that would take too long.
  func moment(_ id: String, at: Int64?) throws -> MomentDetail?
  /// Takes what a person says; returns when it is on disk.
  /// - Throws: `PageRefusal`.
  func act(_ id: String, _ command: ActionCommand) async throws -> ActionSummary
  /// Bounded: a slow reader loses the oldest updates, nothing else suffers.
  func liveUpdates() -> AsyncStream<LiveUpdate>
  /// Prometheus text.
  func metrics() -> String
  /// Why the service is not ready; empty when it is.
  func notReady() -> [String]
}
