/// When a batch of received messages is committed. Pure: monotonic milliseconds come in.
///
/// At `maximumBatch` messages, and at once when a transition came out: an alert waits for nothing. Otherwise `maximumDelay` after the first
/// uncommitted message (`fewDelay` with fewer than `fewBatch`), unless commits came too often today (`pace`): then a period after the one
/// before it. What is not committed is not acknowledged, and the broker keeps it.
///
/// Nobody shall be held up by that: a burst that ended (`burstBatch` messages at once, then quiet for `quietDelay`) is committed, since a
/// broker that allows 20 in flight waits for us, and so is what a broker with a smaller window has sent (`BrokerWindow`). So many messages that
/// came one by one are committed when the pace allows, or when none has come for `standstill`: on a starved machine a burst looks like that.
public struct GroupCommitPolicy: Sendable {
  /// Messages that one drain of the socket takes at most, too; so pending ones are fewer than twice as many.
  public var maximumBatch = 500
  public var maximumDelay: Int64 = 1000
  public var burstBatch = 16
  public var quietDelay: Int64 = 10
  public var standstill: Int64 = 2000
  public var fewBatch = 10
  /// At least `maximumDelay`.
  public var fewDelay: Int64 = 1000
  /// Milliseconds between commits on the average of a long time, when nothing hurries them; 0 = as they come.
  public var period: Int64 {
    get { pace.period }
    set { pace.period = newValue }
  }

  /// Messages received and not committed.
  public private(set) var pending = 0
  private var firstAt: Int64 = 0
  private var lastAt: Int64 = 0
  private var burst = Burst()
  private var pace = CommitPace()
  private var window = BrokerWindow()

  public init() {}

  /// Notes what one drain took.
  public mutating func received(_ count: Int, now: Int64) {
    guard count > 0 else { return }
    if pending == 0 { firstAt = now }
    pending += count
    lastAt = now
    burst.received(count, now: now)
    window.received(count, pending: pending, now: now)
  }

  /// What was pending is safe, and is acknowledged now.
  public mutating func committed(now: Int64) {
    guard pending > 0 else { return }
    window.committed(pending: pending, firstAt: firstAt, lastAt: lastAt, now: now)
    pace.committed(now: now)
    burst.end()
    pending = 0
  }

  public func isDue(now: Int64, urgent: Bool) -> Bool {
    guard pending > 0 else { return urgent }
    return urgent || pending >= maximumBatch || now >= dueAt
  }

  /// Milliseconds until a commit may be due by time alone, at most `limit`.
  public func wait(now: Int64, limit: Int64) -> Int64 {
    guard pending > 0 else { return limit }
    return max(0, min(dueAt - now, limit))
  }

  private var dueAt: Int64 {
    let delay = pending < fewBatch ? max(fewDelay, maximumDelay) : maximumDelay
    let paced = max(firstAt + delay, min(pace.next, firstAt + max(delay, period)))
    if burst.size >= burstBatch { return min(paced, lastAt + quietDelay) }
    let many = pending >= burstBatch ? min(max(lastAt + quietDelay, pace.next), lastAt + standstill) : paced
    let window = window.dueAt(pending: pending, lastAt: lastAt) ?? paced
    return min(paced, many, window)
  }
}
