/// Where a field stands in a JSON payload: keys with dots between them, `*` for every element of an array: `rx.*.rssi`.
///
/// A key with a dot in it cannot be named.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  enum Step: Hashable, Sendable {
    case key([UInt8])
    case each
  }

  let steps: [Step]

  /// Nil for an empty path, one with an empty key, or one deeper than 16.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard !text.isEmpty, parts.count <= 16, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    steps = parts.map { $0 == "*" ? .each : .key(Array($0.utf8)) }
  }

  private init(steps: [Step]) { self.steps = steps }

  /// The same below `parent`.
  func below(_ parent: FieldPath) -> FieldPath { FieldPath(steps: parent.steps + steps) }

  /// Whether more than one value may stand there.
  var isPlural: Bool { steps.contains(.each) }

  public var description: String {
    steps.map { step in
      switch step {
      case .key(let k): String(decoding: k, as: UTF8.self)
      case .each: "*"
      }
    }.joined(separator: ".")
  }
}
