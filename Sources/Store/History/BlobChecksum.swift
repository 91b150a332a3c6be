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
