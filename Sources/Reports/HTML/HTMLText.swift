/// A growing HTML document that is well-formed XML as well.
struct HTMLText {
  private(set) var text = ""

  /// Mark-up as it stands.
  mutating func raw(_ s: String) { text += s }

  mutating func element(_ name: String, _ attributes: [(String, String)], _ content: String) {
    text += HTMLText.element(name, attributes, HTMLText.escaped(content))
  }

  mutating func element(_ name: String, _ content: String) { element(name, [], content) }

  /// - Parameter content: mark-up.
  static func element(_ name: String, _ attributes: [(String, String)], _ content: String) -> String {
    "<\(name)\(attributes.map { " \($0)=\"\(escaped($1))\"" }.joined())>\(content)</\(name)>"
  }

  /// Text and attribute values; control characters, which XML cannot hold, become blanks.
  static func escaped(_ s: String) -> String {
    var out = String.UnicodeScalarView()
    for c in s.unicodeScalars {
      switch c {
      case "&": out.append(contentsOf: "&amp;".unicodeScalars)
      case "<": out.append(contentsOf: "&lt;".unicodeScalars)
      case ">": out.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
      case "'": out.append(contentsOf: "&#39;".unicodeScalars)
      case _ where c.value < 0x20 || c.value == 0x7F || c.value == 0xFFFE || c.value == 0xFFFF: out.append(" ")
      default: out.append(c)
      }
    }
    return String(out)
  }
}

/// A table with a caption; the first column is the head of its row.
struct HTMLTable {
  enum Cell {
    case text(String)
    /// Right-aligned.
    case number(String)
    /// Mark-up.
    case markup(String)
  }

  var caption: String
  /// Heads; those of numbers are right-aligned.
  var columns: [(title: String, isNumber: Bool)]
  var rows: [[Cell]] = []
  /// What stands below, in a row of its own kind.
  var foot: [Cell] = []
  /// Said instead of a table without rows.
  var empty: String
  var style = ""

  /// Rows that a table may have to be kept together.
  private static let short = 14

  func write(to out: inout HTMLText) {
    // A short table stands on one page.
    out.raw(rows.count <= HTMLTable.short ? "<section class=\"short\">" : "<section class=\"long\">")
    defer { out.raw("</section>\n") }
    guard !rows.isEmpty else {
      out.element("h2", caption)
      out.element("p", [("class", "none")], empty)
      return
    }
    out.raw("<table class=\"\(HTMLText.escaped(style))\"><caption>\(HTMLText.escaped(caption))</caption><thead><tr>")
    for c in columns { out.element("th", [("scope", "col")] + (c.isNumber ? [("class", "n")] : []), c.title) }
    out.raw("</tr></thead><tbody>\n")
    for row in rows { write(row, to: &out) }
    out.raw("</tbody>")
    if !foot.isEmpty {
      // A body of its own: a foot would be repeated on each page.
      out.raw("<tbody class=\"sum\">")
      write(foot, to: &out)
      out.raw("</tbody>")
    }
    out.raw("</table>")
  }

  private func write(_ row: [Cell], to out: inout HTMLText) {
    out.raw("<tr>")
    for (n, cell) in row.enumerated() {
      let (name, scope) = n == 0 ? ("th", [("scope", "row")]) : ("td", [])
      switch cell {
      case .text(let s): out.element(name, scope, s)
      case .number(let s): out.element(name, scope + [("class", "n")], s)
      case .markup(let s): out.raw(HTMLText.element(name, scope, s))
      }
    }
    out.raw("</tr>\n")
  }
}
