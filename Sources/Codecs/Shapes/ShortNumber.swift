/// A number of up to seven characters (eight with a minus), found in one word without a loop: what meters send.
struct ShortNumber {
  let isNegative: Bool
  let significand: UInt64
  /// Digits behind the point.
  let decimals: Int
  /// Characters in all.
  let count: Int

  /// Nil for anything longer, and for what is no number: the scanner tells. An exponent is not looked at; the byte after the number tells.
  /// - Parameter word: eight bytes from the number on, the first one lowest; 0 where the payload has no more.
  @inline(__always)
  init?(_ word: UInt64) {
    isNegative = word & 0xff == 0x2d
    let sign = isNegative ? 1 : 0
    // Digits become 0…9; what is more gets its high bit in `stops`, true for the lowest one and, where that is a point, for the next.
    let d = (word >> UInt64(truncatingIfNeeded: sign &* 8)) ^ 0x3030_3030_3030_3030
    var stops = ((d &+ 0x7676_7676_7676_7676) | d) & 0x8080_8080_8080_8080
    guard stops != 0 else { return nil }
    let whole = stops.trailingZeroBitCount & ~7
    // A zero before other digits is no number.
    guard whole > 0, d & 0xff != 0 || whole == 8 else { return nil }
    var packed = d
    var bits = whole
    // 0x1e: the point, changed as the digits are.
    if d >> UInt64(truncatingIfNeeded: whole) & 0xff == 0x1e {
      stops &= stops &- 1
      guard stops != 0 else { return nil }
      bits = (stops.trailingZeroBitCount & ~7) &- 8
      guard bits > whole else { return nil }
      // The digits behind the point move up to those before it.
      let before = (1 as UInt64) << UInt64(truncatingIfNeeded: whole) &- 1
      packed = d & before | (d >> 8) & ~before
      decimals = (bits &- whole) / 8
      count = sign &+ bits / 8 &+ 1
    } else {
      decimals = 0
      count = sign &+ bits / 8
    }
    // To eight digits by zeros in front, then pairs, fours and all eight together.
    let eight = packed << UInt64(truncatingIfNeeded: 64 &- bits)
    let pairs = (eight &* 2561) >> 8 & 0x00ff_00ff_00ff_00ff
    let fours = (pairs &* 6_553_601) >> 16 & 0x0000_ffff_0000_ffff
    significand = (fours &* 42_949_672_960_001) >> 32
  }
}
