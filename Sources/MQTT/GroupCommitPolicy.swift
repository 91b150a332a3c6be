/// When a batch of received messages is committed. Pure: monotonic milliseconds come in.
///
/// At `maximumBatch` messages, `maximumDelay` after the first uncommitted one, at once when a transition came out, and when the socket has
/// been quiet for `quietDelay` with at least `quietBatch` messages pending: a broker that allows only 20 in flight waits for our
/// acknowledgements, and would otherwise send 20 messages a second.
///
/// Fewer than `fewBatch` messages wait for `fewDelay`: meters that send one by one the whole day would otherwise cost a page of an SD card
/// a second. No broker is held up by so few, and an alert does not wait for it.
public struct GroupCommitPolicy: Sendable {
  /// Messages that one drain of the socket takes at most, too; so pending ones are fewer than twice as many.
  public var maximumBatch = 500
  public var maximumDelay: Int64 = 1000
  public var quietBatch = 16
  public var quietDelay: Int64 = 10
  public var fewBatch = 10
  /// At least `maximumDelay`.
  public var fewDelay: Int64 = 1000

  /// Messages received and not committed.
  public private(set) var pending = 0
  private var firstAt: Int64 = 0
  private var lastAt: Int64 = 0

  public init() {}

  /// Notes what one drain took.
  public mutating func received(_ count: Int, now: Int64) {
    guard count > 0 else { return }
    if pending == 0 { firstAt = now }
    pending += count
    lastAt = now
  }

  public mutating func committed() { pending = 0 }

  public func isDue(now: Int64, urgent: Bool) -> Bool {
    guard pending > 0 else { return urgent }
    return urgent || pending >= maximumBatch || now - firstAt >= delay || (pending >= quietBatch && now - lastAt >= quietDelay)
  }

  /// Milliseconds until a commit may be due by time alone, at most `limit`.
  public func wait(now: Int64, limit: Int64) -> Int64 {
    guard pending > 0 else { return limit }
    var w = delay - (now - firstAt)
    if pending >= quietBatch { w = min(w, quietDelay - (now - lastAt)) }
    return max(0, min(w, limit))
  }

  private var delay: Int64 { pending < fewBatch ? max(fewDelay, maximumDelay) : maximumDelay }
}
