import Readings

/// An alert in words: what happened, since when, how much, what to do.
public struct AlertWords: Sendable, Hashable {
  /// One line: `【漏水の疑い・突発】西町配水ブロック`.
  public let title: String
  /// The sentences under it, one a line.
  public let lines: [String]
  /// The last of `lines`, when the message is no news: why it comes again.
  let advice: [String]

  /// Title and sentences.
  public var text: String { ([title] + lines).joined(separator: "\n") }

  public init(_ m: AlertMessage, _ language: Language) {
    let isLeak = m.transition.kind.isLeak
    let (title, lines) =
      switch language {
      case .ja: isLeak ? LeakWords.japanese(m) : HealthWords.japanese(m)
      case .en: isLeak ? LeakWords.english(m) : HealthWords.english(m)
      }
    let mark: String
    (mark, advice) = AlertWords.occasion(m.occasion, language)
    self.title = mark + title
    self.lines = lines + advice
  }

  /// What stands before the title and after the sentences of a message that is no news.
  private static func occasion(_ o: AlertMessage.Occasion, _ language: Language) -> (mark: String, advice: [String]) {
    switch (o, language) {
    case (.news, _): ("", [])
    case (.reminder(let n), .ja): ("［再通知 \(n)］", ["まだ続いています。「確認」か「対応中」を記録すると、再通知は止まります。"])
    case (.reminder(let n), .en): ("[Reminder \(n)] ", ["It goes on. Acknowledge it to end the reminders."])
    case (.unacknowledged(let minutes), .ja): ("［\(minutes) 分間 未確認］", ["\(minutes) 分たっても、だれも確認していません。"])
    case (.unacknowledged(let minutes), .en):
      ("[Unacknowledged for \(minutes) min] ", ["Nobody has acknowledged it for \(minutes) minutes."])
    }
  }
}
