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

  /// How far the wall clock may lie behind the readings before it is taken for wrong, ms: more than a reading may lie ahead of it.
  static let slack: Int64 = 360_000

  /// The present: the wall clock, or, when that was set back behind the readings seen, the time that they tell. Otherwise every reading
  /// would be one from the future, and be refused.
  public func present(monotonic: Int64, wall: Timestamp) -> Timestamp {
    guard let newest else { return wall }
    let moved = newest.adding(milliseconds: max(0, monotonic - seenAt))
    return wall < moved.adding(milliseconds: -EventTimeClock.slack) ? moved : wall
  }

  /// Whether the wall clock can be right when a run begins: not before this program was made, nor before the readings that are stored.
  public func isPossible(wall: Timestamp) -> Bool {
    let floor = newest?.adding(milliseconds: -EventTimeClock.slack) ?? EventTimeClock.made
    return wall >= max(floor, EventTimeClock.made)
  }

  /// 2026-11-01
  private static let made = Timestamp(seconds: 1_793_491_200)

  /// The event time to judge silence at, or nil before the first reading.
  public func now(monotonic: Int64, wall: Timestamp) -> Timestamp? {
    guard let newest else { return nil }
    let moved = newest.adding(milliseconds: max(0, monotonic - seenAt))
    return max(newest, min(moved, wall))
  }
}
