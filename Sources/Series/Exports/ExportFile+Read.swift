import Readings

extension ExportFile {
  /// Guesses separator, columns and header, then reads all rows; false when no row has a time and a value.
  mutating func read(_ text: UnsafeBufferPointer<UInt8>, _ options: Options) -> Bool {
    var best: (layout: ExportLayout, sample: SampleRows, separator: UInt8)?
    for candidate in [44, 9, 59] as [UInt8] {
      let sample = SampleRows(text, separator: candidate)
      guard let layout = ExportLayout(sample), layout.score > best?.layout.score ?? 0 else { continue }
      best = (layout, sample, candidate)
    }
    guard let (layout, sample, separator) = best else { return false }
    self.separator = separator
    let width = (0..<sample.count).map { sample.cells($0).count }.max() ?? 0
    let header = ExportHeader(sample, layout, columns: width)
    if !header.rows.isEmpty { headerLines = sample.line(header.rows.lowerBound)...sample.line(header.rows.upperBound - 1) }
    timeColumns = (0..<width).filter(layout.isTime).map { header.names[$0] }
    columns = (0..<width).filter { !layout.isTime($0) }.map {
      ExportColumn(number: $0 + 1, name: header.names[$0], unit: header.units[$0])
    }
    var reader = ExportRowReader(layout, options, headerCells: header.rows.map { ExportHeader.text(sample.bytes($0, layout.dateColumn)) })
    var scanner = RowScanner(text, separator: separator)
    var cells: [Range<Int>] = []
    let firstLine = sample.line(layout.firstRow)
    while scanner.next(&cells) {
      if scanner.line >= firstLine { reader.take(cells, line: scanner.line, text, &self) }
    }
    reader.finish(&self)
    return rows > 0
  }
}

/// Takes the rows of data one by one.
struct ExportRowReader {
  private var clock: RowClock
  private let layout: ExportLayout
  private let options: ExportFile.Options
  private let headerCells: [String]
  private var previous: Timestamp?
  /// How often each difference between neighbours came, ms; bounded.
  private var differences: [Int64: Int] = [:]
  /// Problems of cells, by place in `columns`: dropped for a column that turns out to hold words.
  private var cellProblems: [[ExportProblem]] = []

  init(_ layout: ExportLayout, _ options: ExportFile.Options, headerCells: [String]) {
    self.layout = layout
    self.options = options
    self.headerCells = headerCells
    clock = RowClock(dateColumn: layout.dateColumn, timeColumn: layout.timeColumn)
  }

  mutating func take(_ cells: [Range<Int>], line: Int, _ text: UnsafeBufferPointer<UInt8>, _ file: inout ExportFile) {
    if cells.allSatisfy(\.isEmpty) { return }
    guard let moment = clock.read(cells, text) else {
      noTime(cells, line: line, text, &file)
      return
    }
    let time = ExportMoment.timestamp(day: moment.day, time: moment.time, offset: moment.offset, local: options.offset)
    guard time <= options.latest else {
      add(ExportProblem(line: line, column: 0, reason: .future, text: time.iso8601(offset: options.offset)), &file)
      return
    }
    note(time, &file)
    for i in file.columns.indices { take(file.columns[i].number - 1, i, cells, time, line: line, text, &file) }
  }

  private mutating func take(
    _ column: Int, _ i: Int, _ cells: [Range<Int>], _ time: Timestamp, line: Int, _ text: UnsafeBufferPointer<UInt8>,
    _ file: inout ExportFile
  ) {
    let cell = UnsafeBufferPointer(rebasing: column < cells.count ? text[cells[column]] : text[0..<0])
    switch ExportValue.read(cell) {
    case .number(let v): file.columns[i].rows.append(SeriesRow(time: time, value: v))
    case .missing: file.columns[i].missing += 1
    case .text:
      file.columns[i].unreadable += 1
      if cellProblems.isEmpty { cellProblems = Array(repeating: [], count: file.columns.count) }
      if cellProblems[i].count < ExportFile.maximumProblems {
        cellProblems[i].append(ExportProblem(line: line, column: column + 1, reason: .noNumber, text: ExportRowReader.excerpt(cell)))
      }
    }
  }

  private mutating func note(_ time: Timestamp, _ file: inout ExportFile) {
    if file.rows == 0 { (file.first, file.last) = (time, time) }
    file.rows += 1
    file.first = min(file.first, time)
    file.last = max(file.last, time)
    if let previous {
      let d = time.since(previous)
      if d < 0 { file.outOfOrder += 1 }
      if d == 0 { file.repeated += 1 }
      let size = abs(d)
      if size > 0, differences.count < 1000 || differences[size] != nil { differences[size, default: 0] += 1 }
    }
    previous = time
  }

  /// Sums below the data and headers on each printed page are no mistakes.
  private func noTime(_ cells: [Range<Int>], line: Int, _ text: UnsafeBufferPointer<UInt8>, _ file: inout ExportFile) {
    let filled = cells.prefix(3).filter { !$0.isEmpty }.map { UnsafeBufferPointer(rebasing: text[$0]) }
    let isKnown = filled.contains {
      let words = ExportHeader.text($0)
      return headerCells.contains(words) || ExportRowReader.sums.contains(words.lowercased())
    }
    if isKnown {
      file.passedOver += 1
    } else {
      let excerpt = filled.first.map(ExportRowReader.excerpt) ?? ""
      add(ExportProblem(line: line, column: 0, reason: .noTime, text: excerpt), &file)
    }
  }

  private static let sums: Set<String> = [
    "合計", "計", "平均", "最大", "最小", "最大値", "最小値", "平均値", "合計値", "総計", "日計", "月計", "日平均", "月平均", "total", "sum", "average", "avg", "mean",
    "max", "min",
    "[eof]", "eof", "end",
  ]

  private func add(_ p: ExportProblem, _ file: inout ExportFile) {
    file.problemCount += 1
    if file.problems.count < ExportFile.maximumProblems { file.problems.append(p) }
  }

  static func excerpt(_ cell: UnsafeBufferPointer<UInt8>) -> String {
    let words = ExportHeader.text(UnsafeBufferPointer(rebasing: cell.prefix(400)))
    return words.count > 40 ? words.prefix(40) + "…" : words
  }

  /// Adds what is known only at the end.
  func finish(_ file: inout ExportFile) {
    // On a tie the shorter one, so that the answer does not depend on the order of a dictionary.
    file.interval = differences.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    for (i, c) in file.columns.enumerated() where c.isNumeric && c.unreadable > 0 {
      file.problemCount += c.unreadable
      file.problems += cellProblems[i]
    }
    file.problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    if file.problems.count > ExportFile.maximumProblems { file.problems.removeLast(file.problems.count - ExportFile.maximumProblems) }
  }
}
