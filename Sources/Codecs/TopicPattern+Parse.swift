extension TopicPattern {
  static func parse(_ text: String) throws(TopicPatternError) -> [Level] {
    guard !text.isEmpty else { throw TopicPatternError("空です。例: \(standardText)", "it is empty; write for example \(standardText)") }
    let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    var levels: [Level] = []
    for (n, piece) in pieces.enumerated() {
      let level = try parseLevel(piece)
      if level == .rest, n != pieces.count - 1 { throw TopicPatternError("# は最後だけに置けます", "# may stand only at the end") }
      levels.append(level)
    }
    return levels
  }

  private static func parseLevel(_ piece: Substring) throws(TopicPatternError) -> Level {
    if piece == "+" { return .any }
    if piece == "#" { return .rest }
    guard !piece.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") || $0 == 0 }) else {
      throw TopicPatternError("「\(piece)」: + と # は単独で書いてください", "\"\(piece)\": + and # must stand alone between slashes")
    }
    guard let open = piece.firstIndex(of: "{") else {
      guard !piece.contains("}") else { throw unbalanced(piece) }
      return .text(Array(piece.utf8))
    }
    guard let close = piece.lastIndex(of: "}"), open < close else { throw unbalanced(piece) }
    let name = piece[open...close]
    guard let part = Part.allCases.first(where: { $0.placeholder == name }) else {
      throw TopicPatternError(
        "「\(name)」は使えません。使えるのは {municipality} {zone} {sensor} {quantity} です",
        "\(name) is unknown; known are {municipality} {zone} {sensor} {quantity}")
    }
    return .part(part, prefix: Array(piece[..<open].utf8), suffix: Array(piece[piece.index(after: close)...].utf8))
  }

  private static func unbalanced(_ piece: Substring) -> TopicPatternError {
    TopicPatternError("「\(piece)」の { } が対になっていません", "the braces in \"\(piece)\" do not pair up")
  }

  /// The level in an MQTT topic filter.
  static func filter(_ level: Level) -> String {
    switch level {
    case .text(let t): String(decoding: t, as: UTF8.self)
    case .any, .part: "+"
    case .rest: "#"
    }
  }
}
