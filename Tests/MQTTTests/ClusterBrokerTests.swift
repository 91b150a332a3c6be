import Foundation
import TestSupport
import Testing

@testable import MQTT

/// Several addresses, of which real brokers answer at some.
@Suite(.serialized)
struct ClusterBrokerTests {
  @Test func theNextAddressIsTriedWhenTheFirstIsDeadOrDies() throws {
    let (first, second) = (try MosquittoBroker(), try MosquittoBroker())
    var s = BrokerSettings.test(try FreePort.next())
    s.others = [first, second].map { BrokerAddress(host: "127.0.0.1", port: $0.port) }
    let subscriber = RunningSubscriber(s)
    let handler = subscriber.handler
    #expect(handler.eventually { $0.count(.subscribed) == 1 })
    try publish(0..<5, port: first.port)
    #expect(handler.eventually { $0.committed.count == 5 })
    first.kill9()
    #expect(handler.eventually { $0.count(.subscribed) == 2 })
    try publish(5..<10, port: second.port)
    #expect(handler.eventually { $0.committed.count == 10 })
    subscriber.stop()
    #expect(handler.snapshot.committed == (0..<10).map(String.init))
  }

  @Test func thePublisherFindsALivingNodeAndNamesTheDeadOnes() throws {
    let broker = try MosquittoBroker()
    var s = BrokerSettings.test(try FreePort.next(), "pub")
    s.others = [BrokerAddress(host: "127.0.0.1", port: broker.port)]
    let publisher = Publisher(settings: s)
    try publisher.connect()
    try publisher.publish(topic: "t/x", payload: "1")
    try publisher.flush()
    #expect(publisher.acknowledged == 1)
    broker.kill9()
    let error = #expect(throws: Publisher.Failure.self) { try publisher.connect() }
    for address in s.addresses { #expect(error?.description.contains("\(address)") == true) }
  }
}
