import Readings

/// The time that a report covers, in whole local days of the utility.
public enum ReportPeriod: Hashable, Sendable {
  /// 日報: days since 1970-01-01 local.
  case day(Int)
  /// 月報: see `MonthNumber`.
  case month(Int)
  /// 年報: a 年度, April of that year to March of the next.
  case year(Int)

  public enum Kind: String, CaseIterable, Codable, Sendable {
    case daily, monthly, annual
  }

  public var kind: Kind {
    switch self {
    case .day: .daily
    case .month: .monthly
    case .year: .annual
    }
  }

  /// From `2026-11-26`, `2026-11` or `2026`; nil for anything else, and for years outside 1970…9998.
  public init?(_ kind: Kind, _ code: some StringProtocol) {
    switch kind {
    case .daily:
      let parts = code.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[2].utf8.count == 2, let day = MonthNumber.digits(parts[2]),
        let month = MonthNumber.parse(parts[0] + "-" + parts[1])
      else { return nil }
      let date = CivilDate(year: MonthNumber.year(month), month: MonthNumber.month(month), day: day)
      guard date.isValid else { return nil }
      self = .day(date.daysSinceEpoch)
    case .monthly:
      guard let month = MonthNumber.parse(code) else { return nil }
      self = .month(month)
    case .annual:
      guard code.utf8.count == 4, let year = MonthNumber.digits(code), (1970...9997).contains(year) else { return nil }
      self = .year(year)
    }
  }

  /// The period of that kind in which a day lies.
  public init(_ kind: Kind, containing day: Int) {
    switch kind {
    case .daily: self = .day(day)
    case .monthly: self = .month(MonthNumber.of(day: day))
    case .annual: self = .year((MonthNumber.of(day: day) - 3) / 12)
    }
  }

  /// `2026-11-26`, `2026-11`, `2026`
  public var code: String {
    switch self {
    case .day(let d): ReportPeriod.date(d)
    case .month(let m): MonthNumber.code(m)
    case .year(let y): "\(y)"
    }
  }

  /// Its days since 1970-01-01 local.
  public var days: Range<Int> {
    switch self {
    case .day(let d): d..<(d + 1)
    case .month(let m): MonthNumber.days(m)
    case .year(let y):
      MonthNumber.days(MonthNumber.of(year: y, month: 4)).lowerBound..<MonthNumber.days(MonthNumber.of(year: y + 1, month: 3)).upperBound
    }
  }

  /// Its months; of a day the one that it lies in.
  public var months: Range<Int> {
    switch self {
    case .day(let d): MonthNumber.of(day: d)..<(MonthNumber.of(day: d) + 1)
    case .month(let m): m..<(m + 1)
    case .year(let y): MonthNumber.of(year: y, month: 4)..<MonthNumber.of(year: y + 1, month: 4)
    }
  }

  public var previous: ReportPeriod { moved(-1) }
  public var next: ReportPeriod { moved(1) }

  private func moved(_ n: Int) -> ReportPeriod {
    switch self {
    case .day(let d): .day(d + n)
    case .month(let m): .month(m + n)
    case .year(let y): .year(y + n)
    }
  }

  /// With what it is compared: a day with the day before and the same weekday before, a month with the month before and that month of
  /// the year before, a 年度 with the one before.
  public var compared: [(relation: Relation, period: ReportPeriod)] {
    switch self {
    case .day(let d): [(.before, .day(d - 1)), (.weekBefore, .day(d - 7))]
    case .month(let m): [(.before, .month(m - 1)), (.yearBefore, .month(m - 12))]
    case .year(let y): [(.before, .year(y - 1))]
    }
  }

  public enum Relation: String, Codable, Sendable {
    case before
    case weekBefore = "week_before"
    case yearBefore = "year_before"
  }

  /// `2026-11-26`
  static func date(_ day: Int) -> String {
    let d = CivilDate(daysSinceEpoch: day)
    return "\(d.year)-\(MonthNumber.two(d.month))-\(MonthNumber.two(d.day))"
  }
}
