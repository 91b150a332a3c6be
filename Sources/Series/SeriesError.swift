/// Why a series could not be read or written: the file, the line where one is to blame, and what was expected.
public struct SeriesError: Error, CustomStringConvertible, Sendable {
  public enum Kind: Sendable { case missing, unreadable, unwritable, badRow }
  public let kind: Kind
  public let file: String
  /// 1-based; 0 where the file as a whole is meant.
  public let line: Int
  public let reason: String

  public var description: String { line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)" }
}
