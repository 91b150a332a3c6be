/// Puts numbers into bytes. Bytes are little-endian; a variable-length number has seven bits a byte, the lowest first.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  mutating func byte(_ v: UInt8) { bytes.append(v) }

  mutating func unsigned(_ v: UInt64) {
    var v = v
    while v >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: v) | 0x80)
      v >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: v))
  }

  /// A number of either sign: small ones are short.
  mutating func signed(_ v: Int64) { unsigned(UInt64(bitPattern: (v << 1) ^ (v >> 63))) }

  mutating func fixed(_ v: UInt64, bytes count: Int) {
    withUnsafeBytes(of: v.littleEndian) { bytes.append(contentsOf: $0.prefix(count)) }
  }

  /// The low `width` bits of each number, one after the other, up to the next whole byte.
  mutating func packed(_ values: UnsafeBufferPointer<UInt64>, width: Int) {
    guard width > 0 else { return }
    var pending: UInt64 = 0
    var filled = 0
    for v in values {
      pending |= v << UInt64(filled)
      if filled + width >= 64 {
        fixed(pending, bytes: 8)
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
  mutating func seal() {
    let sum = bytes.withUnsafeBytes { BlobChecksum.of($0) }
    fixed(UInt64(sum), bytes: 4)
  }
}

/// The last four bytes of each block of history.
enum BlobChecksum {
  /// Eight bytes a step, mixed by multiplication and shift: a changed bit anywhere changes half of the result.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var h: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(bytes.count)
    var i = 0
    while i + 8 <= bytes.count {
      h = mix(h, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)))
      i += 8
    }
    var rest: UInt64 = 0
    while i < bytes.count {
      rest = rest << 8 | UInt64(bytes[i])
      i += 1
    }
    // Each step can be undone, so other bytes of the same length make another h; the end spreads it over the half that is kept.
    h = mix(mix(h, rest), 0)
    return UInt32(truncatingIfNeeded: (h &* 0xc4ce_b9fe_1a85_ec53) >> 32)
  }

  private static func mix(_ h: UInt64, _ word: UInt64) -> UInt64 {
    let v = (h ^ word) &* 0xff51_afd7_ed55_8ccd
    return v ^ (v >> 32)
  }
}
