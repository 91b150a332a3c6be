/// One figure of the utility: what it is called and how it is written. The same list stands in the overview, the annual table and CSV.
struct ReportItem: Sendable {
  private let ja: String
  private let en: String
  private let unitJa: String
  private let unitEn: String
  let decimals: Int
  /// How two of them are compared.
  let comparison: Comparison
  let value: @Sendable (PeriodFigures) -> Double?

  enum Comparison {
    /// Per cent, of what adds up over a period: an unfinished one cannot be compared.
    case sum
    /// Per cent, of means.
    case mean
    /// The difference: of numbers of leaks, and of what is per cent itself.
    case difference
  }

  init(
    _ ja: String, _ en: String, _ unitJa: String, _ unitEn: String, _ decimals: Int, _ comparison: Comparison,
    _ value: @escaping @Sendable (PeriodFigures) -> Double?
  ) {
    (self.ja, self.en, self.unitJa, self.unitEn) = (ja, en, unitJa, unitEn)
    (self.decimals, self.comparison, self.value) = (decimals, comparison, value)
  }

  /// `+4.2%`, `+1`; a dash where there is nothing to compare.
  func change(_ a: PeriodFigures, _ b: PeriodFigures, isFinished: Bool) -> String {
    switch comparison {
    case .sum: isFinished ? Numbers.change(value(a), value(b)).map { $0 + "%" } ?? Numbers.none : Numbers.none
    case .mean: Numbers.change(value(a), value(b)).map { $0 + "%" } ?? Numbers.none
    case .difference: Numbers.difference(value(a), value(b), decimals)
    }
  }

  func name(_ l: ReportLanguage) -> String { l(ja, en) }
  func unit(_ l: ReportLanguage) -> String { l(unitJa, unitEn) }

  /// As printed; a dash for what has not come yet.
  func text(_ f: PeriodFigures) -> String { f.hasBegun ? Numbers.grouped(value(f), decimals) : Numbers.none }

  static func all(_ kind: ReportPeriod.Kind) -> [ReportItem] { supply(kind) + leaks + (kind == .daily ? [] : balance) }

  private static func supply(_ kind: ReportPeriod.Kind) -> [ReportItem] {
    let volume = ReportItem("配水量", "Supplied", "m3", "m3", 0, .sum) { $0.supplied }
    let days = [
      ReportItem("一日平均配水量", "Mean a day", "m3/日", "m3/day", 0, .mean) { $0.perDay },
      ReportItem("一日最大配水量", "Largest day", "m3/日", "m3/day", 0, .mean) { $0.largest },
    ]
    let rest = [
      ReportItem("夜間最小流量（平均）", "Night minimum (mean)", "m3/h", "m3/h", 2, .mean) { $0.night },
      ReportItem("計測できた時間", "Hours with readings", "%", "%", 1, .difference) { $0.share.map { $0 * 100 } },
      ReportItem("欠測", "Hours without readings", "時間", "h", 0, .sum) { $0.share == nil ? nil : Double($0.missingHours) },
    ]
    return [volume] + (kind == .daily ? [] : days) + rest
  }

  private static let leaks = [
    ReportItem("漏水 発見", "Leaks found", "件", "", 0, .difference) { Double($0.leaksFound) },
    ReportItem("漏水 終わり", "Leaks ended", "件", "", 0, .difference) { Double($0.leaksEnded) },
    ReportItem("漏水 期末に継続", "Leaks open at the end", "件", "", 0, .difference) { Double($0.leaksOpen) },
    ReportItem("発見までの時間（平均）", "Time to find (mean)", "時間", "h", 1, .difference) { $0.hoursToFind },
    ReportItem("失われた水量（推定）", "Water lost (estimate)", "m3", "m3", 0, .sum) { $0.lost },
    ReportItem("同 金額", "Its cost", "円", "yen", 0, .sum) { Double($0.lostYen) },
    ReportItem("防いだ水量（推定）", "Water saved (estimate)", "m3", "m3", 0, .sum) { $0.saved },
    ReportItem("同 金額", "Its value", "円", "yen", 0, .sum) { Double($0.savedYen) },
  ]

  private static let balance = [
    ReportItem("有収水量", "Billed", "m3", "m3", 0, .sum) { $0.billed },
    ReportItem("有収率（推定）", "Revenue water ratio (estimate)", "%", "%", 1, .difference) { $0.revenueShare.map { $0 * 100 } },
    ReportItem("無収水量（推定）", "Non-revenue water (estimate)", "m3", "m3", 0, .sum) { $0.nonRevenue },
  ]
}
