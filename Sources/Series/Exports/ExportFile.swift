import Readings

/// A table exported by a logger, a SCADA system or a spreadsheet, understood as far as it can be.
public struct ExportFile: Sendable {
  public let path: String
  public internal(set) var encoding = TextEncoding.utf8
  /// `,`, `;` or tab.
  public internal(set) var separator: UInt8 = 44
  /// Lines of the header, 1-based; nil when there is none.
  public internal(set) var headerLines: ClosedRange<Int>?
  /// Names of the column, or the two columns, that the time was read from.
  public internal(set) var timeColumns: [String] = []
  public internal(set) var columns: [ExportColumn] = []
  /// Rows with a time.
  public internal(set) var rows = 0
  public internal(set) var first = Timestamp.distantPast
  public internal(set) var last = Timestamp.distantPast
  /// The commonest difference between neighbouring rows, ms; 0 where there is one row.
  public internal(set) var interval: Int64 = 0
  /// Rows whose time is before that of the row above.
  public internal(set) var outOfOrder = 0
  /// Rows with the same time as the row above.
  public internal(set) var repeated = 0
  /// Repeated headers and lines of sums (合計, 平均 …) that were passed over.
  public internal(set) var passedOver = 0
  /// The first `maximumProblems`, by line.
  public internal(set) var problems: [ExportProblem] = []
  /// All of them.
  public internal(set) var problemCount = 0

  /// Problems beyond this number are counted only.
  public static let maximumProblems = 200

  /// How to read a file.
  public struct Options: Sendable {
    /// Seconds east of UTC of times that do not say.
    public var offset: Int
    /// Rows later than this are refused: a meter's clock that runs ahead would make everything after it look late.
    public var latest: Timestamp

    public init(offset: Int = 32_400, latest: Timestamp) {
      self.offset = offset
      self.latest = latest
    }
  }

  /// Columns with numbers.
  public var valueColumns: [ExportColumn] { columns.filter(\.isNumeric) }

  init(path: String) { self.path = path }

  /// Reads a file, plain or gzip.
  /// - Throws: `.missing`, or `.unreadable`: no text, no known encoding, or no row with a time and a value.
  /// - Complexity: O(bytes), with the whole file in memory.
  public static func read(path: String, _ options: Options) throws(SeriesError) -> ExportFile {
    try parse(try SeriesBytes.read(path), path: path, options)
  }

  /// As `read(path:_:)` for bytes; `path` is for messages.
  public static func parse(_ bytes: [UInt8], path: String, _ options: Options) throws(SeriesError) -> ExportFile {
    func refuse(_ reason: String) -> SeriesError { SeriesError(kind: .unreadable, file: path, line: 0, reason: reason) }
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      throw refuse("Excel のブックです。「名前を付けて保存」で CSV にしてください / an Excel workbook: save it as CSV first")
    }
    var file = ExportFile(path: path)
    file.encoding = TextEncoding.detect(bytes)
    let text = PlainText.normalise(try file.encoding.decode(bytes, path: path))
    let understood = text.withUnsafeBufferPointer { file.read($0, options) }
    guard understood else {
      throw refuse(
        "日時と値の並びが見つかりません（最初の \(ExportLayout.sampleRows) 行） / found no rows of a date and a value in the first \(ExportLayout.sampleRows) rows"
      )
    }
    return file
  }
}
