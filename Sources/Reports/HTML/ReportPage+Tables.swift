extension ReportPage {
  func leaks(_ out: inout HTMLText) {
    var table = HTMLTable(
      caption: l("漏水", "Leaks"),
      columns: [
        (l("場所", "Place"), false), (l("種別", "Kind"), false), (l("発生（推定）", "Onset (est.)"), false), (l("発見", "Found"), false),
        (l("発見まで h", "To find h"), true), (l("大きさ m³/h", "Size m³/h"), true), (l("失われた水量 m³", "Lost m³"), true), (l("円", "Yen"), true),
        (l("終わり", "Ended"), false), (l("経過", "Outcome"), false), (l("防いだ水量 m³", "Saved m³"), true),
      ], empty: l("この期間に漏水はありません。", "No leaks in this period."), style: "leaks")
    for k in report.leaks {
      table.rows.append([
        .markup(place(k)), .text(words.leakKind(k.kind)), moment(k.onset), moment(k.opened),
        .number(Numbers.grouped(k.hoursToFind, 1)), .number(Numbers.flow(k.size)), .number(Numbers.volume(k.lost)),
        .number(Numbers.grouped(k.lostYen)), k.closed.map(moment) ?? .text(Numbers.none),
        .text(words.outcome(k.outcome) + (k.note.isEmpty ? "" : l("：", ": ") + k.note)), .number(Numbers.volume(k.saved)),
      ])
    }
    if report.leaks.count > 1 {
      let t = report.total
      table.foot = [
        .text(l("合計（重なりを除く）", "Total, each water once")), .text(""), .text(""), .text(""), .text(""), .text(""),
        .number(Numbers.volume(t.lost)),
        .number(Numbers.grouped(t.lostYen)), .text(""), .text(""), .number(Numbers.volume(t.saved)),
      ]
    }
    table.write(to: &out)
  }

  /// Date and time, which may stand in two lines but not be broken elsewhere.
  private func moment(_ iso: String) -> HTMLTable.Cell {
    let parts = words.time(iso).split(separator: " ").map { "<span>\(HTMLText.escaped(String($0)))</span>" }
    return .markup(parts.joined(separator: " "))
  }

  private func place(_ k: LeakLine) -> String {
    let isElsewhere = k.outcome.isLoss && k.counted < 0.995
    let name = HTMLText.escaped("\(k.zoneName) \(k.name)\(isElsewhere ? " ※" : "")")
    guard let links else { return name }
    return HTMLText.element("a", [("href", links.event + k.key)], name)
  }

  func zones(_ out: inout HTMLText) {
    var table = HTMLTable(
      caption: l("区域別", "By zone"),
      columns: [
        (l("区域", "Zone"), false), (l("メーター", "Meters"), true), (l("配水量 m³", "Volume m³"), true), (l("計測 %", "Hours %"), true),
        (l("夜間最小 m³/h", "Night min. m³/h"), true), (l("基準 m³/h", "Reference m³/h"), true), (l("増減 %", "Change %"), true),
        (l("漏水 件", "Leaks"), true), (l("失われた水量 m³", "Lost m³"), true),
      ], empty: l("区域がありません。", "No zones."))
    for z in report.zones {
      table.rows.append([
        .text(z.name), .number("\(z.meters)"), .number(Numbers.volume(z.volume)), .number(Numbers.percent(z.share)),
        .number(Numbers.flow(z.night)), .number(Numbers.flow(z.nightReference)),
        .number(Numbers.change(z.night, z.nightReference) ?? Numbers.none), .number("\(z.leaksFound)"), .number(Numbers.volume(z.lost)),
      ])
    }
    table.write(to: &out)
  }

  func meters(_ out: inout HTMLText) {
    let isMonthly = report.kind == .monthly
    var table = HTMLTable(
      caption: l("メーター別（＊は配水量の合計に入れるもの）", "By meter (＊ counted in the supplied volume)"),
      columns: [
        (l("区域", "Zone"), false), (l("メーター", "Meter"), false), (l("流量の合計 m³", "Volume m³"), true), (l("平均", "Mean"), true),
        (l("最小", "Min."), true), (l("最大 m³/h", "Max. m³/h"), true), (l("夜間最小", "Night min."), true), (l("基準", "Ref."), true),
        (l("増減 %", "Change %"), true), (l("計測 %", "Hours %"), true), (l("欠測 h", "Missing h"), true),
      ] + (isMonthly ? [(l("夜間最小の推移", "Nights"), false)] : []), empty: l("メーターがありません。", "No meters."), style: "meters")
    for m in report.meters {
      table.rows.append(
        [
          .text(m.zoneName), .text("\(m.name)\(m.isCounted ? " ＊" : "")"), .number(Numbers.volume(m.volume)), .number(Numbers.flow(m.mean)),
          .number(Numbers.flow(m.low)), .number(Numbers.flow(m.high)), .number(Numbers.flow(m.night)),
          .number(Numbers.flow(m.nightReference)), .number(Numbers.change(m.night, m.nightReference) ?? Numbers.none),
          .number(Numbers.percent(m.share)), .number(Numbers.grouped(m.missingHours)),
        ] + (isMonthly ? [.markup(ReportChart.spark(m.nights, l("夜間最小の推移", "nights")))] : []))
    }
    table.write(to: &out)
  }

  func works(_ out: inout HTMLText) {
    var table = HTMLTable(
      caption: l("工事と、その間に隠れた使用", "Planned work, and the use that it hid"),
      columns: [
        (l("はじめ", "From"), false), (l("終わり", "To"), false), (l("内容", "What"), false), (l("メーター", "Meters"), false),
        (l("隠れた水量 m³", "Hidden m³"), true), (l("最大 m³/h", "Largest m³/h"), true),
      ], empty: l("この期間に工事の予定はありません。", "No planned work in this period."))
    for k in report.works {
      let names = k.names.prefix(3).joined(separator: l("、", ", "))
      let more = k.names.count > 3 ? l(" ほか \(k.names.count - 3)", " and \(k.names.count - 3) more") : ""
      let what = [k.person, k.note].filter { !$0.isEmpty }.joined(separator: l("：", ": "))
      table.rows.append([
        .text(words.time(k.from)), .text(words.time(k.to)), .text(what), .text(names + more), .number(Numbers.volume(k.hidden)),
        .number(Numbers.flow(k.largest)),
      ])
    }
    table.write(to: &out)
  }

  /// Lines of faults that are printed; the rest is a number here and stands in the CSV.
  private static let printedFaults = 60

  func faults(_ out: inout HTMLText) {
    var table = HTMLTable(
      caption: l("機器・通信の異常", "Faults of meters and lines"),
      columns: [
        (l("場所", "Place"), false), (l("種別", "Kind"), false), (l("回数", "Times"), true), (l("期間内の時間 h", "Hours"), true),
        (l("期末", "At the end"), false),
      ], empty: l("この期間に機器・通信の異常はありません。", "No faults in this period."))
    for f in report.faults.prefix(ReportPage.printedFaults) {
      table.rows.append([
        .text("\(f.zoneName) \(f.name)"), .text(words.fault(f.kind)), .number("\(f.times)"), .number(Numbers.grouped(f.hours, 1)),
        .text(f.isOpen ? l("継続中", "open") : l("復旧", "recovered")),
      ])
    }
    table.write(to: &out)
    let rest = report.faults.count - ReportPage.printedFaults
    if rest > 0 { out.element("p", l("ほか \(rest) 行は CSV にあります。", "\(rest) more lines stand in the CSV.")) }
  }

  func days(_ out: inout HTMLText) {
    guard !report.days.isEmpty else { return }
    var table = HTMLTable(
      caption: l("日別", "By day"),
      columns: [
        (l("日", "Day"), false), (l("配水量 m³", "Supplied m³"), true), (l("計測 %", "Hours %"), true), (l("夜間最小 m³/h", "Night min. m³/h"), true),
        (l("失われた水量 m³", "Lost m³"), true),
      ], empty: "", style: "days")
    for d in report.days {
      table.rows.append([
        .text(d.day), .number(Numbers.volume(d.supplied)), .number(Numbers.percent(d.share)), .number(Numbers.flow(d.night)),
        .number(Numbers.volume(d.lost)),
      ])
    }
    table.write(to: &out)
  }
}
