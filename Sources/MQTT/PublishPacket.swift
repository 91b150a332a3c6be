/// An ordinary PUBLISH of QoS 0 or 1: where its parts lie in the bytes received.
///
/// Anything out of the ordinary is none, so that it is left to libmosquitto: QoS 2 and 3, message id 0, no topic, a topic with characters
/// beyond printable ASCII (which may be no UTF-8), lengths that do not fit.
struct PublishPacket {
  let topic: UnsafeBufferPointer<UInt8>
  let payload: UnsafeBufferPointer<UInt8>
  let isRetained: Bool
  /// Message id of QoS 1, 1…65,535; 0 with QoS 0.
  let id: UInt16

  /// - Parameters:
  ///   - frame: of type PUBLISH.
  ///   - bytes: the whole packet.
  ///   - isV5: whether properties stand before the payload; they are passed over.
  /// - Complexity: O(length of the topic)
  @inline(__always)
  init?(_ frame: PacketFrame, _ bytes: UnsafeRawBufferPointer, isV5: Bool) {
    let qos = frame.first >> 1 & 3
    guard qos <= 1, bytes.count == frame.length, frame.body >= 2 else { return nil }
    var at = frame.head
    let name = Int(bytes[at]) << 8 | Int(bytes[at + 1])
    at += 2
    guard name > 0, at + name + (qos == 0 ? 0 : 2) <= bytes.count else { return nil }
    let topic = UnsafeRawBufferPointer(rebasing: bytes[at..<at + name])
    guard PublishPacket.isPrintable(topic) else { return nil }
    at += name
    var id: UInt16 = 0
    if qos == 1 {
      id = UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
      guard id != 0 else { return nil }
      at += 2
    }
    if isV5 {
      guard let after = PublishPacket.behindProperties(bytes, at) else { return nil }
      at = after
    }
    self.topic = topic.assumingMemoryBound(to: UInt8.self)
    payload = UnsafeRawBufferPointer(rebasing: bytes[at...]).assumingMemoryBound(to: UInt8.self)
    isRetained = frame.first & 1 == 1
    self.id = id
  }

  /// Where the payload begins; nil when the length of the properties is broken.
  private static func behindProperties(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var length = 0
    for n in 0..<4 {
      guard start + n < bytes.count else { return nil }
      let b = bytes[start + n]
      length |= Int(b & 0x7f) << (7 * n)
      if b & 0x80 == 0 {
        let end = start + n + 1 + length
        return end <= bytes.count ? end : nil
      }
    }
    return nil
  }

  /// Whether all bytes are 0x20…0x7e.
  private static func isPrintable(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var i = 0
    while i + 8 <= bytes.count {
      let w = bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      // The upper bit of a byte: itself; of what is below 0x20; of 0x7f.
      let low = (w &- 0x2020_2020_2020_2020) & ~w
      let delete = ((w ^ 0x7f7f_7f7f_7f7f_7f7f) &- 0x0101_0101_0101_0101) & ~(w ^ 0x7f7f_7f7f_7f7f_7f7f)
      if (w | low | delete) & 0x8080_8080_8080_8080 != 0 { return false }
      i += 8
    }
    while i < bytes.count {
      if bytes[i] < 0x20 || bytes[i] > 0x7e { return false }
      i += 1
    }
    return true
  }
}
