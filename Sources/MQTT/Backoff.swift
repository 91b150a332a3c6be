/// Delays between attempts to connect: 1 s doubling to 60 s, each with a jitter of ±20 %, back to the start after a stable minute.
public struct Backoff: Sendable {
  public private(set) var attempts = 0
  private var random: UInt64

  public init(seed: UInt64) { random = seed | 1 }

  /// Milliseconds to wait before the next attempt.
  public mutating func next() -> Int64 {
    let base = min(60_000, Int64(1000) << Int64(min(attempts, 6)))
    attempts += 1
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return base * 8 / 10 + Int64(random % UInt64(base * 4 / 10))
  }

  /// Another client took our session: whoever came later may be our successor, so the next attempts are half a minute and more away, and
  /// two that fight for one client id do so once a minute at most.
  public mutating func takenOver() { attempts = max(attempts, 5) }

  /// Notes that a connection ended after it had held for `milliseconds`.
  public mutating func ended(after milliseconds: Int64) { if milliseconds >= 60_000 { attempts = 0 } }
}
