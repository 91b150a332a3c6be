/// One HTML page: all have the same head and body, and differ in styles, words and scripts, which do the rest in the browser.
struct PageFrame: Sendable {
  /// Where it is: `/NAME`, or `/` for `index` (and `fleet`, which has a server of its own).
  let name: String
  /// Names of files without their ends, beside those that every page has, in the order in which they are loaded.
  private let styles, words, scripts: [String]
  private let hasGraphs: Bool

  private init(_ name: String, styles: [String] = [], words: [String], scripts: [String], hasGraphs: Bool = false) {
    self.name = name
    self.styles = styles
    self.words = words
    self.scripts = scripts
    self.hasGraphs = hasGraphs
  }

  static let all = [
    PageFrame("index", styles: ["overview"], words: ["overview"], scripts: ["overview-list", "overview"]),
    PageFrame("login", words: ["login"], scripts: ["login"]),
    PageFrame(
      "meter", styles: ["graph"], words: ["graph", "say", "meter"], scripts: ["chart", "graph", "say", "moment", "card", "meter"],
      hasGraphs: true),
    PageFrame(
      "event", styles: ["graph", "event"], words: ["graph", "say", "event"], scripts: ["chart", "graph", "say", "event"], hasGraphs: true),
    PageFrame("nights", styles: ["nights"], words: ["nights"], scripts: ["nights"]),
    PageFrame(
      "works", styles: ["desk"], words: ["desk", "works"], scripts: ["desk", "works-rule", "works-calendar", "works-form", "works"]),
    PageFrame("deliveries", styles: ["desk"], words: ["desk", "deliveries"], scripts: ["desk", "deliveries"]),
    PageFrame("sensors", styles: ["desk"], words: ["desk", "sensors"], scripts: ["desk", "sensor-card", "sensors"]),
    PageFrame("system", styles: ["desk"], words: ["desk", "system"], scripts: ["desk", "accounts", "system"]),
    PageFrame("reports", styles: ["desk"], words: ["desk", "reports"], scripts: ["desk", "report-view", "billed", "reports"]),
    PageFrame("fleet", styles: ["fleet"], words: ["fleet"], scripts: ["fleet"]),
  ]

  /// Pages with an address of their own name.
  static let named = all.map(\.name).filter { $0 != "index" && $0 != "fleet" }

  /// Every file that the page loads, in order.
  var files: [String] { styleFiles + scriptFiles + ["icon.svg"] }

  private var styleFiles: [String] { (hasGraphs ? ["dygraph.min.css"] : []) + (["style"] + styles).map { $0 + ".css" } }

  private var scriptFiles: [String] {
    (hasGraphs ? ["dygraph.min.js"] : []) + (["words"] + words.map { "words-" + $0 } + ["parts", "common"] + scripts).map { $0 + ".js" }
  }

  var html: String {
    """
    <!doctype html>
    <html lang="ja">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>水守</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    \(styleFiles.map { "<link rel=\"stylesheet\" href=\"/assets/\($0)\">" }.joined(separator: "\n"))
    \(scriptFiles.map { "<script src=\"/assets/\($0)\" defer></script>" }.joined(separator: "\n"))
    </head>
    <body>
    <noscript>この画面には JavaScript が必要です / this page needs JavaScript</noscript>
    </body>
    </html>

    """
  }
}
