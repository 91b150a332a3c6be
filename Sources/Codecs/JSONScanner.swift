/// A single-pass reader of JSON (RFC 8259) over borrowed bytes: checks grammar and UTF-8, allocates nothing.
///
/// Each function starts at the first byte of its token and ends behind its last one. The first fault ends the scan.
struct JSONScanner {
  /// Containers within containers beyond this are refused, whatever comes after them.
  static let maximumDepth = 32

  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { @inline(__always) get { index >= bytes.count } }
  /// The byte at the index, or 0 (never legal outside a string) at the end.
  var current: UInt8 { @inline(__always) get { index < bytes.count ? bytes[index] : 0 } }

  /// Bytes that cannot stand here: `utf8` when they are no UTF-8 either, else `json_syntax`.
  var unexpected: DecodeError {
    @inline(never) get { explain() }
  }

  private func explain() -> DecodeError {
    if current >= 0x80 && UTF8Sequence.length(in: bytes, at: index) == nil { return DecodeError(.utf8, at: index) }
    return DecodeError(.jsonSyntax, at: index)
  }

  /// Most senders write none, so that the one comparison stands where it is called.
  @inline(__always)
  mutating func skipWhitespace() { if index < bytes.count, bytes[index] <= 0x20 { skipBlanks() } }

  @inline(never)
  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0a, 0x0d: index &+= 1
      default: return
      }
    }
  }

  @inline(__always)
  mutating func expect(_ c: UInt8) throws(DecodeError) {
    guard index < bytes.count, bytes[index] == c else { throw unexpected }
    index &+= 1
  }

  /// `true`, `false` or `null`.
  mutating func literal(_ text: StaticString) throws(DecodeError) {
    for i in 0..<text.utf8CodeUnitCount { try expect(text.utf8Start[i]) }
  }

  /// White space up to the end of the payload and nothing else.
  mutating func expectEnd() throws(DecodeError) {
    skipWhitespace()
    if !isAtEnd { throw unexpected }
  }

  /// The opening of an object or array, on which the index stands, with the white space behind it.
  /// - Parameter close: its closing bracket.
  /// - Returns: false for an empty one, which is passed over.
  @inline(__always)
  mutating func opens(_ close: UInt8) -> Bool {
    index &+= 1
    skipWhitespace()
    guard current == close else { return true }
    index &+= 1
    return false
  }

  /// Behind an item of an object or array: whether another one follows; if not, the closing bracket is passed over.
  @inline(__always)
  mutating func continues(_ close: UInt8) throws(DecodeError) -> Bool {
    skipWhitespace()
    guard current == UInt8(ascii: ",") else {
      try expect(close)
      return false
    }
    index &+= 1
    skipWhitespace()
    return true
  }

  /// Any value, checked and passed over.
  /// - Parameter depth: containers that are open around it.
  /// - Complexity: O(bytes), without recursion: one bit for each open container tells object from array.
  mutating func skipValue(depth: Int) throws(DecodeError) {
    var objects: UInt64 = 0
    var open = 0
    repeat {
      // Here a value begins.
      switch current {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth + open < JSONScanner.maximumDepth else { throw DecodeError(.jsonSyntax, at: index) }
        let isObject = current == UInt8(ascii: "{")
        objects = objects << 1 | (isObject ? 1 : 0)
        open += 1
        index += 1
        skipWhitespace()
        if current == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { break }
        if isObject { try skipKey() }
        continue
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "t"): try literal("true")
      case UInt8(ascii: "f"): try literal("false")
      case UInt8(ascii: "n"): try literal("null")
      default: try skipNumber()
      }
      // Here a value or an empty container ended: close what closes, or go on behind a comma.
      while open > 0 {
        skipWhitespace()
        let isObject = objects & 1 == 1
        if current == UInt8(ascii: ",") {
          index += 1
          skipWhitespace()
          if isObject { try skipKey() }
          break
        }
        try expect(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        objects >>= 1
        open -= 1
      }
    } while open > 0
  }

  /// `"key" :` and the white space up to its value.
  private mutating func skipKey() throws(DecodeError) {
    _ = try string()
    try colon()
  }

  @inline(__always)
  mutating func colon() throws(DecodeError) {
    skipWhitespace()
    try expect(UInt8(ascii: ":"))
    skipWhitespace()
  }
}
