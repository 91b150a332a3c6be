/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// The core never asks a clock or a time-zone database. Local time is this value plus a fixed offset
/// (Japan has had no daylight saving time since 1951), held by `LocalCalendar`.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Milliseconds since the Unix epoch, negative before it.
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  @inlinable public init(seconds: Int64) { self.milliseconds = seconds &* 1000 }

  /// Whole seconds since the epoch, rounded down.
  @inlinable public var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : -((999 - milliseconds) / 1000) }

  @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
  @inlinable public func adding(milliseconds d: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds &+ d) }
  @inlinable public func adding(seconds d: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds &+ d &* 1000) }
  /// `self − other` in milliseconds.
  @inlinable public func since(_ other: Timestamp) -> Int64 { milliseconds &- other.milliseconds }

  public static let distantPast = Timestamp(milliseconds: Int64.min / 4)
}

/// A calendar date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Sendable, Comparable {
  public var year: Int
  /// 1…12
  public var month: Int
  /// 1…31
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// From days since 1970-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).
  public init(daysSinceEpoch days: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let doe = z - era * 146_097
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
    let mp = (5 * doy + 2) / 153
    day = doy - (153 * mp + 2) / 5 + 1
    month = mp < 10 ? mp + 3 : mp - 9
    year = yoe + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01. The inverse of `init(daysSinceEpoch:)`.
  public var daysSinceEpoch: Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yoe = y - era * 400
    let doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy
    return era * 146_097 + doe - 719_468
  }

  /// 0 = Monday … 6 = Sunday.
  public var weekday: Int {
    let w = (daysSinceEpoch + 3) % 7
    return w < 0 ? w + 7 : w
  }

  /// Whether the month and day exist in that year.
  public var isValid: Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    return day <= CivilDate.length(ofMonth: month, year: year)
  }

  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: return 30
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: return 31
    }
  }

  public static func < (a: CivilDate, b: CivilDate) -> Bool { a.daysSinceEpoch < b.daysSinceEpoch }
}
