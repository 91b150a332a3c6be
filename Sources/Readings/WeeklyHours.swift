/// Spans of the day in local time, each on some kinds of days: who is on duty when, and when people sleep.
public struct WeeklyHours: Hashable, Sendable {
  /// One span, `start ..< end` in minutes after local midnight; `end` ≤ `start` goes across midnight.
  ///
  /// The kind of day is that of the moment asked for, not of the evening before.
  public struct Span: Hashable, Sendable {
    /// 0…1439
    public let start: Int
    /// 0…1440
    public let end: Int
    public let days: Set<DayType>

    public init(start: Int, end: Int, days: Set<DayType> = Set(DayType.allCases)) {
      self.start = start
      self.end = end
      self.days = days
    }

    fileprivate func contains(minute: Int, _ day: DayType) -> Bool {
      guard days.contains(day) else { return false }
      return start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }
  }

  public let spans: [Span]

  public init(_ spans: [Span]) { self.spans = spans }

  public func contains(_ t: Timestamp, _ calendar: LocalCalendar) -> Bool {
    let day = calendar.dayType(ofDay: calendar.day(of: t))
    let minute = calendar.millisecondOfDay(of: t) / 60_000
    return spans.contains { $0.contains(minute: minute, day) }
  }

  /// The first minute from `t` on that lies outside; `t` itself when it does. A week at most: hours without an end do not hold anything
  /// for ever.
  /// - Complexity: O(minutes until then)
  public func end(from t: Timestamp, _ calendar: LocalCalendar) -> Timestamp {
    guard contains(t, calendar) else { return t }
    let minute: Int64 = 60_000
    var at = t.adding(milliseconds: minute - Int64(calendar.millisecondOfDay(of: t)) % minute)
    for _ in 0..<(7 * 1440) where contains(at, calendar) { at = at.adding(milliseconds: minute) }
    return at
  }
}
