/// How many messages the broker sends before it waits for acknowledgements, where that is less than we would let it. Pure: monotonic
/// milliseconds come in.
///
/// Brokers do not tell that number: 1, 10, 20, or as many as we asked for. While so many are pending the broker is silent, however many
/// wait in it. What tells is the moment after our acknowledgements: then comes at once what the silence should have brought. From then on as
/// many messages are committed without waiting for more. By chance it may look so, too: hence the first time, and every ten seconds, it is
/// tried whether one message more comes within a second.
struct BrokerWindow: Sendable {
  /// Milliseconds of silence before a commit that may mean that the broker waits.
  private static let silence: Int64 = 500
  /// Milliseconds after a commit in which a broker that has waited sends the next messages: a mobile network and back.
  private static let answer: Int64 = 300
  /// Milliseconds between tries, and what one takes.
  private static let trust: Int64 = 10_000
  private static let trial: Int64 = 1000

  /// Messages after which it is silent; nil = more than we have seen.
  private(set) var size: Int?
  private var tryAt: Int64 = .min
  private var committedAt: Int64 = .min
  /// Messages of the last commit.
  private var acknowledged = 0
  /// Messages soon after the last commit that show that the broker has waited; nil: nothing would.
  private var missing: Int?
  private var answered = 0
  private var wasTrial = false

  init() {}

  /// When what is pending is to be committed, since no more will come; nil while more may.
  func dueAt(pending: Int, lastAt: Int64) -> Int64? {
    guard let size, pending >= size else { return nil }
    return lastAt >= tryAt ? lastAt + BrokerWindow.trial : lastAt
  }

  /// - Parameters:
  ///   - pending: messages that are acknowledged now, 1 or more.
  ///   - firstAt: when the first and the last of them came.
  mutating func committed(pending: Int, firstAt: Int64, lastAt: Int64, now: Int64) {
    endTrial()
    let quiet = now - lastAt
    if let size, pending >= size {
      wasTrial = lastAt >= tryAt && quiet >= BrokerWindow.trial
      missing = wasTrial ? 1 : nil
    } else if size == nil, quiet >= BrokerWindow.silence {
      // Half of what so long a silence would have brought at the pace before it.
      let expected = Int64(pending) * quiet / max(1, lastAt - firstAt)
      missing = max(min(pending, 2), Int(min(Int64(pending), expected / 2)))
    } else {
      missing = nil
    }
    (acknowledged, answered, committedAt) = (pending, 0, now)
  }

  /// - Parameter pending: with those that came now.
  mutating func received(_ count: Int, pending: Int, now: Int64) {
    if let known = size, pending > known { (size, missing, wasTrial) = (nil, nil, false) }
    guard let missing else { return }
    guard now - committedAt <= BrokerWindow.answer else { return endTrial() }
    answered += count
    guard answered >= missing else { return }
    if size == nil {
      (size, tryAt) = (acknowledged, now)
    } else {
      tryAt = now + BrokerWindow.trust
    }
    (self.missing, wasTrial) = (nil, false)
  }

  /// Nothing came after a trial: the broker does not wait, or not any more.
  private mutating func endTrial() {
    if wasTrial { size = nil }
    (missing, wasTrial) = (nil, false)
  }
}
