import Readings

/// An alert in words: what happened, since when, how much, what to do.
public struct AlertWords: Sendable, Hashable {
  /// One line: `【漏水の疑い・突発】西町配水ブロック`.
  public let title: String
  /// The sentences under it, one a line.
  public let lines: [String]

  /// Title and sentences.
  public var text: String { ([title] + lines).joined(separator: "\n") }

  public init(_ m: AlertMessage, _ language: Language) {
    if m.transition.kind.isLeak {
      (title, lines) = language == .ja ? LeakWords.japanese(m) : LeakWords.english(m)
    } else {
      (title, lines) = language == .ja ? HealthWords.japanese(m) : HealthWords.english(m)
    }
  }
}
