/// Where times and values stand in a table, guessed from its first rows.
struct ExportLayout: Equatable {
  /// 0-based.
  var dateColumn: Int
  /// The column of the time of day, where date and time stand apart.
  var timeColumn: Int?
  /// Index of the first row of data among the rows looked at.
  var firstRow: Int
  /// Rows that were understood with this layout: what competing separators are compared by.
  var score: Int

  /// Rows looked at.
  static let sampleRows = 300
  /// Date columns are looked for among the first columns only.
  private static let dateColumns = 8

  func isTime(_ column: Int) -> Bool { column == dateColumn || column == timeColumn }

  /// The layout that explains most rows; nil when no row has a date and a value.
  /// - Complexity: O(cells of the sample)
  init?(_ rows: SampleRows) {
    var best: ExportLayout?
    func propose(_ date: Int, _ time: Int?) {
      guard let found = ExportLayout.judge(rows, date: date, time: time), found.score > best?.score ?? 0 else { return }
      best = found
    }
    for c in 0..<ExportLayout.dateColumns {
      // A time column beside it explains more than the date alone: it goes first, and later proposals must be better.
      propose(c, c + 1)
      propose(c, c + 2)
      propose(c, nil)
    }
    guard let best else { return nil }
    self = best
    // A first row with a mistake in it is a row of data all the same, to be told as such, and no header.
    while firstRow > 0, let c = rows.bytes(firstRow - 1, dateColumn).first, (48...57).contains(c) { firstRow -= 1 }
  }

  private init(dateColumn: Int, timeColumn: Int?, firstRow: Int, score: Int) {
    self.dateColumn = dateColumn
    self.timeColumn = timeColumn
    self.firstRow = firstRow
    self.score = score
  }

  private static func judge(_ rows: SampleRows, date: Int, time: Int?) -> ExportLayout? {
    var clock = RowClock(dateColumn: date, timeColumn: time)
    var layout: ExportLayout?
    for r in 0..<rows.count {
      guard clock.read(rows.cells(r), rows.text) != nil, hasValue(rows.cells(r), rows.text, date, time) else { continue }
      if layout == nil { layout = ExportLayout(dateColumn: date, timeColumn: time, firstRow: r, score: 0) }
      layout?.score += 1
    }
    return layout
  }

  /// A cell beside the time that holds a number, or says that there is none.
  private static func hasValue(_ cells: [Range<Int>], _ text: UnsafeBufferPointer<UInt8>, _ date: Int, _ time: Int?) -> Bool {
    for (c, cell) in cells.enumerated() where c != date && c != time && !cell.isEmpty {
      if ExportValue.read(UnsafeBufferPointer(rebasing: text[cell])) != .text { return true }
    }
    return false
  }
}

/// The first rows of a table under one separator.
struct SampleRows {
  let text: UnsafeBufferPointer<UInt8>
  private var rows: [[Range<Int>]] = []
  private var lines: [Int] = []

  init(_ text: UnsafeBufferPointer<UInt8>, separator: UInt8) {
    self.text = text
    var scanner = RowScanner(text, separator: separator)
    var cells: [Range<Int>] = []
    while rows.count < ExportLayout.sampleRows, scanner.next(&cells) {
      rows.append(cells)
      lines.append(scanner.line)
    }
  }

  var count: Int { rows.count }
  func cells(_ row: Int) -> [Range<Int>] { rows[row] }
  func line(_ row: Int) -> Int { lines[row] }
  func bytes(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    guard column < rows[row].count else { return UnsafeBufferPointer(rebasing: text[0..<0]) }
    return UnsafeBufferPointer(rebasing: text[rows[row][column]])
  }
}

/// Finds the time of each row. Where date and time stand apart, a date that is left empty is that of the row above.
struct RowClock {
  let dateColumn: Int
  let timeColumn: Int?
  private var lastDay: Int?

  init(dateColumn: Int, timeColumn: Int?) {
    self.dateColumn = dateColumn
    self.timeColumn = timeColumn
  }

  /// Day, time of day and offset of a row; nil when its cells are no time.
  mutating func read(_ cells: [Range<Int>], _ text: UnsafeBufferPointer<UInt8>) -> (day: Int, time: Int, offset: Int?)? {
    guard dateColumn < cells.count else { return nil }
    let dateCell = UnsafeBufferPointer(rebasing: text[cells[dateColumn]])
    guard let timeColumn else {
      guard let m = ExportMoment(dateCell), let day = m.day else { return nil }
      return (day, m.time ?? 0, m.offset)
    }
    guard timeColumn < cells.count, let t = ExportMoment(UnsafeBufferPointer(rebasing: text[cells[timeColumn]])), t.day == nil,
      let time = t.time
    else { return nil }
    if !dateCell.isEmpty {
      // Spreadsheets write a date as 2026/11/23 0:00 sometimes.
      guard let m = ExportMoment(dateCell), let day = m.day, m.time ?? 0 == 0 else { return nil }
      lastDay = day
    }
    return lastDay.map { ($0, time, t.offset) }
  }
}
