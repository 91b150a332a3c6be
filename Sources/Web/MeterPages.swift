/// The utility at a glance, and each meter.
public protocol MeterPages: Sendable {
  /// - Parameter municipalities: whose meters are shown; empty = all.
  func overview(_ municipalities: Set<String>) throws -> Overview
  /// The head of it: cheap.
  func utility() -> UtilitySummary
  /// By id.
  /// - Parameter after: the `next` of the page before.
  func meters(limit: Int, after: String?, municipalities: Set<String>) throws -> ListPage<MeterSummary>
  /// Nil for an unknown meter.
  func meter(_ id: String) throws -> MeterDetail?
  /// - Parameters:
  ///   - from, to: Unix ms; nil for the last 7 days of what is stored.
  ///   - points: 10…5000
  func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries?
  /// What the detector thought at a moment (Unix ms; nil = now); nil for an unknown meter or one without readings then.
  /// - Throws: `PageRefusal` when that would take too long.
  func moment(_ id: String, at: Int64?) throws -> MomentDetail?
  /// Takes what a person says; returns when it is on disk.
  /// - Throws: `PageRefusal`.
  func act(_ id: String, _ command: ActionCommand) async throws -> ActionSummary
}
