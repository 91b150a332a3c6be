/// What kind of day it is, as demand sees it.
public enum DayType: UInt8, Sendable, CaseIterable {
  case workday = 0
  case saturday = 1
  /// Sundays, 祝日 and local special days.
  case holiday = 2
}

/// Local time as a fixed offset from UTC, and the kinds of days.
public struct LocalCalendar: Hashable, Sendable {
  /// Seconds east of UTC; 32,400 in Japan. −50,400…50,400.
  public let offset: Int
  /// Extra rest days of the utility (festival, お盆 …), days since 1970-01-01 local, sorted.
  public let specialDays: [Int32]

  public init(offset: Int = 32_400, specialDays: [Int32] = []) {
    self.offset = offset
    self.specialDays = specialDays.sorted()
  }

  public static let japan = LocalCalendar()

  /// Days since 1970-01-01 in local time.
  @inlinable public func day(of t: Timestamp) -> Int {
    let local = t.milliseconds + Int64(offset) * 1000
    return Int(local >= 0 ? local / 86_400_000 : -((86_399_999 - local) / 86_400_000))
  }

  /// Milliseconds since local midnight, 0..<86,400,000.
  @inlinable public func millisecondOfDay(of t: Timestamp) -> Int {
    Int(t.milliseconds + Int64(offset) * 1000 - Int64(day(of: t)) * 86_400_000)
  }

  /// Local midnight at the start of `day`.
  @inlinable public func midnight(ofDay day: Int) -> Timestamp {
    Timestamp(milliseconds: Int64(day) * 86_400_000 - Int64(offset) * 1000)
  }
}
