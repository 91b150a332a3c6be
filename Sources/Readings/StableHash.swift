/// FNV-1a, 64 bit (Fowler, Noll, Vo 1991), twice with different offsets: a 128-bit name that is the same on every machine and run.
///
/// For naming only, not for security.
public struct StableHash: Sendable {
  private var a: UInt64 = 0xcbf2_9ce4_8422_2325
  private var b: UInt64 = 0x6c62_272e_07bb_0142

  public init() {}

  public mutating func add(_ byte: UInt8) {
    a = (a ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    b = (b ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    b = (b << 29) | (b >> 35)
  }

  /// Adds the bytes and a terminator, so that ("ab", "c") and ("a", "bc") differ.
  public mutating func add(_ text: String) {
    for c in text.utf8 { add(c) }
    add(UInt8(0xff))
  }

  public mutating func add(_ value: Int64) {
    for s in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: value >> Int64(s))) }
  }

  /// 32 lower-case hexadecimal digits.
  public var hex: String { StableHash.hex(a) + StableHash.hex(b) }

  private static func hex(_ v: UInt64) -> String {
    let s = String(v, radix: 16)
    return String(repeating: "0", count: 16 - s.count) + s
  }
}

extension Transition {
  /// The name of the event, the same for all its transitions: hash of sensor, kind and first onset.
  public func eventKey(sensor: SensorID) -> String {
    var h = StableHash()
    h.add(sensor.description)
    h.add(Int64(kind.rawValue))
    h.add(firstOnset.milliseconds)
    return "evt_" + h.hex
  }

  /// The name of this transition, the `webhook-id` of its deliveries: hash of the event and of change and time.
  public func transitionKey(sensor: SensorID) -> String {
    var h = StableHash()
    h.add(eventKey(sensor: sensor))
    h.add(Int64(change.rawValue))
    h.add(time.milliseconds)
    return "msg_" + h.hex
  }
}
