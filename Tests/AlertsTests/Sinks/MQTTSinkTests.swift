import Foundation
import MQTT
import Readings
import TestSupport
import Testing

@testable import Alerts

/// What a broker holds after alerts, as a real client sees it. With the sinks' conformance in the integration tier.
struct MQTTSinkTests {
  private let broker: MosquittoBroker

  init() throws { broker = try MosquittoBroker() }

  private func sink(_ port: Int? = nil, discovery: String? = "homeassistant", username: String? = nil) -> MQTTSink {
    var settings = BrokerSettings(host: "127.0.0.1", port: port ?? broker.port, clientID: "sink")
    settings.username = username
    return MQTTSink(
      name: "s", broker: settings, prefix: "water", discovery: discovery, statusTopic: "mizumori/status", timeout: 10)
  }

  /// What somebody who comes later is told of a topic: the retained message.
  private func retained(_ topic: String, port: Int? = nil) throws -> [String: Any]? {
    guard let text = try MosquittoBroker.retained(topic, port: port ?? broker.port) else { return nil }
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
  }

  @Test func theStateOfAMeterIsRetained() throws {
    let sink = sink()
    #expect(sink.send(.alert(message(.burst, .opened)), now: 0) == .delivered(status: 0))
    let open = try #require(try retained("water/ina/nishi/m01/leak"))
    #expect(open["state"] as? String == "ON" && open["estimated_leak_m3h"] as? Double == 3.2 && open["severity"] as? String == "major")
    #expect(sink.send(.alert(message(.burst, .closed)), now: 0) == .delivered(status: 0))
    let closed = try #require(try retained("water/ina/nishi/m01/leak"))
    #expect(closed["state"] as? String == "OFF" && closed["estimated_leak_m3h"] as? Double == 0)
    // Events are not retained: whoever comes later must not take an old one for news.
    #expect(try retained("water/ina/nishi/m01/event") == nil)
  }

  @Test func aFaultOfTheMeterIsNoLeak() throws {
    #expect(sink().send(.alert(message(.gap, .opened)), now: 0) == .delivered(status: 0))
    #expect(try retained("water/ina/nishi/m01/leak") == nil)
    #expect(try retained("homeassistant/#") == nil)
  }

  /// The form of Home Assistant's device discovery.
  @Test func homeAssistantIsToldOnce() throws {
    let sink = sink()
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    let config = try #require(try retained("homeassistant/device/mizumori_ina_nishi_m01/config"))
    #expect((config["dev"] as? [String: Any])?["ids"] as? String == "mizumori_ina_nishi_m01")
    #expect((config["o"] as? [String: Any])?["name"] as? String == "mizumori")
    #expect(config["availability_topic"] as? String == "mizumori/status")
    let parts = try #require(config["cmps"] as? [String: [String: Any]])
    #expect(parts["leak"]?["p"] as? String == "binary_sensor" && parts["leak"]?["device_class"] as? String == "problem")
    #expect(parts["leak_size"]?["p"] as? String == "sensor" && parts["leak_size"]?["unit_of_measurement"] as? String == "m³/h")
    #expect(Set(parts.values.compactMap { $0["unique_id"] as? String }).count == 2)
    for part in parts.values {
      #expect(part["state_topic"] as? String == "water/ina/nishi/m01/leak")
      #expect((part["value_template"] as? String)?.hasPrefix("{{ value_json.") == true)
    }
    #expect(self.sink(discovery: nil).send(.alert(message()), now: 0) == .delivered(status: 0))
  }

  /// The message that ends one leak, while another is open: the worst of what is open stands.
  @Test func theStateIsThatOfWhatIsOpen() throws {
    let sink = sink()
    var end = message(.burst, .closed)
    end.openLeaks = [message(.incipient, .updated)]
    #expect(sink.send(.alert(end), now: 0) == .delivered(status: 0))
    let other = try #require(try retained("water/ina/nishi/m01/leak"))
    #expect(other["state"] as? String == "ON" && other["kind"] as? String == "incipient")
    #expect(other["event"] as? String == message(.incipient).eventKey)
    // An opening that comes late, after the end.
    var late = message(.burst, .opened)
    late.openLeaks = []
    #expect(sink.send(.alert(late), now: 0) == .delivered(status: 0))
    let none = try #require(try retained("water/ina/nishi/m01/leak"))
    #expect(none["state"] as? String == "OFF" && none["estimated_leak_m3h"] as? Double == 0)
  }

  /// A broker that keeps nothing on disk has lost what it was told: Home Assistant is told again over the next connection.
  @Test func aBrokerThatForgotIsToldAgain() throws {
    let forgetful = try MosquittoBroker { port, _ in "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false" }
    let sink = sink(forgetful.port)
    let topic = "homeassistant/device/mizumori_ina_nishi_m01/config"
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    #expect(try retained(topic, port: forgetful.port) != nil)
    forgetful.stop()
    try forgetful.start()
    #expect(try retained(topic, port: forgetful.port) == nil)
    #expect(sink.send(.alert(message(.burst, .updated)), now: 0) == .delivered(status: 0))
    #expect(try retained(topic, port: forgetful.port) != nil)
  }

  /// Meters whose names differ only in where the `_` stands are different devices.
  @Test func idsOfDevicesDiffer() throws {
    let names = [
      ("a_b", "c", "d"), ("a", "b_c", "d"), ("a", "b", "c_d"), ("a-u", "b", "c"), ("a_", "b", "c"), ("a--", "b", "c"), ("a", "b", "c"),
    ]
    let discovery = HomeAssistantDiscovery(prefix: "h", statusTopic: nil)
    let topics = try names.map { n in
      let id = try #require(SensorID(municipality: n.0, zone: n.1, sensor: n.2, quantity: .flow))
      let m = message()
      let other = AlertMessage(
        seq: 1, eventKey: m.eventKey, transitionKey: m.transitionKey, sensor: id, names: m.names, transition: m.transition,
        yenPerCubicMetre: 1, calendar: m.calendar)
      return discovery.message(other, stateTopic: "t").topic
    }
    #expect(Set(topics).count == names.count)
    #expect(topics.last == "h/device/mizumori_a_b_c/config")
    for topic in topics { #expect(topic.dropFirst(9).dropLast(7).allSatisfy { $0.isLetter || $0 == "_" || $0 == "-" }) }
  }

  /// The line is kept between messages; when the broker was away meanwhile, it is made anew without a failed attempt.
  @Test func aBrokerThatWasRestartedIsFoundAgain() throws {
    let sink = sink()
    #expect(sink.send(.alert(message()), now: 0) == .delivered(status: 0))
    broker.stop()
    guard case .retry = sink.send(.alert(message(.burst, .updated)), now: 0) else {
      Issue.record("nobody is there")
      return
    }
    try broker.start()
    #expect(sink.send(.alert(message(.burst, .closed)), now: 0) == .delivered(status: 0))
    broker.stop()
    try broker.start()
    #expect(sink.send(.alert(message(.burst, .closed)), now: 0) == .delivered(status: 0))
  }

  /// The broker takes the message and keeps it from everybody: with MQTT 5 it says so, and then it is not delivered.
  @Test func whatTheBrokerDoesNotLetUsPublishIsNotDelivered() throws {
    let strict = try MosquittoBroker(
      lines: ["allow_anonymous true", "acl_file $DIR/acl"], files: ["acl": "topic write water/ina/nishi/m01/leak\n"])
    guard case .retry(nil, let error, _, _) = sink(strict.port, discovery: nil).send(.alert(message()), now: 0) else {
      Issue.record("must not count as delivered")
      return
    }
    #expect(error.contains("ACL"))
  }
}
