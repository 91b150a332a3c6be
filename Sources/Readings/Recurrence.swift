/// When something is done again and again, in local time: each day, on weekdays, on weeks of the month, on days of the month.
public struct Recurrence: Hashable, Sendable {
  /// 0 = Monday … 6 = Sunday; empty = any.
  public var weekdays: Set<Int> = []
  /// 1 = the first such weekday of the month … 5; empty = any.
  public var weeks: Set<Int> = []
  /// 1…31; empty = any. A month without that day is left out.
  public var days: Set<Int> = []
  /// Days since 1970-01-01 local, both included; nil = without end.
  public var first: Int32?
  public var last: Int32?
  /// Minutes after local midnight, 0…1439.
  public var start: Int
  /// Minutes, 1…1440.
  public var length: Int

  public init(start: Int, length: Int) {
    self.start = start
    self.length = length
  }

  /// The windows that lie, at least in part, in `span`, in order.
  /// - Complexity: O(days in the span)
  public func windows(in span: Range<Timestamp>, _ calendar: LocalCalendar) -> [Range<Timestamp>] {
    let days = (calendar.day(of: span.lowerBound) - 1)...calendar.day(of: span.upperBound)
    return days.lazy.filter(isOn).compactMap { day in
      let from = calendar.midnight(ofDay: day).adding(seconds: Int64(start) * 60)
      let to = from.adding(seconds: Int64(length) * 60)
      return from < span.upperBound && to > span.lowerBound ? from..<to : nil
    }
  }

  private func isOn(_ day: Int) -> Bool {
    if let first, day < Int(first) { return false }
    if let last, day > Int(last) { return false }
    let date = CivilDate(daysSinceEpoch: day)
    return (weekdays.isEmpty || weekdays.contains(date.weekday)) && (weeks.isEmpty || weeks.contains((date.day - 1) / 7 + 1))
      && (days.isEmpty || days.contains(date.day))
  }
}
