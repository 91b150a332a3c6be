/// Where a string token stands, without its quotes.
struct JSONString {
  let start: Int
  let end: Int
  let hasEscapes: Bool
}

extension JSONScanner {
  /// A string token; checks escapes, control characters and UTF-8. Unpaired surrogate escapes are refused: they are no text.
  @inline(__always)
  mutating func string() throws(DecodeError) -> JSONString {
    try expect(UInt8(ascii: "\""))
    let start = index
    skipPlainText()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return try rest(ofString: start) }
    index &+= 1
    return JSONString(start: start, end: index &- 1, hasEscapes: false)
  }

  /// From the first byte of a string on that is not plain.
  @inline(never)
  private mutating func rest(ofString start: Int) throws(DecodeError) -> JSONString {
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
  ///
  /// Eight bytes at a time: subtracting sets the high bit of the lowest byte that is one of these. (A borrow can set it in bytes above
  /// that one, too, which nobody looks at.)
  @inline(__always)
  private mutating func skipPlainText() {
    let end = bytes.count
    var i = index
    let raw = UnsafeRawPointer(bytes.baseAddress)
    while let raw, i &+ 8 <= end {
      let x = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      let quote = x ^ 0x2222_2222_2222_2222
      let backslash = x ^ 0x5c5c_5c5c_5c5c_5c5c
      let control = (x &- 0x2020_2020_2020_2020) & ~x
      let stops =
        (control | (quote &- 0x0101_0101_0101_0101) & ~quote | (backslash &- 0x0101_0101_0101_0101) & ~backslash | x)
        & 0x8080_8080_8080_8080
      guard stops == 0 else {
        index = i &+ stops.trailingZeroBitCount / 8
        return
      }
      i &+= 8
    }
    while i < end {
      let c = bytes[i]
      if c &- 0x20 >= 0x60 || c == UInt8(ascii: "\"") || c == UInt8(ascii: "\\") { break }
      i &+= 1
    }
    index = i
  }

  /// The text of a token: the payload's own bytes, or for one with escapes the decoded text in `scratch`.
  ///
  /// Nil when the decoded text is longer than `scratch`, hence no name that this program knows.
  @inline(__always)
  func text(of s: JSONString, scratch: UnsafeMutableBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    if s.hasEscapes { return unescaped(s, scratch) }
    return UnsafeBufferPointer(start: bytes.baseAddress.map { $0 + s.start }, count: s.end &- s.start)
  }

  /// The bytes of a short text as one number, the first one lowest; 0 for an empty one, all bits for one of more than seven bytes.
  @inline(__always)
  func word(of s: JSONString, scratch: UnsafeMutableBufferPointer<UInt8>) -> UInt64 {
    let count = s.end &- s.start
    guard !s.hasEscapes, count <= 7, s.start &+ 8 <= bytes.count, let base = bytes.baseAddress else { return slowWord(s, scratch) }
    let eight = UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: s.start, as: UInt64.self))
    return eight & (1 << UInt64(truncatingIfNeeded: count &* 8) &- 1)
  }

  @inline(never)
  private func slowWord(_ s: JSONString, _ scratch: UnsafeMutableBufferPointer<UInt8>) -> UInt64 {
    guard let text = text(of: s, scratch: scratch), text.count <= 7 else { return .max }
    return text.firstWord
  }

  @inline(never)
  private func unescaped(_ s: JSONString, _ scratch: UnsafeMutableBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
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
