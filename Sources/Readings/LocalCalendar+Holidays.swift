extension LocalCalendar {
  /// What kind of day a local day number (days since 1970-01-01) is. Closed form, a few dozen operations, no allocation.
  public func dayType(ofDay day: Int) -> DayType {
    let date = CivilDate(daysSinceEpoch: min(max(day, -700_000), 2_900_000))
    let weekday = date.weekday
    if weekday == 6 || JapaneseHolidays.contains(date) || JapaneseHolidays.isCustomary(date) || isSpecial(day) { return .holiday }
    return weekday == 5 ? .saturday : .workday
  }

  /// Whether the utility named that day a rest day. O(log specialDays).
  private func isSpecial(_ day: Int) -> Bool {
    var low = 0
    var high = specialDays.count
    while low < high {
      let middle = (low + high) / 2
      if Int(specialDays[middle]) < day { low = middle + 1 } else { high = middle }
    }
    return low < specialDays.count && Int(specialDays[low]) == day
  }
}

/// 国民の祝日 by rule, from 1973 (substitute holidays) to 2099 under the law as of 2026.
///
/// Source: 国民の祝日に関する法律 (昭和23年法律第178号) with its amendments and the special laws of 1989, 1990, 1993, 2018 (改元)
/// and 2020/2021 (オリンピック特措法). Equinoxes after the formula of the Hydrographic Office of Japan (valid 1980–2099); the official
/// dates are announced in February of the year before.
public enum JapaneseHolidays {
  /// Whether the date is a national holiday, a substitute (振替休日) or an in-between one (国民の休日).
  public static func contains(_ date: CivilDate) -> Bool {
    guard date.year >= 1973 else { return false }
    if isNamed(date) { return true }
    return isSubstitute(date) || isBetween(date)
  }

  /// 年末年始 (29 December to 3 January) and お盆 (13 to 16 August): no holidays by law, but most people are at home.
  public static func isCustomary(_ d: CivilDate) -> Bool {
    switch d.month {
    case 1: d.day <= 3
    case 8: d.day >= 13 && d.day <= 16
    case 12: d.day >= 29
    default: false
    }
  }

  /// 祝日 proper, without 振替休日 and 国民の休日.
  static func isNamed(_ d: CivilDate) -> Bool {
    switch d.month {
    case 1: d.day == 1 || (d.year >= 2000 ? isMonday(d, 2) : d.day == 15)
    case 2: d.day == 11 || (d.year >= 2020 && d.day == 23) || (d.year == 1989 && d.day == 24)
    case 3: d.day == springEquinox(d.year)
    case 4: d.day == 29 || (d.year == 2019 && d.day == 30)
    case 5: d.day == 3 || d.day == 5 || (d.year >= 2007 && d.day == 4) || (d.year == 2019 && (d.day == 1 || d.day == 2))
    case 6: d.year == 1993 && d.day == 9
    case 7: isNamedInJuly(d)
    case 8: isNamedInAugust(d)
    case 9: (d.year >= 2003 ? isMonday(d, 3) : d.day == 15) || d.day == autumnEquinox(d.year)
    case 10: isNamedInOctober(d)
    case 11: d.day == 3 || d.day == 23 || (d.year == 1990 && d.day == 12)
    default: d.year >= 1989 && d.year <= 2018 && d.day == 23
    }
  }

  private static func isNamedInJuly(_ d: CivilDate) -> Bool {
    switch d.year {
    case 2020: d.day == 23 || d.day == 24
    case 2021: d.day == 22 || d.day == 23
    case 2003...: isMonday(d, 3)
    case 1996...: d.day == 20
    default: false
    }
  }

  private static func isNamedInAugust(_ d: CivilDate) -> Bool {
    switch d.year {
    case 2020: d.day == 10
    case 2021: d.day == 8
    case 2016...: d.day == 11
    default: false
    }
  }

  private static func isNamedInOctober(_ d: CivilDate) -> Bool {
    switch d.year {
    case 2019: d.day == 22 || isMonday(d, 2)
    case 2020, 2021: false
    case 2000...: isMonday(d, 2)
    default: d.day == 10
    }
  }

  /// 振替休日: the day after a holiday on a Sunday; since 2007 the next day that is no holiday itself.
  private static func isSubstitute(_ d: CivilDate) -> Bool {
    if d.weekday == 6 { return false }
    var back = CivilDate(daysSinceEpoch: d.daysSinceEpoch - 1)
    // Before 2007 only the Monday after; first on 1973-04-30.
    if d.year < 2007 { return back.weekday == 6 && isNamed(back) && d >= CivilDate(year: 1973, month: 4, day: 12) }
    for _ in 0..<7 {
      guard isNamed(back) else { return false }
      if back.weekday == 6 { return true }
      back = CivilDate(daysSinceEpoch: back.daysSinceEpoch - 1)
    }
    return false
  }

  /// 国民の休日: a day between two holidays, since 1985-12-27; before 2007 not on a Sunday or a substitute Monday.
  private static func isBetween(_ d: CivilDate) -> Bool {
    guard d >= CivilDate(year: 1985, month: 12, day: 27), d.weekday != 6 else { return false }
    let n = d.daysSinceEpoch
    return isNamed(CivilDate(daysSinceEpoch: n - 1)) && isNamed(CivilDate(daysSinceEpoch: n + 1))
  }

  private static func isMonday(_ d: CivilDate, _ nth: Int) -> Bool { d.weekday == 0 && (d.day - 1) / 7 == nth - 1 }

  /// 春分日, day of March.
  static func springEquinox(_ year: Int) -> Int { equinox(year, 20.8431, 20.8357) }
  /// 秋分日, day of September.
  static func autumnEquinox(_ year: Int) -> Int { equinox(year, 23.2488, 23.2588) }

  private static func equinox(_ year: Int, _ from1980: Double, _ before: Double) -> Int {
    let since = Double(year - 1980) * 0.242194
    // Before 1980 the leap days are counted from 1983.
    if year < 1980 { return Int(before + since) - Int((Double(year - 1983) / 4).rounded(.towardZero)) }
    return Int(from1980 + since) - (year - 1980) / 4
  }
}
