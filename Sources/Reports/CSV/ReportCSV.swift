/// A report as CSV: tables one below the other, each with its title and a head, apart by an empty line.
///
/// Names of units are those that CP932 can write (m3, not m³), so that a report is the same in both encodings.
public enum ReportCSV {
  /// - Returns: text with CRLF; the encoding and its mark are the caller's.
  public static func text(_ r: Report, _ language: ReportLanguage) -> String {
    var out = CSVText()
    let w = ReportWords(language)
    let l = language
    out.row([w.title(r)])
    out.row([l("事業体", "Utility"), r.utility])
    out.row([l("市町村", "Municipalities")] + zip(r.municipalities, r.towns).map { $0 == $1 ? $0 : "\($1) (\($0))" })
    out.row([l("期間", "Period"), r.first, r.last])
    out.row([l("作成", "Made"), w.time(r.created)])
    overview(r, w, &out)
    months(r, w, &out)
    places(r, w, &out)
    leaks(r, w, &out)
    events(r, w, &out)
    series(r, w, &out)
    out.blank()
    out.row([l("注", "Notes")])
    for note in r.notes {
      out.row([language == .ja ? note.ja : note.en.replacing("m³", with: "m3")].map { $0.replacing("m³", with: "m3") })
    }
    return out.text
  }

  private static func head(_ title: String, _ columns: [String], _ out: inout CSVText) {
    out.blank()
    out.row([title])
    out.row(columns)
  }

  private static func overview(_ r: Report, _ w: ReportWords, _ out: inout CSVText) {
    let l = w.l
    let all = [r.total] + r.comparisons.map(\.figures)
    head(
      l("概要", "Overview"),
      [l("項目", "Item"), l("単位", "Unit"), w.this(r.kind)]
        + r.comparisons.map { "\(w.relation($0.relation, r.kind)) \($0.period)" }, &out)
    for item in ReportItem.all(r.kind) {
      out.row([.text(item.name(l)), .text(item.unit(l))] + all.map { .number(item.value($0), item.decimals) })
    }
    out.row([.text(l("一日最大配水量の日", "Day of the largest supply")), .text("")] + all.map { .text($0.largestDay ?? "") })
  }

  private static func months(_ r: Report, _ w: ReportWords, _ out: inout CSVText) {
    let l = w.l
    if !r.months.isEmpty {
      let items = ReportItem.all(.annual)
      head(l("月別", "By month"), [l("月", "Month")] + items.map { "\($0.name(l)) \($0.unit(l))" }, &out)
      for m in r.months { out.row([.text(m.month)] + items.map { .number(m.figures.hasBegun ? $0.value(m.figures) : nil, $0.decimals) }) }
      out.row([.text(l("年度計", "Year"))] + items.map { .number($0.value(r.total), $0.decimals) })
    }
    guard !r.balance.isEmpty else { return }
    head(
      l("有収率（推定）", "Revenue water ratio (estimate)"),
      [
        l("市町村", "Municipality"), l("月", "Month"), l("配水量 m3", "Supplied m3"), l("有収水量 m3", "Billed m3"),
        l("有収率 %", "Revenue water ratio %"), l("無収水量 m3", "Non-revenue water m3"),
      ], &out)
    for b in r.balance {
      out.row([
        .text(b.municipality), .text(b.month), .number(b.supplied, 1), .number(b.billed, 1), .number(b.revenueShare.map { $0 * 100 }, 1),
        .number(b.nonRevenue, 1),
      ])
    }
  }

  private static func places(_ r: Report, _ w: ReportWords, _ out: inout CSVText) {
    let l = w.l
    head(
      l("区域別", "By zone"),
      [
        l("区域", "Zone"), l("名前", "Name"), l("メーター数", "Meters"), l("配水量 m3", "Volume m3"), l("計測できた時間 %", "Hours with readings %"),
        l("夜間最小流量 平均 m3/h", "Night minimum, mean m3/h"), l("基準 m3/h", "Reference m3/h"), l("漏水 発見", "Leaks found"),
        l("失われた水量 m3", "Lost m3"),
      ], &out)
    for z in r.zones {
      out.row([
        .text(z.id), .text(z.name), .count(z.meters), .number(z.volume, 1), .number(z.share.map { $0 * 100 }, 1), .number(z.night, 3),
        .number(z.nightReference, 3), .count(z.leaksFound), .number(z.lost, 1),
      ])
    }
    head(
      l("メーター別", "By meter"),
      [
        l("メーター", "Meter"), l("区域", "Zone"), l("名前", "Name"), l("合計に入れる", "Counted"), l("流量の合計 m3", "Volume m3"),
        l("平均 m3/h", "Mean m3/h"), l("最小 m3/h", "Minimum m3/h"), l("最大 m3/h", "Maximum m3/h"),
        l("夜間最小流量 平均 m3/h", "Night minimum, mean m3/h"), l("夜間最小流量 最小 m3/h", "Night minimum, smallest m3/h"),
        l("基準 m3/h", "Reference m3/h"),
        l("計測できた時間 %", "Hours with readings %"), l("欠測 h", "Hours without readings"),
      ], &out)
    for m in r.meters {
      out.row([
        .text(m.id), .text(m.zoneName), .text(m.name), .text(m.isCounted ? l("はい", "yes") : l("いいえ", "no")), .number(m.volume, 1),
        .number(m.mean, 3), .number(m.low, 3), .number(m.high, 3), .number(m.night, 3), .number(m.smallestNight, 3),
        .number(m.nightReference, 3), .number(m.share.map { $0 * 100 }, 1), .count(m.missingHours),
      ])
    }
  }

  private static func leaks(_ r: Report, _ w: ReportWords, _ out: inout CSVText) {
    let l = w.l
    head(
      l("漏水", "Leaks"),
      [
        l("メーター", "Meter"), l("区域", "Zone"), l("名前", "Name"), l("種別", "Kind"), l("発生（推定）", "Onset (estimate)"), l("発見", "Found"),
        l("発見まで h", "Hours to find"), l("この期間の発見", "Found in this period"), l("大きさ m3/h", "Size m3/h"),
        l("期間内に失われた水量 m3", "Lost in this period m3"), l("円", "Yen"), l("はじめからの水量 m3", "Lost in all m3"), l("終わり", "Ended"),
        l("経過", "Outcome"), l("防いだ水量 m3", "Saved m3"), l("防いだ金額 円", "Saved yen"), l("合計に入れた割合 %", "Counted in totals %"),
        l("備考", "Note"),
      ], &out)
    for k in r.leaks {
      out.row([
        .text(k.sensor), .text(k.zoneName), .text(k.name), .text(w.leakKind(k.kind)), .text(w.time(k.onset)), .text(w.time(k.opened)),
        .number(k.hoursToFind, 1), .text(k.isFound ? l("はい", "yes") : l("いいえ", "no")), .number(k.size, 2), .number(k.lost, 1),
        .count(k.lostYen), .number(k.lostInAll, 1), .text(k.closed.map(w.time) ?? ""), .text(w.outcome(k.outcome)), .number(k.saved, 1),
        .number(k.savedYen.map(Double.init), 0), .number(k.counted * 100, 0), .text(k.note),
      ])
    }
  }

  private static func events(_ r: Report, _ w: ReportWords, _ out: inout CSVText) {
    let l = w.l
    head(
      l("工事", "Planned work"),
      [
        l("はじめ", "From"), l("終わり", "To"), l("入力者", "By"), l("内容", "Note"), l("隠れた水量 m3", "Hidden m3"), l("最大 m3/h", "Largest m3/h"),
        l("メーター", "Meters"),
      ], &out)
    for k in r.works {
      out.row([
        .text(w.time(k.from)), .text(w.time(k.to)), .text(k.person), .text(k.note), .number(k.hidden, 1), .number(k.largest, 2),
        .text(k.sensors.joined(separator: " ")),
      ])
    }
    head(
      l("機器・通信の異常", "Faults of meters and lines"),
      [
        l("メーター", "Meter"), l("区域", "Zone"), l("名前", "Name"), l("種別", "Kind"), l("回数", "Times"), l("時間 h", "Hours"),
        l("期末に継続", "Open at the end"),
      ], &out)
    for f in r.faults {
      out.row([
        .text(f.sensor), .text(f.zoneName), .text(f.name), .text(w.fault(f.kind)), .count(f.times), .number(f.hours, 1),
        .text(f.isOpen ? l("はい", "yes") : l("いいえ", "no")),
      ])
    }
  }

  private static func series(_ r: Report, _ w: ReportWords, _ out: inout CSVText) {
    let l = w.l
    if !r.days.isEmpty {
      head(
        l("日別", "By day"),
        [
          l("日", "Day"), l("配水量 m3", "Supplied m3"), l("計測できた時間 %", "Hours with readings %"), l("夜間最小流量 m3/h", "Night minimum m3/h"),
          l("失われた水量 m3", "Lost m3"),
        ], &out)
      for d in r.days {
        out.row([
          .text(d.day), .number(d.supplied, 1), .number(d.share.map { $0 * 100 }, 1), .number(d.night, 3), .number(d.lost, 1),
        ])
      }
    }
    guard !r.hours.isEmpty else { return }
    head(l("時間別", "By hour"), [l("時", "Hour"), l("配水流量 m3/h", "Flow m3/h")], &out)
    for (hour, flow) in r.hours.enumerated() { out.row([.count(hour), .number(flow, 3)]) }
  }
}
