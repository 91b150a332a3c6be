import Readings

/// What things are called in reports.
struct ReportWords {
  let l: ReportLanguage

  init(_ language: ReportLanguage) { l = language }

  func title(_ r: Report) -> String {
    let kind =
      switch r.kind {
      case .daily: l("漏水監視 日報", "Daily leakage report")
      case .monthly: l("漏水監視 月報", "Monthly leakage report")
      case .annual: l("漏水監視 年報", "Annual leakage report")
      }
    return "\(kind) \(period(r.kind, r.period))"
  }

  /// `令和8年（2026年）11月26日`, `令和8年（2026年）11月`, `令和8年度（2026年度）`; `26 November 2026`, `November 2026`, `fiscal year 2026 (April 2026 to March 2027)`.
  func period(_ kind: ReportPeriod.Kind, _ code: String) -> String {
    let parts = code.split(separator: "-").compactMap { Int($0) }
    guard let year = parts.first else { return code }
    switch (kind, l) {
    case (.annual, .ja): return "\(era(year, 4))度（\(year)年度）"
    case (.annual, .en): return "fiscal year \(year) (April \(year) to March \(year + 1))"
    case (.monthly, .ja): return "\(era(year, parts[1]))（\(year)年）\(parts[1])月"
    case (.monthly, .en): return "\(ReportWords.months[parts[1] - 1]) \(year)"
    case (.daily, .ja):
      let weekday = ["月", "火", "水", "木", "金", "土", "日"][CivilDate(year: year, month: parts[1], day: parts[2]).weekday]
      return "\(era(year, parts[1], parts[2]))（\(year)年）\(parts[1])月\(parts[2])日（\(weekday)）"
    case (.daily, .en): return "\(parts[2]) \(ReportWords.months[parts[1] - 1]) \(year)"
    }
  }

  /// The Japanese era since 平成; before it the year alone.
  private func era(_ year: Int, _ month: Int, _ day: Int = 1) -> String {
    let start = (2019, 5, 1)
    let isReiwa = (year, month, day) >= start
    let n = isReiwa ? year - 2018 : year - 1988
    guard n > 0 else { return "西暦\(year)年" }
    return "\(isReiwa ? "令和" : "平成")\(n == 1 ? "元" : "\(n)")年"
  }

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]

  /// Heads of the columns of the overview.
  func this(_ kind: ReportPeriod.Kind) -> String {
    switch kind {
    case .daily: l("この日", "This day")
    case .monthly: l("この月", "This month")
    case .annual: l("この年度", "This year")
    }
  }

  func relation(_ r: ReportPeriod.Relation, _ kind: ReportPeriod.Kind) -> String {
    switch (r, kind) {
    case (.before, .daily): l("前日", "Day before")
    case (.before, .monthly): l("前月", "Month before")
    case (.before, .annual): l("前年度", "Year before")
    case (.weekBefore, _): l("前週の同じ曜日", "Week before")
    case (.yearBefore, _): l("前年同月", "Same month last year")
    }
  }

  func leakKind(_ code: String) -> String {
    switch EventKind(code: code) {
    case .burst: l("突発", "burst")
    case .incipient: l("漸増", "slow")
    default: code
    }
  }

  func outcome(_ o: LeakOutcome) -> String {
    switch o {
    case .open: l("継続中（未確認）", "open, not acknowledged")
    case .acknowledged: l("継続中（確認）", "open, acknowledged")
    case .inProgress: l("対応中", "in progress")
    case .repaired: l("修理済", "repaired")
    case .ended: l("平常に戻った", "back to normal")
    case .falseAlarm: l("誤報", "false alarm")
    case .acceptedAsNormal: l("正常と判断", "accepted as normal")
    case .plannedWork: l("工事", "planned work")
    }
  }

  func fault(_ code: String) -> String {
    switch EventKind(code: code) {
    case .gap: l("通信断", "no readings")
    case .stuck: l("指示の固着", "stuck value")
    case .outOfRange: l("範囲外の値", "value out of range")
    case .spike: l("単発の異常値", "single spike")
    case .reset: l("積算値の戻り", "totalizer reset")
    case .reverseFlow: l("逆流", "reverse flow")
    case .unitJump: l("単位の変化", "unit changed")
    case .clockSkew: l("時計のずれ", "clock skew")
    case .lateFlush: l("遅れて届いた値", "readings came late")
    default: code
    }
  }

  /// `2026-11-23 02:10` from ISO 8601.
  func time(_ iso: String) -> String { String(iso.prefix(16)).replacing("T", with: " ") }
}
