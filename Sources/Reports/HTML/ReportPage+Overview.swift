extension ReportPage {
  func overview(_ out: inout HTMLText) {
    var columns: [(String, Bool)] = [(l("項目", "Item"), false), (l("単位", "Unit"), false), (words.this(report.kind), true)]
    for c in report.comparisons {
      columns.append(("\(words.relation(c.relation, report.kind)) \(c.period)", true))
      columns.append((l("増減", "Change"), true))
    }
    var table = HTMLTable(caption: l("概要", "Overview"), columns: columns, empty: "", style: "overview")
    for item in ReportItem.all(report.kind) {
      var row: [HTMLTable.Cell] = [.text(item.name(l)), .text(unit(item.unit(l))), .number(item.text(report.total))]
      for c in report.comparisons {
        row.append(.number(item.text(c.figures)))
        row.append(.number(item.change(report.total, c.figures, isFinished: report.isFinished)))
      }
      table.rows.append(row)
    }
    table.write(to: &out)
  }

  /// Units that CSV writes as CP932 can.
  func unit(_ s: String) -> String { s.replacing("m3", with: "m³") }

  func charts(_ out: inout HTMLText) {
    let supplied = l("配水量", "Supplied")
    let night = l("夜間最小流量", "Night minimum")
    var charts: [ReportChart] = []
    switch report.kind {
    case .daily:
      charts = [
        ReportChart(
          kind: .line, title: l("時間別の配水流量", "Flow by the hour"), unit: "m³/h", values: report.hours,
          labels: report.hours.indices.map { "\($0)" })
      ]
    case .monthly:
      let labels = report.days.map { String(Int($0.day.suffix(2)) ?? 0) }
      charts = [
        ReportChart(kind: .bars, title: l("日別の配水量", "Supplied by day"), unit: "m³", values: report.days.map(\.supplied), labels: labels),
        ReportChart(kind: .line, title: night, unit: "m³/h", values: report.days.map(\.night), labels: labels),
      ]
    case .annual:
      let labels = report.months.map { l("\(Int($0.month.suffix(2)) ?? 0)月", "\($0.month.suffix(2))") }
      charts = [
        ReportChart(kind: .bars, title: supplied, unit: "m³", values: report.months.map(\.figures.supplied), labels: labels),
        ReportChart(kind: .line, title: night, unit: "m³/h", values: report.months.map(\.figures.night), labels: labels),
      ]
    }
    if charts.count > 1, let reference { (charts[1].reference, charts[1].referenceName) = (reference, l("基準", "reference")) }
    let svg = charts.map(\.svg).joined()
    guard !svg.isEmpty else { return }
    out.raw("<section class=\"charts\">")
    out.element("h2", l("推移", "Course"))
    out.raw(svg)
    out.raw("</section>\n")
  }

  /// Of the utility: the sum over the meters that count; nil when one has none.
  private var reference: Double? {
    let all = report.meters.filter(\.isCounted).map(\.nightReference)
    return all.isEmpty || all.contains(nil) ? nil : all.reduce(0) { $0 + ($1 ?? 0) }
  }

  /// 年報: the table for statistics.
  func months(_ out: inout HTMLText) {
    guard !report.months.isEmpty else { return }
    let items = ReportItem.all(.annual)
    var table = HTMLTable(
      caption: l("月別（統計用）", "By month, for statistics"),
      columns: [(l("月", "Month"), false)] + items.map { ("\($0.name(l)) \(unit($0.unit(l)))", true) }, empty: "", style: "wide")
    for m in report.months { table.rows.append([.text(m.month)] + items.map { .number($0.text(m.figures)) }) }
    table.foot = [.text(l("年度計", "Year"))] + items.map { .number($0.text(report.total)) }
    table.write(to: &out)
  }

  func balance(_ out: inout HTMLText) {
    guard report.kind != .daily else { return }
    var table = HTMLTable(
      caption: l("有収率（推定）", "Revenue water ratio (estimate)"),
      columns: [
        (l("市町村", "Municipality"), false), (l("月", "Month"), false), (l("配水量 m³", "Supplied m³"), true), (l("有収水量 m³", "Billed m³"), true),
        (l("有収率 %", "Ratio %"), true), (l("無収水量 m³", "Non-revenue m³"), true),
      ],
      empty: l(
        "有収水量が入力されていないため、有収率は計算していません（mizumori billed、または画面の「報告」で入力します）。",
        "No billed volume was entered, so there is no ratio (enter it by mizumori billed or on the page of reports)."))
    for b in report.balance {
      table.rows.append([
        .text(b.town), .text(b.month), .number(Numbers.volume(b.supplied)), .number(Numbers.volume(b.billed)),
        .number(Numbers.percent(b.revenueShare)), .number(Numbers.volume(b.nonRevenue)),
      ])
    }
    table.write(to: &out)
  }
}
