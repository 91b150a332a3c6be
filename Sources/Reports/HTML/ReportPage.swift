/// A report as a page for printing: a whole document, A4, with its own style or a link to it.
public struct ReportPage: Sendable {
  public enum Style: Sendable {
    /// For the web, whose pages carry no style of their own.
    case linked(String)
    /// For files.
    case inline
  }

  /// Ways from the page on the web; not printed.
  public struct Links: Sendable {
    public var reports: String
    /// The same report as CSV.
    public var csv: String
    public var csvForExcel: String
    public var previous: String
    public var next: String
    /// Where an event is shown: its key is added.
    public var event: String
    public var icon: String

    public init(reports: String, csv: String, csvForExcel: String, previous: String, next: String, event: String, icon: String) {
      self.reports = reports
      self.csv = csv
      self.csvForExcel = csvForExcel
      self.previous = previous
      self.next = next
      self.event = event
      self.icon = icon
    }
  }

  /// The style sheet of all reports.
  public static var css: String { String(decoding: PackageResources.report_css, as: UTF8.self) }

  let report: Report
  let words: ReportWords
  let links: Links?
  private let style: Style

  public init(_ report: Report, _ language: ReportLanguage, style: Style, links: Links? = nil) {
    self.report = report
    self.style = style
    self.links = links
    words = ReportWords(language)
  }

  var l: ReportLanguage { words.l }

  public var html: String {
    var out = HTMLText()
    let title = HTMLText.escaped("\(words.title(report)) – \(report.utility)")
    out.raw("<!DOCTYPE html>\n<html lang=\"\(l.rawValue)\"><head><meta charset=\"utf-8\"/>")
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>\(title)</title>")
    switch style {
    case .linked(let href): out.raw("<link rel=\"stylesheet\" href=\"\(HTMLText.escaped(href))\"/>")
    case .inline: out.raw("<style>\n\(ReportPage.css)</style>")
    }
    if let links { out.raw("<link rel=\"icon\" href=\"\(HTMLText.escaped(links.icon))\"/>") }
    out.raw("</head><body class=\"\(report.kind.rawValue)\">\n")
    navigation(&out)
    out.raw("<main>")
    header(&out)
    summary(&out)
    overview(&out)
    charts(&out)
    months(&out)
    leaks(&out)
    zones(&out)
    balance(&out)
    works(&out)
    faults(&out)
    meters(&out)
    days(&out)
    notes(&out)
    out.raw("</main></body></html>\n")
    return out.text
  }

  private func navigation(_ out: inout HTMLText) {
    guard let links else { return }
    let ways = [
      (links.reports, l("報告の一覧", "Reports")), (links.previous, l("← 前", "← Before")), (links.next, l("次 →", "Next →")),
      (links.csvForExcel, l("CSV（Excel 用、CP932）", "CSV (CP932)")), (links.csv, l("CSV（UTF-8）", "CSV (UTF-8)")),
    ]
    out.raw("<nav aria-label=\"\(l("報告", "Report"))\">")
    for (href, text) in ways { out.element("a", [("href", href)], text) }
    out.element("span", l("印刷: Ctrl+P", "Print: Ctrl+P"))
    out.raw("</nav>\n")
  }

  private func header(_ out: inout HTMLText) {
    out.raw("<header><div>")
    out.element("p", [("class", "utility")], report.utility)
    out.element("h1", words.title(report))
    let towns = report.towns.joined(separator: l("、", ", "))
    let made = "\(l("作成", "Made")) \(words.time(report.created))"
    let state = report.isFinished ? "" : l("　期間の途中", " – period not over")
    out.element("p", [("class", "made")], "\(l("対象", "Covers")) \(towns)　\(report.first) – \(report.last)　\(made)\(state)")
    out.raw("</div>")
    // Seals of those who have seen it (決裁).
    if l == .ja {
      out.raw("<table class=\"seals\"><caption>決裁</caption><tbody><tr>")
      for who in ["課長", "係長", "担当"] { out.element("th", [("scope", "col")], who) }
      out.raw("</tr><tr><td></td><td></td><td></td></tr></tbody></table>")
    }
    out.raw("</header>\n")
  }

  /// Two sentences that can be read aloud.
  private func summary(_ out: inout HTMLText) {
    let t = report.total
    let when = words.period(report.kind, report.period)
    out.raw("<p class=\"lead\">")
    let found = t.leaksFound
    let lost = "\(Numbers.volume(t.lost)) m³"
    let saved = "\(Numbers.volume(t.saved)) m³"
    out.raw(
      HTMLText.escaped(
        l(
          "\(when)に見つかった漏水は \(found) 件、終わった漏水は \(t.leaksEnded) 件、期末に続いている漏水は \(t.leaksOpen) 件です。漏水で失われた水は推定 \(lost)（\(Numbers.grouped(t.lostYen)) 円）、従来より早く終わらせて防いだ水は推定 \(saved)（\(Numbers.grouped(t.savedYen)) 円）です。",
          "In \(when), leaks found: \(found), ended: \(t.leaksEnded), open at the end: \(t.leaksOpen). Water lost, estimated: \(lost) (\(Numbers.grouped(t.lostYen)) yen). Water saved against the former practice, estimated: \(saved) (\(Numbers.grouped(t.savedYen)) yen)."
        )))
    out.raw("</p>\n")
  }

  private func notes(_ out: inout HTMLText) {
    out.raw("<section class=\"notes\">")
    out.element("h2", l("注（数値の求め方）", "Notes: how the figures come about"))
    out.raw("<ol>")
    for note in report.notes { out.element("li", l == .ja ? note.ja : note.en) }
    out.raw("</ol></section>\n")
  }
}
