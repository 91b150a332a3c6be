import Readings

/// Months as one number, year × 12 + month − 1: 2026-11 is 24,322. What the store calls a month.
public enum MonthNumber {
  /// Years 1970…9998.
  public static let range = (1970 * 12)...(9998 * 12 + 11)

  public static func of(year: Int, month: Int) -> Int { year * 12 + month - 1 }

  /// - Parameter day: days since 1970-01-01 local.
  public static func of(day: Int) -> Int {
    let date = CivilDate(daysSinceEpoch: day)
    return of(year: date.year, month: date.month)
  }

  public static func year(_ month: Int) -> Int { month / 12 }
  /// 1…12
  public static func month(_ month: Int) -> Int { month % 12 + 1 }

  /// Its days since 1970-01-01 local.
  public static func days(_ month: Int) -> Range<Int> {
    func first(_ m: Int) -> Int { CivilDate(year: year(m), month: MonthNumber.month(m), day: 1).daysSinceEpoch }
    return first(month)..<first(month + 1)
  }

  /// `2026-11`
  public static func code(_ month: Int) -> String { "\(year(month))-\(two(MonthNumber.month(month)))" }

  /// From `2026-11`; nil for anything else.
  public static func parse(_ text: some StringProtocol) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2, let y = digits(parts[0]), let m = digits(parts[1]),
      (1...12).contains(m)
    else { return nil }
    let n = of(year: y, month: m)
    return range.contains(n) ? n : nil
  }

  /// ASCII digits only.
  static func digits(_ text: some StringProtocol) -> Int? { text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil }
  static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
