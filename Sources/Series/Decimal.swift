/// Decimal numbers as bytes: read exactly, written with at most three decimals.
enum Decimal {
  /// A finite decimal number such as `12.5`, `-3` or `2.5e1`; nil for anything else (`nan`, `inf`, hexadecimal, blanks).
  ///
  /// Up to 15 significant digits without an exponent are exact: the digits and the power of ten are both exact doubles, and IEEE 754 rounds
  /// their quotient correctly (Clinger 1990). The rest goes to the standard library.
  static func read(_ b: UnsafeBufferPointer<UInt8>) -> Double? {
    var mantissa: UInt64 = 0
    var digits = 0
    var fraction = 0
    var point = false
    var isPlain = true
    let negative = !b.isEmpty && b[0] == 45
    for c in b.dropFirst(negative ? 1 : 0) {
      if c >= 48 && c <= 57 {
        mantissa = mantissa &* 10 &+ UInt64(c - 48)
        digits += 1
        if point { fraction += 1 }
      } else if c == 46 && !point {
        point = true
      } else if digits > 0 && (c == 101 || c == 69 || c == 43 || c == 45) {
        isPlain = false
      } else {
        return nil
      }
    }
    guard digits > 0 else { return nil }
    guard isPlain, digits <= 15 else {
      guard let v = Double(String(decoding: b, as: UTF8.self)), v.isFinite else { return nil }
      return v
    }
    let v = Double(mantissa) / powers[fraction]
    return negative ? -v : v
  }

  /// Appends the value rounded to three decimals, without trailing zeros.
  static func append(_ v: Double, to out: inout [UInt8]) {
    let r = (v * 1000).rounded()
    guard abs(r) < 9e15 else {
      out.append(contentsOf: "\(v)".utf8)
      return
    }
    if r < 0 { out.append(45) }
    let thousandths = UInt64(abs(r))
    append(thousandths / 1000, to: &out)
    var rest = thousandths % 1000
    guard rest > 0 else { return }
    out.append(46)
    var place: UInt64 = 100
    while rest > 0 {
      out.append(48 + UInt8(truncatingIfNeeded: rest / place))
      rest %= place
      place /= 10
    }
  }

  private static func append(_ v: UInt64, to out: inout [UInt8]) {
    if v >= 10 { append(v / 10, to: &out) }
    out.append(48 + UInt8(truncatingIfNeeded: v % 10))
  }

  /// 10⁰…10¹⁵, exact; read only and there for good.
  nonisolated(unsafe) static let powers: UnsafePointer<Double> = {
    let all = UnsafeMutablePointer<Double>.allocate(capacity: 16)
    var power = 1.0
    for i in 0..<16 {
      (all + i).initialize(to: power)
      power *= 10
    }
    return UnsafePointer(all)
  }()
}
