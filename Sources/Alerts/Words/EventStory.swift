import Readings

/// The whole life of one event, for those who ask why.
public struct EventStory: Sendable {
  /// Its transitions as messages, oldest first; never empty.
  public let steps: [AlertMessage]
  /// What the meter upstream is called; nil without one.
  public let upstream: String?
  /// Local time of the night window: minutes after midnight.
  public let night: Range<Int>

  /// Nil without a step.
  public init?(steps: [AlertMessage], upstream: String?, night: Range<Int>) {
    guard !steps.isEmpty else { return nil }
    self.steps = steps
    self.upstream = upstream
    self.night = night
  }

  var first: AlertMessage { steps[0] }
  var last: AlertMessage { steps[steps.count - 1] }
  var isOpen: Bool { last.transition.change != .closed }

  /// The last step with figures of the leak itself: a close tells the flow after it.
  var largest: AlertMessage { steps.max { $0.transition.excess < $1.transition.excess } ?? last }

  /// Everything that ever spoke for it, with the moment when it first did.
  var evidence: [(mark: Evidence, since: Timestamp)] {
    var found: [(mark: Evidence, since: Timestamp)] = []
    for step in steps {
      let t = step.transition
      for bit in 0..<UInt32(32) {
        let mark = Evidence(rawValue: 1 << bit)
        if t.evidence.contains(mark), !found.contains(where: { $0.mark == mark }) { found.append((mark, t.time)) }
      }
    }
    return found
  }
}
