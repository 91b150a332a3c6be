import Readings

extension MomentScanner {
  /// A date, or nil with nothing consumed. Years 1970…2199.
  mutating func date() -> Int? {
    let from = i
    if let day = compactDate() ?? writtenDate(from) { return day }
    rewind(to: from)
    return nil
  }

  /// `20261123`, `202611230905`, `20261123090500`: only the date is consumed.
  private mutating func compactDate() -> Int? {
    let from = i
    guard let all = number(most: 14), all.digits == 8 || all.digits == 12 || all.digits == 14 else {
      rewind(to: from)
      return nil
    }
    rewind(to: from + 8)
    var v = all.value
    for _ in 8..<all.digits { v /= 10 }
    return MomentScanner.day(v / 10_000, v / 100 % 100, v % 100)
  }

  private mutating func writtenDate(_ from: Int) -> Int? {
    rewind(to: from)
    let base = era()
    if base != nil { skipBlanks() }
    guard let y = base != nil && take("元") ? (1, 2) : number(most: 4) else { return nil }
    let year: Int
    if let base {
      guard y.1 <= 2 else { return nil }
      year = base + y.0
    } else if y.1 == 4 {
      year = y.0
    } else {
      // 26/11/23; below 20 it could as well be a day or a month.
      guard y.1 == 2, y.0 >= 20 else { return nil }
      year = 2000 + y.0
    }
    guard let m = part(after: "年"), let d = part(after: "月", or: m.sign) else { return nil }
    if d.sign == nil, !take("日") { return nil }
    return MomentScanner.day(year, m.value, d.value)
  }

  /// The year before the era's first.
  private mutating func era() -> Int? {
    if take("令和") || take("㋿") { return 2018 }
    if take("平成") { return 1988 }
    if take("昭和") { return 1925 }
    let from = i
    let base = take(82) || take(114) ? 2018 : take(72) || take(104) ? 1988 : take(83) || take(115) ? 1925 : nil
    guard let base else { return nil }
    _ = take(46)
    let digits = i
    guard number(most: 2) != nil || take("元") else {
      rewind(to: from)
      return nil
    }
    rewind(to: digits)
    return base
  }

  /// The number after a separator: the kanji, or one sign that must be `sign` where that is given. Nil sign = kanji.
  private mutating func part(after kanji: StaticString, or sign: UInt8? = nil) -> (value: Int, sign: UInt8?)? {
    skipBlanks()
    var found: UInt8?
    if !take(kanji) {
      if let sign {
        guard take(sign) else { return nil }
        found = sign
      } else {
        found = take(47) ? 47 : take(45) ? 45 : take(46) ? 46 : nil
        if found == nil { return nil }
      }
    }
    skipBlanks()
    guard let n = number(most: 2) else { return nil }
    return (n.value, found)
  }

  private static func day(_ y: Int, _ m: Int, _ d: Int) -> Int? {
    let date = CivilDate(year: y, month: m, day: d)
    return (1970...2199).contains(y) && date.isValid ? date.daysSinceEpoch : nil
  }

  // MARK: - Time of day

  private enum Half { case morning, afternoon }

  private mutating func half() -> Half? {
    skipBlanks()
    if take("午前") || take("AM") || take("am") || take("a.m.") { return .morning }
    if take("午後") || take("PM") || take("pm") || take("p.m.") { return .afternoon }
    return nil
  }

  /// Milliseconds after midnight: `9:05`, `09:05:00.5`, `9時05分`, `午後9時`, `9:05 PM`, `24:00`; `0905` and `090500` if `allowsCompact`.
  mutating func time(allowsCompact: Bool) -> Int? {
    var part = half()
    skipBlanks()
    guard let first = number(most: 6) else { return nil }
    var (h, m, s, ms) = (first.value, 0, 0, 0)
    if first.digits > 2 {
      guard allowsCompact, part == nil, first.digits == 4 || first.digits == 6 else { return nil }
      let hms = first.digits == 4 ? first.value * 100 : first.value
      (h, m, s) = (hms / 10_000, hms / 100 % 100, hms % 100)
    } else if take("時") {
      (m, s) = kanjiMinutes()
    } else {
      guard take(58), let minutes = number(most: 2) else { return nil }
      m = minutes.value
      if take(58) {
        guard let seconds = number(most: 2) else { return nil }
        s = seconds.value
        ms = fraction()
      }
    }
    if part == nil { part = half() }
    if let part {
      // 12:30 AM is half past midnight, 12:30 PM half past noon; 午前 and 午後 likewise, as Windows writes them.
      guard h <= 12 else { return nil }
      h = h % 12 + (part == .afternoon ? 12 : 0)
    }
    guard h < 24 || (h == 24 && m == 0 && s == 0 && ms == 0), m < 60, s <= 60 else { return nil }
    return ((h * 60 + m) * 60 + s) * 1000 + ms
  }

  private mutating func kanjiMinutes() -> (Int, Int) {
    skipBlanks()
    let from = i
    guard let m = number(most: 2), take("分") else {
      rewind(to: from)
      return (0, 0)
    }
    let afterMinutes = i
    skipBlanks()
    guard let s = number(most: 2), take("秒") else {
      rewind(to: afterMinutes)
      return (m.value, 0)
    }
    return (m.value, s.value)
  }

  /// Milliseconds of `.5` or `.500`; 0 where there are none.
  private mutating func fraction() -> Int {
    let from = i
    guard take(46), let f = number(most: 9) else {
      rewind(to: from)
      return 0
    }
    var v = f.value
    for _ in 0..<max(0, 3 - f.digits) { v *= 10 }
    for _ in 0..<max(0, f.digits - 3) { v /= 10 }
    return v
  }

  /// `Z`, `+09:00`, `+0900`, `JST`, `UTC`: seconds east of UTC.
  mutating func zone() -> Int? {
    if take("Z") || take("z") || take("UTC") { return 0 }
    if take("JST") { return 32_400 }
    let negative = take(45)
    guard negative || take(43), let h = number(most: 4) else { return nil }
    var minutes = h.digits > 2 ? h.value / 100 * 60 + h.value % 100 : h.value * 60
    if h.digits <= 2, take(58) {
      guard let m = number(most: 2), m.value < 60 else { return nil }
      minutes += m.value
    }
    return minutes <= 840 ? minutes * (negative ? -60 : 60) : nil
  }
}
