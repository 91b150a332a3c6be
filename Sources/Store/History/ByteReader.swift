/// Reads what `ByteCursor` wrote. Bytes that end too early, or that no cursor makes, leave `isBroken` true; nothing outside is read.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0
  private(set) var isBroken = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The bytes of a sealed block; nil when its checksum is wrong.
  init?(sealed bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 4 else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self))
    guard BlobChecksum.of(body) == sum else { return nil }
    self.init(body)
  }

  /// Whether all has been read, and was whole.
  var isAtEnd: Bool { !isBroken && place == bytes.count }

  mutating func byte() -> UInt8 {
    guard place < bytes.count else {
      isBroken = true
      return 0
    }
    defer { place += 1 }
    return bytes[place]
  }

  mutating func unsigned() -> UInt64 {
    var v: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let b = byte()
      v |= UInt64(b & 0x7f) << shift
      if b < 0x80 { return v }
      shift += 7
    }
    isBroken = true
    return 0
  }

  mutating func signed() -> Int64 {
    let v = unsigned()
    return Int64(bitPattern: (v >> 1) ^ (0 &- (v & 1)))
  }

  /// A number of things to come, each of at least a bit: more than there are bits is broken.
  mutating func count() -> Int {
    let v = unsigned()
    guard v <= 1 << 24 else {
      isBroken = true
      return 0
    }
    return Int(v)
  }

  mutating func fixed(bytes count: Int) -> UInt64 {
    guard place + count <= bytes.count else {
      isBroken = true
      return 0
    }
    var v: UInt64 = 0
    if count == 8 {
      v = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    } else {
      for i in 0..<count { v |= UInt64(bytes[place + i]) << UInt64(i * 8) }
    }
    place += count
    return v
  }

  /// `count` numbers of `width` bits.
  mutating func packed(count: Int, width: Int, _ body: (UInt64) -> Void) {
    guard width <= 64 else {
      isBroken = true
      return
    }
    let end = place + (count * width + 7) / 8
    guard end <= bytes.count else {
      isBroken = true
      return
    }
    let mask: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
    var pending: UInt64 = 0
    var filled = 0
    for _ in 0..<count {
      var v = pending
      if filled < width {
        let next = fixed(bytes: min(8, end - place))
        let used = width - filled
        v |= filled < 64 ? next << UInt64(filled) : 0
        pending = used < 64 ? next >> UInt64(used) : 0
        filled = 64 - used
      } else {
        pending = width < 64 ? pending >> UInt64(width) : 0
        filled -= width
      }
      body(v & mask)
    }
    place = end
  }
}
