import Readings

/// Decides what follows an attempt. Pure: times and the jitter's seed come in. Unix milliseconds throughout.
public struct DeliveryMachine: Sendable {
  /// Delay before attempt 1, 2, 3 … in milliseconds.
  public static let delays: [Int64] = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map { $0 * 1000 }
  /// How long an endpoint that says 429, 502 or 504 is left alone, at least.
  public static let slowDown: Int64 = 60_000
  /// `Retry-After` beyond this is cut to it.
  public static let longestWait: Int64 = 86_400_000

  /// What to do after an attempt.
  public enum Next: Equatable, Sendable {
    case delivered(status: Int)
    /// `slow`: the whole endpoint rests until then, not only this delivery.
    case retry(due: Int64, slow: Bool, status: Int?, error: String)
    /// The last attempt: into the failed list.
    case failed(status: Int?, error: String)
    /// 410: the endpoint wants no more.
    case disable(status: Int, error: String)
  }

  /// - Parameters:
  ///   - attempt: 1 for the first.
  ///   - seed: varies the delay by up to ±10 %, so that retries to one endpoint do not come in step.
  public static func next(attempt: Int, outcome: AttemptOutcome, now: Int64, seed: UInt64) -> Next {
    var wait: Int64 = 0
    let (status, error, slow): (Int?, String, Bool)
    switch outcome {
    case .delivered(let status): return .delivered(status: status)
    case .gone(let status, let error): return .disable(status: status, error: error)
    case .retry(let code, let why, let isBusy, let retryAfter):
      (status, error, slow) = (code, why, isBusy)
      if slow { wait = slowDown }
      if let text = retryAfter, let asked = RetryAfter.milliseconds(text, now: now) { wait = max(wait, min(asked, longestWait)) }
    }
    guard attempt < delays.count else { return .failed(status: status, error: error) }
    return .retry(due: now + max(wait, jittered(delays[attempt], seed: seed)), slow: slow, status: status, error: error)
  }

  private static func jittered(_ delay: Int64, seed: UInt64) -> Int64 {
    // SplitMix64 (Steele, Lea, Flood 2014): one step is enough for a jitter.
    var z = seed &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    let share = Int64((z ^ (z >> 31)) % 2001) - 1000
    return delay + delay / 10 * share / 1000
  }
}

/// The header `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3).
enum RetryAfter {
  /// Milliseconds from `now`; nil when it is neither.
  static func milliseconds(_ text: String, now: Int64) -> Int64? {
    if let seconds = Int64(text), seconds >= 0 { return min(seconds, 10_000_000) * 1000 }
    // Sun, 06 Nov 1994 08:49:37 GMT
    let p = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    // The length and the hour, because ISO 8601 also knows `08:49`, fractions and 24:00.
    guard p.count == 6, p[5] == "GMT", let month = months.firstIndex(of: String(p[2])), p[4].utf8.count == 8, !p[4].hasPrefix("24"),
      let date = Timestamp(iso8601: "\(p[3])-\(twoDigits(month + 1))-\(twoDigits(p[1]))T\(p[4])Z")
    else { return nil }
    return max(0, date.milliseconds - now)
  }

  private static func twoDigits(_ part: some CustomStringConvertible) -> String {
    let text = part.description
    return text.utf8.count == 1 ? "0" + text : text
  }
}
