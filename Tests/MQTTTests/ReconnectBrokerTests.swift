import Foundation
import TestSupport
import Testing

@testable import MQTT

/// A real mosquitto that goes and comes back, that hands our session to another, that shows our status.
@Suite(.serialized)
struct ReconnectBrokerTests {
  /// The broker ends (in order, or by SIGKILL) and returns: we are subscribed again within 10 s, and what is published then arrives.
  @Test(arguments: [false, true])
  func hearsAgainWhenTheBrokerReturns(killed: Bool) throws {
    let broker = try MosquittoBroker()
    let subscriber = RunningSubscriber(.test(broker.port))
    let handler = subscriber.handler
    #expect(handler.eventually { $0.count(.subscribed) == 1 })
    try publish(0..<5, port: broker.port)
    #expect(handler.eventually { $0.committed.count == 5 })
    if killed { broker.kill9() } else { broker.stop() }
    #expect(handler.eventually { $0.losses > 0 })
    try broker.start()
    #expect(handler.eventually({ $0.count(.subscribed) == 2 }, seconds: 10))
    try publish(5..<10, port: broker.port)
    #expect(handler.eventually { $0.committed.count >= 10 })
    subscriber.stop()
    // Distinct: after SIGKILL the broker may have forgotten acknowledgements and sends some again.
    var seen = Set<String>()
    #expect(handler.snapshot.committed.filter { seen.insert($0).inserted } == (0..<10).map(String.init))
  }

  /// A broker that lost its persistence does not know our session: subscribing at every CONNACK is what makes us hear.
  @Test func hearsAgainWhenTheSessionIsGone() throws {
    let broker = try MosquittoBroker()
    let subscriber = RunningSubscriber(.test(broker.port))
    let handler = subscriber.handler
    #expect(handler.eventually { $0.count(.subscribed) == 1 })
    broker.stop()
    try FileManager.default.removeItem(atPath: broker.path + "/mosquitto.db")
    try broker.start()
    #expect(handler.eventually { $0.count(.subscribed) == 2 })
    #expect(handler.snapshot.count(.connected(resumed: false)) == 2)
    try publish(0..<3, port: broker.port)
    #expect(handler.eventually { $0.committed.count == 3 })
    subscriber.stop()
  }

  /// While we are away the broker keeps what is published; nothing of it is lost or out of order.
  @Test func whatCameWhileAwayIsDelivered() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 5000"])
    let first = RunningSubscriber(.test(broker.port))
    #expect(first.handler.eventually { $0.states.contains(.subscribed) })
    first.stop()
    try publish(0..<2000, port: broker.port)
    let second = RunningSubscriber(.test(broker.port))
    #expect(second.handler.eventually { $0.committed.count == 2000 })
    second.stop()
    #expect(second.handler.snapshot.states.contains(.connected(resumed: true)))
    #expect(second.handler.snapshot.committed == (0..<2000).map(String.init))
  }

  /// A second client with our id. This mosquitto closes the older connection without a word (from 2.0.15 on it gives the reason); both
  /// clients try again, are told what is going on, and stop fighting. Nothing is lost: whoever holds the session commits it.
  @Test func twoClientsWithOneIdAreToldAndStopFighting() throws {
    let broker = try MosquittoBroker()
    let clients = [RunningSubscriber(.test(broker.port))]
    #expect(clients[0].handler.eventually { $0.states.contains(.subscribed) })
    let all = clients + [RunningSubscriber(.test(broker.port))]
    let handlers = all.map(\.handler)
    #expect(eventually(seconds: 40) { handlers.contains { $0.snapshot.states.contains(.takenOver) } }, "\(handlers.map(\.snapshot.states))")
    let before = handlers.map { $0.snapshot.count(.subscribed) }.reduce(0, +)
    try publish(0..<10, port: broker.port)
    sleep(15)
    let after = handlers.map { $0.snapshot.count(.subscribed) }.reduce(0, +)
    #expect(after - before <= 1, "no flapping: who was told stays away for half a minute")
    for c in all { c.stop() }
    #expect(Set(handlers.flatMap(\.snapshot.committed)) == Set((0..<10).map(String.init)))
  }

  /// Disk full for longer than the broker waits for a sign of life. It drops us; when there is room everything is there once it is committed.
  @Test func aFullDiskLosesNothing() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 5000"])
    var s = BrokerSettings.test(broker.port)
    s.keepAlive = 5
    let handler = RecordingHandler()
    let subscriber = RunningSubscriber(s, handler: handler)
    #expect(handler.eventually { $0.states.contains(.subscribed) })
    handler.accepts(false)
    try publish(0..<1500, port: broker.port)
    #expect(handler.eventually { $0.refusedCommits >= 2 })
    let held = handler.snapshot.received.count
    #expect(held > 0 && held < 1500, "reading stops: memory is bounded")
    sleep(10)
    #expect(handler.snapshot.received.count == held && handler.snapshot.committed.isEmpty)
    handler.accepts(true)
    #expect(handler.eventually({ Set($0.committed).count == 1500 }, seconds: 30))
    try publish(1500..<1510, port: broker.port)
    #expect(handler.eventually { Set($0.committed).count == 1510 })
    subscriber.stop()
    // In order, but for what came a second time.
    var seen = Set<String>()
    #expect(handler.snapshot.committed.filter { seen.insert($0).inserted } == (0..<1510).map(String.init))
  }

  /// `online` while subscribed, `offline` after a stop, and `offline` by the Last Will when the connection just ends; all retained.
  @Test func theStatusTopicTellsTheTruth() throws {
    let broker = try MosquittoBroker()
    var s = BrokerSettings.test(broker.port)
    s.statusTopic = "service/status"
    let first = RunningSubscriber(s)
    #expect(first.handler.eventually { $0.states.contains(.subscribed) })
    #expect(retained("service/status", broker.port) == "online")
    #expect(first.stop() ?? 99 <= 2)
    #expect(retained("service/status", broker.port) == "offline")

    // A raw client with the same will, cut off without DISCONNECT: dropping the handle closes the socket.
    let second = RunningSubscriber(s)
    #expect(second.handler.eventually { $0.states.contains(.subscribed) })
    #expect(retained("service/status", broker.port) == "online")
    second.handler.failNextCommit()
    try publish(0..<1, port: broker.port)
    // `run()` ends by the error of the commit, without DISCONNECT and without PUBACK.
    #expect(second.hasEnded(seconds: 5))
    #expect(retained("service/status", broker.port) == "offline")
    let third = RunningSubscriber(.test(broker.port))
    #expect(third.handler.eventually { $0.committed == ["0"] })
    third.stop()
  }

  /// The retained message of a topic, read by mosquitto_sub.
  private func retained(_ topic: String, _ port: Int) -> String? {
    let p = Process()
    let out = Pipe()
    p.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_sub")
    p.arguments = ["-p", "\(port)", "-t", topic, "-C", "1", "-W", "3"]
    p.standardOutput = out
    p.standardError = FileHandle.nullDevice
    guard (try? p.run()) != nil else { return nil }
    p.waitForEnd()
    return String(data: out.fileHandleForReading.availableData, encoding: .utf8)?.trimmingCharacters(in: .newlines)
  }
}
