/// MQTT packets as bytes.
enum Packet {
  /// - Parameter first: type and flags.
  static func of(_ first: UInt8, _ body: [UInt8]) -> [UInt8] {
    var out = [first]
    var rest = body.count
    repeat {
      out.append(UInt8(rest & 0x7f) | (rest > 127 ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return out + body
  }

  /// Version 3.1.1 has no properties.
  static func publish(qos: UInt8 = 1, id: UInt16, topic: String = "t/x", payload: [UInt8], isV5: Bool) -> [UInt8] {
    let name = Array(topic.utf8)
    let place: [UInt8] = qos == 0 ? [] : [UInt8(id >> 8), UInt8(id & 0xff)]
    return of(0x30 | qos << 1, [0, UInt8(name.count)] + name + place + (isV5 ? [0] : []) + payload)
  }
}
