import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MQTT

/// Messages that go past the library, from a scripted broker.
@Suite(.serialized)
struct DirectReceiveBrokerTests {
  /// What the client sent.
  private final class Seen: Sendable {
    let packets = Mutex<[[UInt8]]>([])

    func take(_ c: ScriptedBroker.Connection) -> [UInt8]? {
      guard let packet = c.receive() else { return nil }
      packets.withLock { $0.append(packet) }
      return packet
    }

    func eventually(_ condition: ([[UInt8]]) -> Bool, seconds: Double = 10) -> Bool {
      TestSupport.eventually(seconds: seconds) { packets.withLock { condition($0) } }
    }
  }

  private static func publish(_ id: UInt8, _ payload: [UInt8], level: UInt8) -> [UInt8] {
    Packet.publish(id: UInt16(id), payload: payload, isV5: level == 5)
  }

  /// CONNACK of a resumed session with a message behind it in one segment: no PUBACK leaves before the commit.
  @Test func noAcknowledgementLeavesBeforeTheCommit() throws {
    let seen = Seen()
    let broker = try ScriptedBroker { c, _, level in
      c.send([0x20, 3, 1, 0, 0] + DirectReceiveBrokerTests.publish(9, [0x31], level: level))
      while let packet = seen.take(c) {
        if packet[0] == 0x82 { c.send([0x90, 4, packet[2], packet[3], 0, 1]) }
      }
    }
    let full = RecordingHandler()
    full.accepts(false)
    let subscriber = RunningSubscriber(.test(broker.port), handler: full)
    #expect(full.eventually { $0.refusedCommits > 0 && $0.received == ["1"] })
    usleep(300_000)
    // SUBSCRIBE may have left: CONNACK was taken before the message.
    #expect(seen.packets.withLock { !$0.contains { $0[0] == 0x40 } })
    full.accepts(true)
    #expect(seen.eventually { $0.contains([0x40, 2, 0, 9]) && $0.contains { $0[0] == 0x82 } })
    #expect(full.eventually { $0.states.contains(.subscribed) })
    subscriber.stop()
    #expect(seen.packets.withLock { $0.count { $0[0] == 0x40 } } == 1)
  }

  /// A message larger than any buffer, in pieces, among small ones.
  @Test func aLargeMessageAmongSmallOnes() throws {
    let seen = Seen()
    let broker = try ScriptedBroker { c, _, level in
      c.accept(level: level)
      c.confirmSubscription(level: level)
      let large = [UInt8](repeating: 0x61, count: 1 << 20)
      var bytes = DirectReceiveBrokerTests.publish(1, [0x31], level: level)
      bytes += DirectReceiveBrokerTests.publish(2, large, level: level)
      bytes += DirectReceiveBrokerTests.publish(3, [0x33], level: level)
      while !bytes.isEmpty {
        c.send(Array(bytes.prefix(100_001)))
        bytes.removeFirst(min(100_001, bytes.count))
        usleep(5000)
      }
      while seen.take(c) != nil {}
    }
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually { $0.committed.count == 3 })
    #expect(seen.eventually { $0.filter { $0[0] == 0x40 } == [[0x40, 2, 0, 1], [0x40, 2, 0, 2], [0x40, 2, 0, 3]] })
    subscriber.stop()
    #expect(subscriber.handler.snapshot.committed.map(\.utf8.count) == [1, 1 << 20, 1])
  }

  /// The line breaks within a packet: its beginning is forgotten with the connection, and it comes whole over the next one.
  @Test func aPacketCutByTheEndOfTheLine() throws {
    let broker = try ScriptedBroker { c, n, level in
      c.accept(level: level)
      c.confirmSubscription(level: level)
      let whole = DirectReceiveBrokerTests.publish(1, Array("whole".utf8), level: level)
      if n == 0 {
        c.send(DirectReceiveBrokerTests.publish(2, Array("before".utf8), level: level) + whole.dropLast(3))
        usleep(300_000)
        return
      }
      c.send(whole)
      c.swallow()
    }
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually { $0.committed == ["before", "whole"] })
    subscriber.stop()
    #expect(subscriber.handler.snapshot.losses == 1)
  }

  /// The library does not see the messages. It must not take a broker that sends nothing else, not even PINGRESP, for a dead one.
  @Test func messagesKeepTheConnectionAlive() throws {
    let broker = try ScriptedBroker { c, _, level in
      c.accept(level: level)
      c.confirmSubscription(level: level)
      for n in 0..<70 {
        c.send(DirectReceiveBrokerTests.publish(UInt8(n + 1), [0x31], level: level))
        usleep(200_000)
      }
      c.swallow()
    }
    var s = BrokerSettings.test(broker.port)
    s.keepAlive = 5
    let subscriber = RunningSubscriber(s)
    #expect(subscriber.handler.eventually({ $0.committed.count == 70 }, seconds: 30))
    subscriber.stop()
    #expect(subscriber.handler.snapshot.losses == 0)
  }
}
