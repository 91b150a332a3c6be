/// How freely one receiver may be sent messages: it grows tighter the more of them went out.
///
/// In quiet times a handful goes out one by one. After a group, or after `burst` messages in `span`, what follows waits and goes out
/// together: first for a minute, then, while it does not end, for twice as long each time, at most ten minutes. What is urgent never waits
/// longer than the first minute. Pure; milliseconds.
public struct StormGauge: Sendable {
  /// More messages at once than this are one group.
  public static let limit = 3
  public static let burst = 6
  public static let span: Int64 = 300_000
  public static let firstRest: Int64 = 60_000
  public static let longestRest: Int64 = 600_000

  private var sent: [Int64] = []
  private var rest: Int64 = 0
  private var restsUntil: Int64 = 0

  public init() {}

  /// When a message that is due may go out.
  public func earliest(_ due: Int64, isUrgent: Bool) -> Int64 {
    let end = isUrgent ? min(restsUntil, (sent.last ?? 0) + StormGauge.firstRest) : restsUntil
    return max(due, end)
  }

  /// More waiting messages than this are sent as a group.
  public func limit(now: Int64) -> Int { isStorm(now) ? 1 : StormGauge.limit }

  /// A message went out.
  public mutating func note(isGroup: Bool, now: Int64) {
    let isStorm = isGroup || isStorm(now)
    sent.removeAll { now - $0 >= StormGauge.span || $0 > now }
    sent.append(now)
    guard isStorm || self.isStorm(now) else { return }
    let goesOn = now - restsUntil < max(rest, StormGauge.firstRest)
    rest = goesOn && rest > 0 ? min(rest * 2, StormGauge.longestRest) : StormGauge.firstRest
    restsUntil = now + rest
  }

  private func isStorm(_ now: Int64) -> Bool {
    now - restsUntil < rest || sent.count { (0..<StormGauge.span).contains(now - $0) } >= StormGauge.burst
  }
}
