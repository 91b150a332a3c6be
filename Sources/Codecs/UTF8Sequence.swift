/// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
  /// The length of the sequence at `i`, 1…4, or nil when it is not well-formed or cut off.
  static func length(in b: UnsafeBufferPointer<UInt8>, at i: Int) -> Int? {
    let lead = b[i]
    if lead < 0x80 { return 1 }
    func next(_ k: Int, _ range: ClosedRange<UInt8> = 0x80...0xbf) -> Bool { i + k < b.count && range.contains(b[i + k]) }
    switch lead {
    case 0xc2...0xdf: return next(1) ? 2 : nil
    case 0xe0: return next(1, 0xa0...0xbf) && next(2) ? 3 : nil
    case 0xed: return next(1, 0x80...0x9f) && next(2) ? 3 : nil
    case 0xe1...0xef: return next(1) && next(2) ? 3 : nil
    case 0xf0: return next(1, 0x90...0xbf) && next(2) && next(3) ? 4 : nil
    case 0xf1...0xf3: return next(1) && next(2) && next(3) ? 4 : nil
    case 0xf4: return next(1, 0x80...0x8f) && next(2) && next(3) ? 4 : nil
    default: return nil
    }
  }

  /// Writes the scalar (not a surrogate, at most 0x10FFFF) at `n`; false when there is no room.
  static func append(_ scalar: UInt32, to out: UnsafeMutableBufferPointer<UInt8>, at n: inout Int) -> Bool {
    func byte(_ v: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: v) }
    func put(_ c: UInt8) {
      out[n] = c
      n += 1
    }
    let size = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x1_0000 ? 3 : 4
    guard n + size <= out.count else { return false }
    switch size {
    case 1: put(byte(scalar))
    case 2: put(byte(0xc0 | scalar >> 6))
    case 3:
      put(byte(0xe0 | scalar >> 12))
      put(byte(0x80 | scalar >> 6 & 0x3f))
    default:
      put(byte(0xf0 | scalar >> 18))
      put(byte(0x80 | scalar >> 12 & 0x3f))
      put(byte(0x80 | scalar >> 6 & 0x3f))
    }
    if size > 1 { put(byte(0x80 | scalar & 0x3f)) }
    return true
  }
}
