/// A number token: its place and its digits as `significand × 10^exponent`.
struct JSONNumber {
  let start: Int
  let end: Int
  let isNegative: Bool
  /// The first 19 significant digits.
  let significand: UInt64
  /// Power of ten of the last digit in `significand`, bounded to ±1,000,000.
  let exponent: Int
  /// Whether digits were left out of `significand`.
  let isTruncated: Bool
}

extension JSONScanner {
  /// A number token in the grammar of RFC 8259 (no `+`, no leading zeros, no `NaN`).
  mutating func number() throws(DecodeError) -> JSONNumber {
    let start = index
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { index += 1 }
    guard isDigit(current) else { throw unexpected }
    var digits = Digits()
    if current == UInt8(ascii: "0") {
      index += 1
    } else {
      while isDigit(current) {
        digits.add(current, isFraction: false)
        index += 1
      }
    }
    if current == UInt8(ascii: ".") {
      index += 1
      guard isDigit(current) else { throw unexpected }
      while isDigit(current) {
        digits.add(current, isFraction: true)
        index += 1
      }
    }
    let power = try exponentPart()
    return JSONNumber(
      start: start, end: index, isNegative: isNegative, significand: digits.significand,
      exponent: max(-1_000_000, min(1_000_000, digits.exponent + power)), isTruncated: digits.isTruncated)
  }

  /// `e±digits`, or 0 where there is none. Bounded, so that no number of digits overflows it.
  private mutating func exponentPart() throws(DecodeError) -> Int {
    guard current == UInt8(ascii: "e") || current == UInt8(ascii: "E") else { return 0 }
    index += 1
    let isNegative = current == UInt8(ascii: "-")
    if isNegative || current == UInt8(ascii: "+") { index += 1 }
    guard isDigit(current) else { throw unexpected }
    var power = 0
    while isDigit(current) {
      power = min(power * 10 + Int(current - 48), 100_000_000)
      index += 1
    }
    return isNegative ? -power : power
  }

  private func isDigit(_ c: UInt8) -> Bool { c >= 48 && c <= 57 }
}

/// Collects the significant digits of a decimal number.
private struct Digits {
  var significand: UInt64 = 0
  var exponent = 0
  var isTruncated = false
  private var count = 0

  mutating func add(_ c: UInt8, isFraction: Bool) {
    if count == 19 {
      if c != 48 { isTruncated = true }
      if !isFraction { exponent += 1 }
      return
    }
    if count > 0 || c != 48 { count += 1 }
    significand = significand * 10 + UInt64(c - 48)
    if isFraction { exponent -= 1 }
  }
}
