import Readings

/// One column of values as it stands in the file: nothing converted, nothing sorted.
public struct ExportColumn: Sendable {
  /// 1-based place in the file.
  public let number: Int
  /// From the header, width normalised; `#3` where there is none.
  public let name: String
  public let unit: ExportUnit
  /// Rows with a number, in the order of the file.
  public internal(set) var rows: [SeriesRow] = []
  /// Cells without a value: empty, `-`, 欠測 …
  public internal(set) var missing = 0
  /// Cells that hold something else.
  public internal(set) var unreadable = 0

  init(number: Int, name: String, unit: ExportUnit) {
    self.number = number
    self.name = name
    self.unit = unit
  }

  /// Whether it holds measurements, and not remarks or flags in words.
  public var isNumeric: Bool { rows.count > unreadable }

  /// Whether the header says that it counts up (積算) and is no flow.
  public var isTotalizer: Bool {
    let s = name.lowercased()
    return ["積算", "累積", "累計", "トータル", "total", "cumul"].contains { s.contains($0) }
  }
}

/// Something in the file that could not be used.
public struct ExportProblem: Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// The row has no date and time that we can read.
    case noTime
    /// The time is later than now.
    case future
    /// The cell of a value column holds no number.
    case noNumber
  }

  /// 1-based.
  public let line: Int
  /// 1-based; 0 where the row as a whole is meant.
  public let column: Int
  public let reason: Reason
  /// What stands there, cut off at 40 characters.
  public let text: String
}
