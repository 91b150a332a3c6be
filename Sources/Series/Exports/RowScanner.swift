/// Splits a text into rows of cells as spreadsheets write them: `"1,234.5"`, `="0012"`, line breaks inside quotation marks.
///
/// Cells are ranges of the text, without blanks and quotation marks around them. A doubled quotation mark stays doubled.
struct RowScanner {
  /// A quotation mark that is not closed within so many lines is an ordinary character: one lost mark must not swallow the file.
  private static let longestQuote = 4

  private let text: UnsafeBufferPointer<UInt8>
  private let separator: UInt8
  private var position = 0
  private var nextLine = 1
  /// 1-based line at which the last row began.
  private(set) var line = 0

  init(_ text: UnsafeBufferPointer<UInt8>, separator: UInt8) {
    self.text = text
    self.separator = separator
  }

  /// Replaces `cells` by those of the next row; false at the end. Blank lines are rows with one empty cell. O(bytes of the row).
  mutating func next(_ cells: inout [Range<Int>]) -> Bool {
    cells.removeAll(keepingCapacity: true)
    guard position < text.count else { return false }
    line = nextLine
    while true {
      cells.append(cell())
      guard position < text.count else { break }
      let c = text[position]
      position += 1
      if c == separator { continue }
      if c == 13, position < text.count, text[position] == 10 { position += 1 }
      nextLine += 1
      break
    }
    return true
  }

  /// Reads one cell and stops at the separator or line end after it.
  private mutating func cell() -> Range<Int> {
    while position < text.count, isBlank(text[position]) { position += 1 }
    if let quoted = quotedCell() { return trimmed(quoted) }
    let start = position
    while position < text.count, !isEnd(text[position]) { position += 1 }
    return trimmed(start..<position)
  }

  private mutating func quotedCell() -> Range<Int>? {
    var start = position
    // Excel's way to keep a text a text.
    if start + 1 < text.count, text[start] == 61, text[start + 1] == 34 { start += 1 }
    guard start < text.count, text[start] == 34 else { return nil }
    var i = start + 1
    var breaks = 0
    while i < text.count {
      if text[i] == 34 {
        if i + 1 < text.count, text[i + 1] == 34 {
          i += 2
          continue
        }
        var after = i + 1
        while after < text.count, isBlank(text[after]) { after += 1 }
        guard after == text.count || isEnd(text[after]) else { return nil }
        position = after
        nextLine += breaks
        return (start + 1)..<i
      }
      if text[i] == 10 { breaks += 1 }
      if breaks >= RowScanner.longestQuote { return nil }
      i += 1
    }
    return nil
  }

  private func isBlank(_ c: UInt8) -> Bool { c == 32 || (c == 9 && separator != 9) }
  private func isEnd(_ c: UInt8) -> Bool { c == separator || c == 10 || c == 13 }

  private func trimmed(_ r: Range<Int>) -> Range<Int> {
    var (a, b) = (r.lowerBound, r.upperBound)
    while a < b, text[a] == 32 || text[a] == 9 { a += 1 }
    while b > a, text[b - 1] == 32 || text[b - 1] == 9 { b -= 1 }
    return a..<b
  }
}
