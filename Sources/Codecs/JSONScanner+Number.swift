/// A number token: its place and its digits as `significand × 10^exponent`.
/// Small, so that it comes back in registers.
struct JSONNumber {
  // Payloads are far smaller.
  private let from: UInt32
  private let to: UInt32
  private let power: Int32
  let isNegative: Bool
  /// Whether digits were left out of `significand`.
  let isTruncated: Bool
  /// The first 19 significant digits.
  let significand: UInt64

  @inline(__always)
  init(start: Int, end: Int, isNegative: Bool, significand: UInt64, exponent: Int, isTruncated: Bool) {
    (from, to, power) = (UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end), Int32(truncatingIfNeeded: exponent))
    self.isNegative = isNegative
    self.significand = significand
    self.isTruncated = isTruncated
  }

  @inline(__always) var start: Int { Int(from) }
  @inline(__always) var end: Int { Int(to) }
  /// Power of ten of the last digit in `significand`, bounded to ±1,000,000.
  @inline(__always) var exponent: Int { Int(power) }
}

extension JSONScanner {
  /// A number token in the grammar of RFC 8259 (no `+`, no leading zeros, no `NaN`).
  @inline(__always)
  mutating func number() throws(DecodeError) -> JSONNumber {
    let start = index
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { index &+= 1 }
    guard isDigit(current) else { throw unexpected }
    var digits = Digits()
    if current == UInt8(ascii: "0") { index &+= 1 } else { collect(into: &digits) }
    var power = digits.dropped
    if current == UInt8(ascii: ".") {
      index &+= 1
      guard isDigit(current) else { throw unexpected }
      let point = index
      collect(into: &digits)
      power = digits.dropped - (index - point)
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") { power += try exponentPart() }
    return JSONNumber(
      start: start, end: index, isNegative: isNegative, significand: digits.significand,
      exponent: max(-1_000_000, min(1_000_000, power)), isTruncated: digits.isTruncated)
  }

  /// Passes over a number token: the same grammar, and nothing made of it.
  @inline(__always)
  mutating func skipNumber() throws(DecodeError) {
    if current == UInt8(ascii: "-") { index &+= 1 }
    guard isDigit(current) else { throw unexpected }
    if current == UInt8(ascii: "0") { index &+= 1 } else { skipDigits() }
    if current == UInt8(ascii: ".") {
      index &+= 1
      guard isDigit(current) else { throw unexpected }
      skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") { _ = try exponentPart() }
  }

  @inline(__always)
  private mutating func skipDigits() { while isDigit(current) { index &+= 1 } }

  /// A run of digits. The first 19 significant ones make the significand; those behind them only count.
  @inline(__always)
  private mutating func collect(into digits: inout Digits) {
    // Locals, so that the loop keeps them in registers.
    let end = bytes.count
    var i = index
    var v = digits.significand
    // Nine digits behind up to nine: no bound to look at.
    if v < 1_000_000_000 {
      let near = min(end, i &+ 9)
      while i < near {
        let d = bytes[i] &- 48
        guard d <= 9 else { break }
        v = v &* 10 &+ UInt64(d)
        i &+= 1
      }
    }
    while i < end {
      let d = bytes[i] &- 48
      guard d <= 9 else { break }
      if v < 1_000_000_000_000_000_000 {
        v = v &* 10 &+ UInt64(d)
      } else {
        digits.dropped += 1
        if d != 0 { digits.isTruncated = true }
      }
      i &+= 1
    }
    digits.significand = v
    index = i
  }

  /// `e±digits`. Bounded, so that no number of digits overflows it.
  private mutating func exponentPart() throws(DecodeError) -> Int {
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

  @inline(__always)
  private func isDigit(_ c: UInt8) -> Bool { c &- 48 <= 9 }
}

/// The digits of a decimal number, without its point.
private struct Digits {
  var significand: UInt64 = 0
  /// Digits behind the first 19 significant ones.
  var dropped = 0
  /// Whether a dropped one was not 0.
  var isTruncated = false
}
