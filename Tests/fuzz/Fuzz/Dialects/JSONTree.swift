/// JSON by the letter of RFC 8259, as plainly as it can be written: what the product's scanner is held against.
indirect enum JSONTree {
  case object([(key: Text, value: JSONTree)])
  case array([JSONTree])
  case string(Text)
  /// As it was written.
  case number(String)
  case bool
  case null

  struct Text: Equatable {
    var bytes: [UInt8] = []
    var hasEscapes = false

    /// A known name.
    func `is`(_ name: String) -> Bool { bytes.elementsEqual(name.utf8) }
    /// The product keeps so much of a text with escapes; what a longer one says is not compared.
    var isComparable: Bool { !hasEscapes || bytes.count <= 256 }
  }

  /// Nil for what is no JSON, no UTF-8, or nested deeper than 32.
  static func parse(_ bytes: [UInt8]) -> JSONTree? {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var parser = Parser(rest: bytes[...])
    parser.blanks()
    guard let tree = parser.value(depth: 0) else { return nil }
    parser.blanks()
    return parser.rest.isEmpty ? tree : nil
  }

  /// Whether everything in it can be compared.
  var isComparable: Bool {
    switch self {
    case .object(let members): members.allSatisfy { $0.key.isComparable && $0.value.isComparable }
    case .array(let items): items.allSatisfy(\.isComparable)
    case .string(let text): text.isComparable
    case .number, .bool, .null: true
    }
  }

  var isNull: Bool { if case .null = self { true } else { false } }
}

private struct Parser {
  var rest: ArraySlice<UInt8>

  mutating func blanks() { rest = rest.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) } }

  mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  mutating func value(depth: Int) -> JSONTree? {
    if rest.first == UInt8(ascii: "{") || rest.first == UInt8(ascii: "["), depth >= 32 { return nil }
    if take("{") { return object(depth: depth) }
    if take("[") { return array(depth: depth) }
    if take("\"") { return text().map { .string($0) } }
    if take("true") || take("false") { return .bool }
    if take("null") { return .null }
    return number()
  }

  private mutating func object(depth: Int) -> JSONTree? {
    var members: [(key: JSONTree.Text, value: JSONTree)] = []
    blanks()
    if take("}") { return .object(members) }
    repeat {
      blanks()
      guard take("\""), let key = text() else { return nil }
      blanks()
      guard take(":") else { return nil }
      blanks()
      guard let v = value(depth: depth + 1) else { return nil }
      members.append((key, v))
      blanks()
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONTree? {
    var items: [JSONTree] = []
    blanks()
    if take("]") { return .array(items) }
    repeat {
      blanks()
      guard let v = value(depth: depth + 1) else { return nil }
      items.append(v)
      blanks()
    } while take(",")
    return take("]") ? .array(items) : nil
  }

  /// Behind the opening quote.
  private mutating func text() -> JSONTree.Text? {
    var out = JSONTree.Text()
    while let c = rest.popFirst() {
      switch c {
      case UInt8(ascii: "\""): return out
      case UInt8(ascii: "\\"):
        out.hasEscapes = true
        guard let scalar = escape() else { return nil }
        out.bytes += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: out.bytes.append(c)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let c = rest.popFirst() else { return nil }
    switch c {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(c)
    default: break
    }
    guard c == UInt8(ascii: "u"), let first = unit() else { return nil }
    guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
    guard take("\\u"), let second = unit(), UTF16.isTrailSurrogate(second) else { return nil }
    return String(decoding: [first, second], as: UTF16.self).unicodeScalars.first
  }

  private mutating func unit() -> UInt16? {
    guard rest.count >= 4 else { return nil }
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  mutating func number() -> JSONTree? {
    let start = rest
    _ = take("-")
    if !take("0"), digits() == 0 { return nil }
    if take("."), digits() == 0 { return nil }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      if digits() == 0 { return nil }
    }
    return .number(String(decoding: start[start.startIndex..<rest.startIndex], as: UTF8.self))
  }

  private mutating func digits() -> Int {
    let n = rest.prefix { (48...57).contains($0) }.count
    rest = rest.dropFirst(n)
    return n
  }
}

extension JSONTree.Text {
  /// The number that stands in quotes, if nothing else does.
  var number: String? {
    var parser = Parser(rest: bytes[...])
    guard !hasEscapes, case .number(let text) = parser.number(), parser.rest.isEmpty else { return nil }
    return text
  }
}

/// A number as it was written, as a whole 64-bit one; nil where it is none.
func wholeNumber(_ text: String) -> Int64? {
  let parts = text.lowercased().split(separator: "e")
  let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let fraction = mantissa.count > 1 ? mantissa[1] : ""
  var digits = String(mantissa[0].drop { $0 == "-" } + fraction)
  digits = String(digits.drop { $0 == "0" })
  if digits.isEmpty { return 0 }
  // An exponent that no Int holds is beyond any payload.
  guard let exponent = parts.count > 1 ? Int(parts[1]) : 0 else { return nil }
  var power = max(-100_000, min(100_000, exponent)) - fraction.count
  while digits.last == "0" {
    digits.removeLast()
    power += 1
  }
  guard power >= 0, digits.count + power <= 19, let v = UInt64(digits + String(repeating: "0", count: power)), v <= UInt64(Int64.max) else {
    return nil
  }
  return text.hasPrefix("-") ? -Int64(v) : Int64(v)
}
