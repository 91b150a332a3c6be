/// Writes JSON by hand: the objects are small and fixed, and the order of the keys is part of what people read.
struct JSONText {
  private(set) var text = "{"
  private var isEmpty = true

  private mutating func key(_ k: String) {
    if !isEmpty { text += "," }
    isEmpty = false
    text += JSONText.quote(k) + ":"
  }

  mutating func add(_ k: String, _ v: String) {
    key(k)
    text += JSONText.quote(v)
  }

  mutating func add(_ k: String, _ v: Int) {
    key(k)
    text += String(v)
  }

  mutating func add(_ k: String, _ v: Bool) {
    key(k)
    text += v ? "true" : "false"
  }

  /// At most three decimals; `null` for what JSON has no number for.
  mutating func add(_ k: String, _ v: Double) {
    key(k)
    text += v.isFinite ? "\((v * 1000).rounded() / 1000)" : "null"
  }

  /// An array of strings.
  mutating func add(_ k: String, _ v: [String]) {
    key(k)
    text += JSONText.list(v.map(JSONText.quote))
  }

  /// A value that is JSON already.
  mutating func add(_ k: String, json: String) {
    key(k)
    text += json
  }

  var closed: String { text + "}" }

  /// An array of values that are JSON already.
  static func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  /// RFC 8259, section 7; also U+2028 and U+2029, which JavaScript once took for line ends.
  static func quote(_ s: String) -> String {
    var out = "\""
    for u in s.unicodeScalars {
      switch u {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{2028}": out += "\\u2028"
      case "\u{2029}": out += "\\u2029"
      case _ where u.value < 0x20: out += "\\u00" + (u.value < 16 ? "0" : "") + String(u.value, radix: 16)
      default: out.unicodeScalars.append(u)
      }
    }
    return out + "\""
  }
}
