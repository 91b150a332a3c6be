/// Puts numbers into memory that is large enough: the caller has asked for as much as they may take at most. Bytes are little-endian; a
/// variable-length number has seven bits a byte, the lowest first.
struct ByteCursor {
  private let start: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  init(_ start: UnsafeMutablePointer<UInt8>) { self.start = start }

  @inline(__always)
  mutating func byte(_ v: UInt8) {
    start[count] = v
    count += 1
  }

  /// Ten bytes at most.
  @inline(__always)
  mutating func unsigned(_ v: UInt64) {
    var v = v
    while v >= 0x80 {
      byte(UInt8(truncatingIfNeeded: v) | 0x80)
      v >>= 7
    }
    byte(UInt8(truncatingIfNeeded: v))
  }

  /// A number of either sign: small ones are short.
  @inline(__always)
  mutating func signed(_ v: Int64) { unsigned(UInt64(bitPattern: (v << 1) ^ (v >> 63))) }

  mutating func fixed(_ v: UInt64, bytes n: Int) {
    for i in 0..<n { byte(UInt8(truncatingIfNeeded: v >> UInt64(i * 8))) }
  }

  @inline(__always)
  private mutating func word(_ v: UInt64) {
    UnsafeMutableRawPointer(start + count).storeBytes(of: v.littleEndian, as: UInt64.self)
    count += 8
  }

  /// The low `width` bits of each number, one after the other, up to the next whole byte.
  mutating func packed(_ values: UnsafeBufferPointer<UInt64>, width: Int) {
    guard width > 0 else { return }
    var pending: UInt64 = 0
    var filled = 0
    for v in values {
      pending |= v << UInt64(filled)
      if filled + width >= 64 {
        word(pending)
        let used = 64 - filled
        pending = used < 64 ? v >> UInt64(used) : 0
        filled = filled + width - 64
      } else {
        filled += width
      }
    }
    fixed(pending, bytes: (filled + 7) / 8)
  }

  /// Ends the bytes with a checksum of what is before it.
  mutating func seal() { fixed(UInt64(BlobChecksum.of(UnsafeRawBufferPointer(start: start, count: count))), bytes: 4) }
}
