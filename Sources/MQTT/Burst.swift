/// Messages that came close together: what a broker sends at once, in contrast to what trickles in. Pure: monotonic milliseconds come in.
struct Burst: Sendable {
  /// Milliseconds. Messages of one stretch, and of the one right before it, are together.
  private static let stretch: Int64 = 25

  private var began: Int64?
  private var count = 0
  private var before = 0

  /// Messages of the last 25 to 50 ms before the newest.
  var size: Int { count + before }

  mutating func received(_ n: Int, now: Int64) {
    let age = began.map { now - $0 } ?? .max
    if age >= Burst.stretch {
      before = age < 2 * Burst.stretch ? count : 0
      (began, count) = (now, 0)
    }
    count += n
  }

  mutating func end() { (began, count, before) = (nil, 0, 0) }
}
