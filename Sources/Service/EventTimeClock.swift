import Readings

/// The time that silence is measured in: the newest event time seen plus the monotonic time since it arrived, never beyond the wall clock.
///
/// A wall clock alone would call every meter silent while a backlog of hours is being drained, or after the box booted in 1970.
/// Pure: times come in from the caller. All arguments in milliseconds.
public struct EventTimeClock: Sendable {
  private var newest: Timestamp?
  private var seenAt: Int64 = 0

  public init() {}

  /// Notes the event time of an accepted reading and when it arrived on the monotonic clock.
  ///
  /// Any arrival shows that the stream moves, so the time since is counted from the last one, not from the newest event time.
  public mutating func observe(_ time: Timestamp, monotonic: Int64) {
    newest = max(newest ?? time, time)
    seenAt = monotonic
  }

  /// Starts counting silence anew, after a (re)connection: what the broker kept for us has yet to arrive.
  public mutating func restart(monotonic: Int64) { seenAt = monotonic }

  /// The event time to judge silence at, or nil before the first reading.
  public func now(monotonic: Int64, wall: Timestamp) -> Timestamp? {
    guard let newest else { return nil }
    let moved = newest.adding(milliseconds: max(0, monotonic - seenAt))
    return max(newest, min(moved, wall))
  }
}
