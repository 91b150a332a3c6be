import Readings

/// Numbers and times as people read them.
enum Figures {
  /// One decimal, two below 1: `12.3`, `0.45`.
  static func decimal(_ v: Double) -> String {
    guard v.isFinite, abs(v) < 1e12 else { return "–" }
    let scale: Double = abs(v) < 1 ? 100 : 10
    let n = Int64((v * scale).rounded())
    let digits = abs(v) < 1 ? 2 : 1
    let a = n.magnitude
    let fraction = String(a % UInt64(scale))
    return (n < 0 ? "-" : "") + "\(a / UInt64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// `12,345`
  static func grouped(_ n: Int) -> String {
    var out = ""
    for (i, c) in String(n.magnitude).reversed().enumerated() {
      if i > 0, i % 3 == 0 { out.append(",") }
      out.append(c)
    }
    return (n < 0 ? "-" : "") + String(out.reversed())
  }

  /// `11月23日 02:10` or `23 Nov 02:10`
  static func time(_ t: Timestamp, _ calendar: LocalCalendar, _ language: Language) -> String {
    let date = CivilDate(daysSinceEpoch: calendar.day(of: t))
    let minute = calendar.millisecondOfDay(of: t) / 60_000
    let clock = "\(two(minute / 60)):\(two(minute % 60))"
    switch language {
    case .ja: return "\(date.month)月\(date.day)日 \(clock)"
    case .en: return "\(date.day) \(months[date.month - 1]) \(clock)"
    }
  }

  /// `3時間10分`, `2日5時間`
  static func duration(_ milliseconds: Int64, _ language: Language) -> String {
    let minutes = Int(max(0, milliseconds) / 60_000)
    let (d, h, m) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
    switch language {
    case .ja: return d > 0 ? "\(d)日\(h)時間" : h > 0 ? "\(h)時間\(m)分" : "\(m)分"
    case .en: return d > 0 ? "\(d) d \(h) h" : h > 0 ? "\(h) h \(m) min" : "\(m) min"
    }
  }

  private static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
