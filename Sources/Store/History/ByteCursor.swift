/// Puts numbers into memory that is large enough, as `ByteWriter` puts them into an array: for what is written row by row all day.
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

  @inline(__always)
  mutating func signed(_ v: Int64) { unsigned(UInt64(bitPattern: (v << 1) ^ (v >> 63))) }

  mutating func fixed(_ v: UInt64, bytes n: Int) {
    for i in 0..<n { byte(UInt8(truncatingIfNeeded: v >> UInt64(i * 8))) }
  }

  /// Ends the bytes with a checksum of what is before it.
  mutating func seal() { fixed(UInt64(BlobChecksum.of(UnsafeRawBufferPointer(start: start, count: count))), bytes: 4) }
}
