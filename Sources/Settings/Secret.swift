/// A password or signing secret from a file. Printing or interpolating it shows only the file's name.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where it was read from.
  public let path: String
  /// The whole text without the line end.
  public let text: String

  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// The non-empty lines: several while a secret is being rotated, the newest first.
  public var lines: [String] { text.split(whereSeparator: \.isNewline).map(String.init) }
  public var description: String { "<secret \(path)>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["path": path]) }
}
