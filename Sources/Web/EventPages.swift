/// Events: what was found, when and why.
public protocol EventPages: Sendable {
  /// Newest opening first.
  /// - Throws: `PageRefusal` for an `after` that is none of ours.
  func events(_ query: EventQuery) throws -> ListPage<EventSummary>
  /// Nil for an unknown event.
  func event(_ key: String) throws -> EventDetail?
  /// What happened since a moment of the wall clock, Unix ms.
  func changes(since: Int64, municipalities: Set<String>) throws -> Changes
}

/// Which events to list.
public struct EventQuery: Hashable, Sendable {
  public var isOpen = false
  public var leaks = false
  /// `EventKind.code`
  public var kind: String?
  /// A meter's id.
  public var sensor: String?
  /// Only those that were open at some time in `from ..< to`, Unix ms.
  public var from: Int64?
  public var to: Int64?
  /// 1…1000
  public var limit = 100
  /// The `next` of the page before.
  public var after: String?
  /// Empty = of all.
  public var municipalities: Set<String> = []

  public init() {}
}
