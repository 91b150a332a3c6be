/// Names and units of the columns, from the rows above the first row of data.
struct ExportHeader {
  private(set) var names: [String]
  private(set) var units: [ExportUnit]
  /// Rows of the header among the rows looked at; empty when there is none.
  private(set) var rows: Range<Int>

  /// Header rows besides the one right above the data; title lines stand above those.
  private static let moreRows = 2

  /// - Complexity: O(cells of the header)
  init(_ sample: SampleRows, _ layout: ExportLayout, columns: Int) {
    var first = layout.firstRow
    while first > 0, layout.firstRow - first <= ExportHeader.moreRows,
      ExportHeader.isHeader(sample, first - 1, layout, columns, isLowest: first == layout.firstRow)
    { first -= 1 }
    rows = first..<layout.firstRow
    names = []
    units = []
    let texts = rows.map { ExportHeader.filled(sample, $0, layout, columns, isLowest: $0 == layout.firstRow - 1) }
    for c in 0..<columns {
      var parts: [String] = []
      var unit = ExportUnit.none
      for row in texts where !row[c].isEmpty {
        if !parts.contains(row[c]) { parts.append(row[c]) }
        let found = ExportUnit(header: row[c])
        if found != .none { unit = found }
      }
      names.append(parts.isEmpty ? "#\(c + 1)" : parts.joined(separator: " "))
      units.append(unit)
    }
  }

  /// The lowest row is one when a value column has a name; a row above it when it looks like names of several columns, and not like a title.
  private static func isHeader(_ sample: SampleRows, _ r: Int, _ layout: ExportLayout, _ columns: Int, isLowest: Bool) -> Bool {
    var named = 0
    for c in 0..<columns {
      let cell = sample.bytes(r, c)
      if cell.isEmpty { continue }
      if ExportMoment(cell) != nil { return false }
      if !isLowest, case .number = ExportValue.read(cell) { return false }
      if !layout.isTime(c) { named += 1 }
    }
    return isLowest ? named > 0 : named >= 2 || (named == 1 && columns <= 3 && sample.bytes(r, layout.dateColumn).isEmpty)
  }

  /// The texts of a header row. In upper rows a merged cell stands for the empty ones to its right.
  private static func filled(_ sample: SampleRows, _ r: Int, _ layout: ExportLayout, _ columns: Int, isLowest: Bool) -> [String] {
    var last = ""
    return (0..<columns).map { c in
      let text = ExportHeader.text(sample.bytes(r, c))
      if layout.isTime(c) { return text }
      if !text.isEmpty { last = text }
      return isLowest ? text : last
    }
  }

  static func text(_ cell: UnsafeBufferPointer<UInt8>) -> String {
    let words = String(decoding: cell, as: UTF8.self).replacing("\"\"", with: "\"").split(whereSeparator: {
      $0.isWhitespace || $0.isNewline
    })
    return words.joined(separator: " ")
  }
}
