import Foundation
import TestSupport
import Testing

@testable import MQTT

/// Faults of the line and odd brokers, played by a scripted one.
@Suite(.serialized)
struct LineFaultBrokerTests {
  /// The broker refuses level 5 in the way named and accepts 3.1.1.
  @Test(arguments: ["CONNACK 0x84", "CONNACK 1 of 3.1.1", "closes"])
  func goesOnWith311WhereFiveIsRefused(way: String) throws {
    let broker = try ScriptedBroker { c, _, level in
      if level == 5 {
        if way == "CONNACK 0x84" { c.send([0x20, 3, 0, 0x84, 0]) }
        if way == "CONNACK 1 of 3.1.1" { c.send([0x20, 2, 0, 1]) }
        return
      }
      c.accept(level: level)
      c.confirmSubscription(level: level)
      c.swallow()
    }
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually { $0.states.contains(.subscribed) })
    subscriber.stop()
    #expect(broker.seenLevels == [5, 4])
    #expect(subscriber.handler.snapshot.count(.fallback) == 1 && subscriber.handler.snapshot.losses == 0)
  }

  /// A broker of version 5 that dies between TCP and CONNACK once is no broker of 3.1.1.
  @Test func oneClosedConnectionDoesNotEndVersionFive() throws {
    let broker = try ScriptedBroker { c, n, level in
      if n < 2 { return }
      c.accept(level: level)
      c.confirmSubscription(level: level)
      c.swallow()
    }
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually { $0.states.contains(.subscribed) })
    subscriber.stop()
    #expect(broker.seenLevels == [5, 4, 5])
  }

  /// A broker that gives the reason when another client takes our session.
  @Test func aTakeOverWithItsReasonIsReportedAtOnce() throws {
    let broker = try ScriptedBroker { c, _, level in
      c.accept(level: level)
      c.confirmSubscription(level: level)
      usleep(200_000)
      c.send([0xe0, 1, 0x8e])
    }
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually { $0.states.last == .takenOver })
    sleep(3)
    subscriber.stop()
    #expect(broker.seenLevels == [5])
  }

  @Test func aBrokerThatNeverConfirmsTheSubscriptionIsLeft() throws {
    let broker = try ScriptedBroker { c, n, level in
      c.accept(level: level)
      if n > 0 { c.confirmSubscription(level: level) }
      c.swallow()
    }
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually({ $0.states.contains(.subscribed) }, seconds: 20))
    subscriber.stop()
    #expect(subscriber.handler.snapshot.losses == 1)
    #expect(broker.seenLevels.count == 2)
  }

  /// Half-open: packets are taken and nothing comes back. The default keep-alive of 15 s makes that 27 s.
  @Test func silenceIsSeenWithinTwiceTheKeepAlive() throws {
    let broker = try ScriptedBroker { c, n, level in
      c.accept(level: level)
      c.confirmSubscription(level: level)
      c.swallow()
    }
    var s = BrokerSettings.test(broker.port)
    s.keepAlive = 5
    let subscriber = RunningSubscriber(s)
    #expect(subscriber.handler.eventually { $0.states.contains(.subscribed) })
    let begin = Date()
    #expect(subscriber.handler.eventually { $0.losses > 0 })
    #expect(Date().timeIntervalSince(begin) <= 9.5)
    subscriber.stop()
  }

  /// An address that swallows SYN: connecting takes minutes. Meanwhile the handler's clock goes on, and a stop is obeyed.
  @Test func anAddressThatDoesNotAnswerHoldsUpNothing() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    let port = try FreePort.listen(listener, backlog: 0)
    // The queue of connections that nobody accepts is filled; a further SYN is dropped.
    let fillers = (0..<4).map { _ in FreePort.startConnecting(to: port) }
    defer { for f in fillers { close(f) } }
    usleep(200_000)
    let subscriber = RunningSubscriber(.test(port))
    #expect(subscriber.handler.eventually({ $0.ticks >= 3 }, seconds: 6))
    let seconds = subscriber.stop()
    #expect(seconds ?? 99 <= 2)
  }

  /// The bytes of a resumed session arrive in one TLS record: CONNACK and a message. The answer, SUBSCRIBE, must not carry the PUBACK with it.
  @Test func aMessageRightBehindConnackIsNotAcknowledgedEarly() throws {
    let pki = try TemporaryDirectory()
    try PrivateCA.make(in: pki.path)
    let port = try FreePort.next()
    let server = Process()
    let (toClient, fromClient) = (Pipe(), pki.path + "/from-client")
    _ = FileManager.default.createFile(atPath: fromClient, contents: nil)
    server.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    server.arguments = [
      "s_server", "-quiet", "-naccept", "1", "-accept", "127.0.0.1:\(port)", "-cert", pki.path + "/server.crt", "-key",
      pki.path + "/server.key",
    ]
    server.standardInput = toClient
    server.standardOutput = FileHandle(forWritingAtPath: fromClient)
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer {
      server.terminate()
      server.waitForEnd()
    }
    usleep(500_000)
    let full = RecordingHandler()
    full.accepts(false)
    var s = BrokerSettings.test(port)
    s.tls = .init(caFile: pki.path + "/ca.crt")
    let subscriber = RunningSubscriber(s, handler: full)
    let sent = { Array(FileManager.default.contents(atPath: fromClient) ?? Data()) }
    _ = eventually(seconds: 5) { !sent().isEmpty }
    // CONNACK (session present), PUBLISH QoS 1 id 0x0a0b to t/x with payload "1".
    toClient.fileHandleForWriting.write(Data([0x20, 3, 1, 0, 0, 0x32, 9, 0, 3, 0x74, 0x2f, 0x78, 0x0a, 0x0b, 0, 0x31]))
    #expect(full.eventually({ $0.refusedCommits > 0 }, seconds: 5))
    #expect(full.snapshot.received == ["1"])
    usleep(300_000)
    #expect(sent().firstRange(of: [0x40, 2, 0x0a, 0x0b]) == nil, "PUBACK left before the commit")
    full.accepts(true)
    #expect(eventually(seconds: 5) { sent().firstRange(of: [0x40, 2, 0x0a, 0x0b]) != nil }, "PUBACK after the commit")
    subscriber.stop()
  }
}
