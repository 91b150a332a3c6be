import Glibc
import TestSupport
import Testing

@testable import MQTT

/// The relay between two pairs of sockets: this test is the broker on one side and libmosquitto on the other.
struct RelayTests {
  /// What came through.
  private final class Ends {
    let broker: Int32
    let library: Int32
    let relay: Relay
    var messages: [[UInt8]] = []
    var toLibrary: [UInt8] = []
    var toBroker: [UInt8] = []

    init(isV5: Bool) throws {
      var pair: [Int32] = [-1, -1]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
      (broker, library) = (pair[0], pair[1])
      relay = try #require(Relay(socket: library, isV5: isV5))
    }

    deinit {
      close(broker)
      close(library)
    }

    static func take(_ fd: Int32) -> [UInt8] {
      var out: [UInt8] = []
      var room = [UInt8](repeating: 0, count: 65_536)
      while true {
        let n = recv(fd, &room, room.count, Int32(MSG_DONTWAIT))
        guard n > 0 else { return out }
        out += room[..<n]
      }
    }

    /// Reads until nothing more may be there. The library's code: 7 at the end of its stream.
    @discardableResult
    func read(limit: Int = 1000) -> Int32 {
      while true {
        let (code, more) = relay.read(
          limit, deliver: { messages.append(Array($0.topic) + [0] + Array($0.payload)) },
          library: {
            let bytes = Ends.take(library)
            toLibrary += bytes
            return bytes.isEmpty ? 7 : 0
          })
        if code != 0 || !more { return code }
      }
    }

    func write(_ fromLibrary: [UInt8] = []) {
      var rest = fromLibrary[...]
      _ = relay.write(
        library: {
          let n = rest.isEmpty ? 0 : rest.withUnsafeBytes { send(library, $0.baseAddress, $0.count, Relay.flags) }
          rest = rest.dropFirst(max(0, n))
          return (0, rest.isEmpty)
        }, lost: { 7 })
      toBroker += Ends.take(broker)
    }

    func fromBroker(_ bytes: [UInt8]) {
      let n = bytes.withUnsafeBytes { send(broker, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
      #expect(n == bytes.count)
    }
  }

  private static let connack: [UInt8] = [0x20, 3, 0, 0, 0]

  /// A stream of all kinds of packets, cut anywhere: each message once and in order, everything else unchanged to the library.
  @Test(arguments: [1, 2, 3, 4] as [UInt64], [true, false])
  func anyStreamInAnyPieces(seed: UInt64, isV5: Bool) throws {
    var random = SeededGenerator(seed: seed)
    let ends = try Ends(isV5: isV5)
    var stream = RelayTests.connack
    var messages: [[UInt8]] = []
    var others = RelayTests.connack
    var acknowledgements: [UInt8] = []
    var known = others.count
    for n in 0..<600 {
      let size = n % 97 == 0 ? 70_000 + Int.random(in: 0..<90_000, using: &random) : Int.random(in: 0..<300, using: &random)
      let payload = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
      let id = UInt16(n + 1)
      switch Int.random(in: 0..<10, using: &random) {
      case 0: others += Packet.of(0xd0, [])
      case 1: others += Packet.publish(qos: 2, id: id, payload: payload, isV5: isV5)
      case 2: others += Packet.publish(qos: 1, id: id, topic: "t/é", payload: payload, isV5: isV5)
      case 3, 4, 5:
        stream += Packet.publish(qos: 0, id: 0, payload: payload, isV5: isV5)
        messages.append(Array("t/x".utf8) + [0] + payload)
        continue
      default:
        stream += Packet.publish(qos: 1, id: id, payload: payload, isV5: isV5)
        messages.append(Array("t/x".utf8) + [0] + payload)
        acknowledgements += [0x40, 2, UInt8(id >> 8), UInt8(id & 0xff)]
        continue
      }
      stream += others.suffix(others.count - known)
      known = others.count
    }
    var at = 0
    while at < stream.count {
      let n = min(stream.count - at, Int.random(in: 1...20_000, using: &random))
      ends.fromBroker(Array(stream[at..<at + n]))
      at += n
      ends.read(limit: Int.random(in: 1...9, using: &random))
      if Bool.random(using: &random) {
        ends.relay.release()
        ends.write()
      }
    }
    ends.relay.release()
    ends.write()
    #expect(ends.messages == messages)
    #expect(ends.toLibrary == others)
    #expect(ends.toBroker == acknowledgements)
  }

  @Test func nothingIsAcknowledgedBeforeItIsReleased() throws {
    let ends = try Ends(isV5: false)
    ends.fromBroker(RelayTests.connack + Packet.publish(qos: 1, id: 7, payload: [1], isV5: false))
    ends.read()
    #expect(ends.messages.count == 1)
    // The library may write meanwhile.
    ends.write([0xc0, 0])
    #expect(ends.toBroker == [0xc0, 0])
    ends.relay.release()
    // What came after that is another matter.
    ends.fromBroker(Packet.publish(qos: 1, id: 8, payload: [2], isV5: false))
    ends.read()
    #expect(ends.relay.wantsWrite)
    ends.write()
    #expect(ends.toBroker == [0xc0, 0, 0x40, 2, 0, 7] && !ends.relay.wantsWrite)
  }

  /// A limit leaves the rest for later; no poll would tell of it.
  @Test func theLimitHoldsAndTheRestIsKept() throws {
    let ends = try Ends(isV5: false)
    ends.fromBroker(RelayTests.connack + (1...5).flatMap { Packet.publish(qos: 1, id: $0, payload: [], isV5: false) })
    var count = 0
    // The first packet is the library's.
    _ = ends.relay.read(3, deliver: { _ in count += 1 }, library: { Ends.take(ends.library).isEmpty ? 7 : 0 })
    let first = ends.relay.read(3, deliver: { _ in count += 1 }, library: { 7 })
    #expect(first.mayHaveMore && count == 3 && ends.relay.holdsUnread)
    _ = ends.relay.read(3, deliver: { _ in count += 1 }, library: { 7 })
    #expect(count == 5 && !ends.relay.holdsUnread)
  }

  /// A message before CONNACK is for the library to refuse; a stream that is no MQTT too; the end of the stream reaches it as such.
  @Test func whatIsOutOfOrderIsTheLibrarys() throws {
    let early = Packet.publish(qos: 1, id: 1, payload: [], isV5: false)
    let ends = try Ends(isV5: false)
    ends.fromBroker(early)
    ends.read()
    #expect(ends.messages.isEmpty && ends.toLibrary == early)
    let broken: [UInt8] = [0x30, 0xff, 0xff, 0xff, 0xff, 1]
    ends.fromBroker(broken)
    ends.read()
    #expect(ends.toLibrary == early + broken)
    shutdown(ends.broker, Int32(SHUT_WR))
    #expect(ends.read() == 7)
  }

  /// More than the sockets hold, from the library to a broker that does not read for a while.
  @Test func aSlowBrokerGetsEverythingInOrder() throws {
    let ends = try Ends(isV5: false)
    ends.fromBroker(RelayTests.connack + Packet.publish(qos: 1, id: 9, payload: [], isV5: false))
    ends.read()
    ends.relay.release()
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    ends.write(large)
    while ends.relay.wantsWrite { ends.write() }
    #expect(ends.toBroker == large + [0x40, 2, 0, 9])
  }
}
