import Foundation
import TestSupport
import Testing

@testable import MQTT

/// The publisher against a real mosquitto.
@Suite(.serialized)
struct PublisherBrokerTests {
  @Test(arguments: [0, 1], [BrokerSettings.ProtocolVersion.v5, .v311])
  func everythingArrivesInOrder(qos: Int, version: BrokerSettings.ProtocolVersion) throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 20000"])
    let subscriber = RunningSubscriber(.test(broker.port))
    #expect(subscriber.handler.eventually { $0.states.contains(.subscribed) })
    var s = BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "pub")
    s.protocolVersion = version
    let publisher = Publisher(settings: s)
    try publisher.connect()
    for n in 0..<3000 { try publisher.publish(topic: "t/x", payload: "\(n)", qos: qos) }
    try publisher.flush()
    if qos == 1 { #expect(publisher.acknowledged == 3000) }
    publisher.disconnect()
    #expect(subscriber.handler.eventually { $0.committed.count == 3000 })
    subscriber.stop()
    #expect(subscriber.handler.snapshot.committed == (0..<3000).map(String.init))
  }

  @Test func aLostConnectionIsAnErrorAndCanBeMadeAgain() throws {
    let broker = try MosquittoBroker()
    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "pub"))
    try publisher.connect()
    broker.stop()
    #expect(throws: Publisher.Failure.self) {
      for n in 0..<1000 { try publisher.publish(topic: "t/x", payload: "\(n)") }
      try publisher.flush(seconds: 5)
    }
    #expect(throws: Publisher.Failure.self) { try publisher.connect() }
    try broker.start()
    try publisher.connect()
    try publisher.publish(topic: "t/x", payload: "back")
    try publisher.flush()
    publisher.disconnect()
  }

  @Test func aWrongPasswordIsSaidClearly() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous false", "password_file $DIR/users"], files: ["users": ""])
    var s = BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "pub")
    s.username = "a"
    s.password = "b"
    let error = #expect(throws: Publisher.Failure.self) { try Publisher(settings: s).connect() }
    #expect(error?.description.contains("broker") ?? false)
  }
}
