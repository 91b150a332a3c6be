/// Events: what was found, when and why.
public protocol EventPages: Sendable {
  /// Newest first; of these municipalities, or of all where the set is empty.
  func events(openOnly: Bool, limit: Int, municipalities: Set<String>) throws -> [EventSummary]
  func event(_ key: String) throws -> EventSummary?
}
