extension JSONNumber {
  /// The double nearest to the decimal number (ties to even); infinite when it is too large for one.
  ///
  /// Up to 19 significant digits with a power of ten within ±27, which is all that meters send, are converted with integer
  /// arithmetic and no allocation. The rest goes to the standard library's correctly rounding parser, which may allocate.
  @inline(__always)
  func value(in bytes: UnsafeBufferPointer<UInt8>) -> Double {
    // What meters send: exact operands, so the one operation rounds correctly.
    if significand <= 1 << 53, exponent <= 0, exponent >= -6, !isTruncated {
      let magnitude = exponent == 0 ? Double(significand) : Double(significand) / JSONNumber.smallTen(-exponent)
      return isNegative ? -magnitude : magnitude
    }
    return anyValue(in: bytes)
  }

  /// 10^1 … 10^6.
  @inline(__always)
  private static func smallTen(_ k: Int) -> Double {
    switch k {
    case 1: 1e1
    case 2: 1e2
    case 3: 1e3
    case 4: 1e4
    case 5: 1e5
    default: 1e6
    }
  }

  @inline(never)
  private func anyValue(in bytes: UnsafeBufferPointer<UInt8>) -> Double {
    let magnitude: Double
    if significand == 0 {
      magnitude = 0
    } else if isTruncated || exponent < -27 || exponent > 27 {
      return Double(String(decoding: bytes[start..<end], as: UTF8.self)) ?? .infinity
    } else if significand <= 1 << 53, exponent >= -22, exponent <= 22 {
      // Both operands are exact, so the one operation rounds correctly (Clinger, 1990).
      magnitude =
        exponent < 0 ? Double(significand) / JSONNumber.tens[-exponent] : Double(significand) * JSONNumber.tens[exponent]
    } else {
      magnitude = exponent < 0 ? JSONNumber.quotient(significand, -exponent) : JSONNumber.product(significand, exponent)
    }
    return isNegative ? -magnitude : magnitude
  }

  /// The number as a 64-bit integer, or nil when it has a fraction or is out of range.
  @inline(__always)
  var integer: Int64? {
    if exponent == 0, !isTruncated, significand <= UInt64(Int64.max) {
      return isNegative ? -Int64(significand) : Int64(significand)
    }
    return anyInteger
  }

  @inline(never)
  private var anyInteger: Int64? {
    guard !isTruncated, exponent >= -18, exponent <= 18 || significand == 0 else { return significand == 0 ? 0 : nil }
    var v = significand
    if v == 0 { return 0 }
    if exponent < 0 {
      let (q, r) = v.quotientAndRemainder(dividingBy: JSONNumber.power(10, -exponent))
      guard r == 0 else { return nil }
      v = q
    } else if exponent > 0 {
      let (p, overflow) = v.multipliedReportingOverflow(by: JSONNumber.power(10, exponent))
      guard !overflow else { return nil }
      v = p
    }
    guard v <= UInt64(Int64.max) else { return nil }
    return isNegative ? -Int64(v) : Int64(v)
  }

  /// `w / 10^k` for `w > 0` and `k` in 1…27, correctly rounded.
  ///
  /// `10^k = 5^k · 2^k` and `5^27 < 2^64`: with both sides shifted to 64 bits the integer quotient has at least 63 bits,
  /// ten more than a double keeps, and the remainder tells whether anything lies below them.
  private static func quotient(_ w: UInt64, _ k: Int) -> Double {
    let five = power(5, k)
    let shift = five.leadingZeroBitCount
    let top = w.leadingZeroBitCount
    let n = w << UInt64(top)
    let (q, r) = (five << UInt64(shift)).dividingFullWidth((n >> 1, n << 63))
    return scaled(q, sticky: r != 0, by: shift - top - k - 63)
  }

  /// `w × 10^k` for `w > 0` and `k` in 0…27, correctly rounded.
  private static func product(_ w: UInt64, _ k: Int) -> Double {
    let (high, low) = w.multipliedFullWidth(by: power(5, k))
    guard high != 0 else { return scaled(low, sticky: false, by: k) }
    let top = high.leadingZeroBitCount
    let head = top == 0 ? high : high << UInt64(top) | low >> UInt64(64 - top)
    return scaled(head, sticky: low << UInt64(top) != 0, by: k + 64 - top)
  }

  /// `(q + a little, if sticky) × 2^exponent`, rounded to 53 bits, ties to even. The result must be a normal number.
  private static func scaled(_ q: UInt64, sticky: Bool, by exponent: Int) -> Double {
    let extra = max(0, 64 - q.leadingZeroBitCount - 53)
    var m = q >> UInt64(extra)
    if extra > 0 {
      let half: UInt64 = 1 << UInt64(extra - 1)
      let rest = q & (half << 1 - 1)
      if rest > half || (rest == half && (sticky || m & 1 == 1)) { m += 1 }
    }
    return Double(sign: .plus, exponent: exponent + extra, significand: Double(m))
  }

  private static func power(_ base: UInt64, _ k: Int) -> UInt64 {
    var p: UInt64 = 1
    for _ in 0..<k { p *= base }
    return p
  }

  /// 10^0 … 10^22, all exact.
  private static let tens: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
