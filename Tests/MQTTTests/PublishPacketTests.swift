import Testing

@testable import MQTT

struct PublishPacketTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var isV5 = false
    /// Topic, payload, id; nil: the library's.
    var expected: (topic: String, payload: String, id: UInt16)?
  }

  private static let name: [UInt8] = [0, 3] + Array("t/x".utf8)

  @Test(arguments: [
    Case(testDescription: "QoS 0", bytes: [0x30, 7] + name + [65, 66], expected: ("t/x", "AB", 0)),
    Case(testDescription: "QoS 1, sent again, retained", bytes: [0x3b, 8] + name + [0x12, 0x34, 65], expected: ("t/x", "A", 0x1234)),
    Case(testDescription: "no payload", bytes: [0x32, 7] + name + [0, 1], expected: ("t/x", "", 1)),
    Case(testDescription: "no properties", bytes: [0x32, 9] + name + [0, 1, 0, 65], isV5: true, expected: ("t/x", "A", 1)),
    Case(testDescription: "properties", bytes: [0x30, 9] + name + [2, 1, 1, 65], isV5: true, expected: ("t/x", "A", 0)),
    Case(testDescription: "a length of two bytes", bytes: [0x30, 0x87, 0] + name + [65, 66], expected: ("t/x", "AB", 0)),
    Case(testDescription: "QoS 2", bytes: [0x34, 8] + name + [0, 1, 65]),
    Case(testDescription: "QoS 3", bytes: [0x36, 8] + name + [0, 1, 65]),
    Case(testDescription: "message id 0", bytes: [0x32, 8] + name + [0, 0, 65]),
    Case(testDescription: "no topic", bytes: [0x30, 3, 0, 0, 65]),
    Case(testDescription: "topic longer than the packet", bytes: [0x30, 5, 0, 9] + Array("t/x".utf8)),
    Case(testDescription: "no room for the id", bytes: [0x32, 6] + name + [1]),
    Case(testDescription: "no byte", bytes: [0x30, 0]),
    Case(testDescription: "properties longer than the packet", bytes: [0x30, 7] + name + [2, 1], isV5: true),
    Case(testDescription: "no length of properties", bytes: [0x30, 5] + name, isV5: true),
    Case(testDescription: "length of properties without end", bytes: [0x30, 9] + name + [0x80, 0x80, 0x80, 0x80], isV5: true),
    Case(testDescription: "NUL in the topic", bytes: [0x30, 5, 0, 3, 116, 0, 120]),
    Case(testDescription: "a topic that is no ASCII", bytes: [0x30, 5, 0, 3, 116, 0xc3, 0xa9]),
  ])
  func parts(_ c: Case) throws {
    try c.bytes.withUnsafeBytes { bytes in
      guard case .frame(let frame) = PacketFrame.look(bytes) else {
        Issue.record("no frame")
        return
      }
      let packet = PublishPacket(frame, bytes, isV5: c.isV5)
      guard let expected = c.expected else { return #expect(packet == nil) }
      let p = try #require(packet)
      #expect(String(decoding: p.topic, as: UTF8.self) == expected.topic)
      #expect(String(decoding: p.payload, as: UTF8.self) == expected.payload)
      #expect(p.id == expected.id && p.isRetained == (c.bytes[0] & 1 == 1))
    }
  }

  /// Each byte at each place of a long name, where eight are looked at together and where one is.
  @Test(arguments: [UInt8(0x00), 0x1f, 0x20, 0x7e, 0x7f, 0x80, 0xff])
  func onlyPrintableTopics(byte: UInt8) {
    for place in 0..<19 {
      var name = [UInt8](repeating: 0x61, count: 19)
      name[place] = byte
      let bytes = [0x30, 21, 0, 19] + name
      let isTaken = bytes.withUnsafeBytes { raw in
        guard case .frame(let frame) = PacketFrame.look(raw) else { return false }
        return PublishPacket(frame, raw, isV5: false) != nil
      }
      #expect(isTaken == (0x20...0x7e).contains(byte), "at \(place)")
    }
  }

  @Test func frames() {
    func look(_ bytes: [UInt8]) -> PacketFrame.Look { bytes.withUnsafeBytes { PacketFrame.look($0) } }
    #expect(look([]) == .incomplete && look([0x30]) == .incomplete && look([0x30, 0xff, 0xff]) == .incomplete)
    #expect(look([0x30, 0x80, 0x80, 0x80, 0x80, 1]) == .malformed)
    #expect(look([0xd0, 0]) == .frame(PacketFrame(first: 0xd0, head: 2, body: 0)))
    #expect(look([0x30, 0xff, 0xff, 0xff, 0x7f]) == .frame(PacketFrame(first: 0x30, head: 5, body: 268_435_455)))
  }
}
