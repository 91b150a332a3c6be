/// The fixed header of an MQTT packet: its type with flags, and how long it is.
struct PacketFrame: Equatable {
  /// What a look at the first bytes of a packet tells.
  enum Look: Equatable {
    case frame(PacketFrame)
    /// The header is not whole yet.
    case incomplete
    /// No length: more than four bytes of it.
    case malformed
  }

  /// Type in the upper four bits, flags in the lower ones.
  var first: UInt8
  /// Bytes of the header, 2…5.
  var head: Int
  /// Bytes after it, 0…268,435,455.
  var body: Int

  /// Bytes of the whole packet.
  var length: Int { head + body }
  var type: UInt8 { first >> 4 }

  static let connack: UInt8 = 2
  static let publish: UInt8 = 3

  /// - Parameter bytes: from the first byte of a packet on.
  /// - Complexity: O(1)
  @inline(__always)
  static func look(_ bytes: UnsafeRawBufferPointer) -> Look {
    guard bytes.count >= 2 else { return .incomplete }
    var length = 0
    for n in 0..<4 {
      guard bytes.count > n + 1 else { return .incomplete }
      let b = bytes[n + 1]
      length |= Int(b & 0x7f) << (7 * n)
      if b & 0x80 == 0 { return .frame(PacketFrame(first: bytes[0], head: n + 2, body: length)) }
    }
    return .malformed
  }
}
