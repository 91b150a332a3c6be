/// Rows as RFC 4180 asks: CRLF, quotes where needed. What a person wrote can be no formula of a spreadsheet.
struct CSVText {
  enum Cell {
    case text(String)
    /// With fixed decimals; nothing for nil.
    case number(Double?, Int)
    case count(Int)
  }

  private(set) var text = ""

  mutating func row(_ cells: [Cell]) { text += cells.map(CSVText.written).joined(separator: ",") + "\r\n" }
  mutating func row(_ cells: [String]) { row(cells.map { .text($0) }) }
  mutating func blank() { text += "\r\n" }

  private static func written(_ cell: Cell) -> String {
    switch cell {
    case .text(let s): quoted(s)
    case .number(let v, let decimals): v.map { Numbers.plain($0, decimals) } ?? ""
    case .count(let n): "\(n)"
    }
  }

  /// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"); full-width signs count too,
  /// which Japanese spreadsheets turn into plain ones.
  static func quoted(_ s: String) -> String {
    let isFormula = s.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
    let safe = isFormula ? "'" + s : s
    guard safe.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0.value < 0x20 }) || safe.hasPrefix(" ") || safe.hasSuffix(" ")
    else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
