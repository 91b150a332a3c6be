/// Where a string token stands, without its quotes.
struct JSONString {
  let start: Int
  let end: Int
  let hasEscapes: Bool
}

extension JSONScanner {
  /// A string token; checks escapes, control characters and UTF-8. Unpaired surrogate escapes are refused: they are no text.
  mutating func string() throws(DecodeError) -> JSONString {
    try expect(UInt8(ascii: "\""))
    let start = index
    var hasEscapes = false
    while true {
      skipPlainText()
      guard index < bytes.count else { break }
      let c = bytes[index]
      switch c {
      case UInt8(ascii: "\""):
        index += 1
        return JSONString(start: start, end: index - 1, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        _ = try escape()
      case 0..<0x20: throw DecodeError(.jsonSyntax, at: index)
      default:
        guard let n = UTF8Sequence.length(in: bytes, at: index) else { throw DecodeError(.utf8, at: index) }
        index += n
      }
    }
    throw DecodeError(.jsonSyntax, at: index)
  }

  /// Passes over ASCII that needs no second look: all but quotes, backslashes and control characters.
  private mutating func skipPlainText() {
    let end = bytes.count
    var i = index
    while i < end {
      let c = bytes[i]
      if c &- 0x20 >= 0x60 || c == UInt8(ascii: "\"") || c == UInt8(ascii: "\\") { break }
      i += 1
    }
    index = i
  }

  /// The text of a token: the payload's own bytes, or for one with escapes the decoded text in `scratch`.
  ///
  /// Nil when the decoded text is longer than `scratch`, hence no name that this program knows.
  func text(of s: JSONString, scratch: UnsafeMutableBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    if !s.hasEscapes { return UnsafeBufferPointer(rebasing: bytes[s.start..<s.end]) }
    var reader = self
    reader.index = s.start
    var n = 0
    while reader.index < s.end {
      if reader.current == UInt8(ascii: "\\") {
        // The token was checked when it was scanned, so this cannot throw.
        guard let scalar = try? reader.escape(), UTF8Sequence.append(scalar, to: scratch, at: &n) else { return nil }
      } else {
        guard n < scratch.count else { return nil }
        scratch[n] = reader.current
        n += 1
        reader.index += 1
      }
    }
    return UnsafeBufferPointer(rebasing: scratch[..<n])
  }

  /// An escape sequence, from its backslash on; both halves of a surrogate pair.
  private mutating func escape() throws(DecodeError) -> UInt32 {
    let start = index
    index += 1
    let c = current
    index += 1
    switch c {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(c)
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0c
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"): break
    default:
      index -= 1
      throw unexpected
    }
    let high = try fourHexDigits()
    guard high & 0xf800 == 0xd800 else { return high }
    guard high < 0xdc00 else { throw DecodeError(.jsonSyntax, at: start) }
    try expect(UInt8(ascii: "\\"))
    try expect(UInt8(ascii: "u"))
    let low = try fourHexDigits()
    guard low & 0xfc00 == 0xdc00 else { throw DecodeError(.jsonSyntax, at: start) }
    return 0x1_0000 + ((high & 0x3ff) << 10 | low & 0x3ff)
  }

  private mutating func fourHexDigits() throws(DecodeError) -> UInt32 {
    var v: UInt32 = 0
    for _ in 0..<4 {
      let c = current
      switch c {
      case 48...57: v = v << 4 | UInt32(c - 48)
      case 65...70: v = v << 4 | UInt32(c - 55)
      case 97...102: v = v << 4 | UInt32(c - 87)
      default: throw unexpected
      }
      index += 1
    }
    return v
  }
}
