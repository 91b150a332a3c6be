import Readings

/// Home Assistant's MQTT device discovery: a meter becomes a device with a leak (`binary_sensor`, class `problem`) and its size
/// (`sensor`, class `volume_flow_rate`). Source: home-assistant.io/integrations/mqtt, "Device discovery payload".
struct HomeAssistantDiscovery: Sendable {
  let prefix: String
  let statusTopic: String?

  func message(_ m: AlertMessage, stateTopic: String) -> BrokerMessage {
    let s = m.sensor
    let id = "mizumori_" + [s.municipality, s.zone, s.sensor].map(HomeAssistantDiscovery.escaped).joined(separator: "_")
    var device = JSONText()
    device.add("ids", id)
    device.add("name", "\(m.names.zone) \(m.names.sensor)")
    device.add("mf", "Mizumori 水守")
    var origin = JSONText()
    origin.add("name", "mizumori")
    var parts = JSONText()
    parts.add(
      "leak",
      json: component(id, "leak", "漏水 / leak", ["p": "binary_sensor", "device_class": "problem"], "{{ value_json.state }}", stateTopic))
    parts.add(
      "leak_size",
      json: component(
        id, "leak_size", "推定漏水量 / estimated leak",
        ["p": "sensor", "device_class": "volume_flow_rate", "unit_of_measurement": "m³/h", "state_class": "measurement"],
        "{{ value_json.estimated_leak_m3h }}", stateTopic))
    var o = JSONText()
    o.add("dev", json: device.closed)
    o.add("o", json: origin.closed)
    o.add("cmps", json: parts.closed)
    o.add("qos", 1)
    if let statusTopic { o.add("availability_topic", statusTopic) }
    return BrokerMessage(topic: "\(prefix)/device/\(id)/config", payload: o.closed, isRetained: true)
  }

  /// Home Assistant's ids have no characters but those of our segments, so `_` stands between segments and within them as `-u`.
  private static func escaped(_ segment: String) -> String {
    segment.split(separator: "-", omittingEmptySubsequences: false).map { $0.split(separator: "_", omittingEmptySubsequences: false) }
      .map { $0.joined(separator: "-u") }.joined(separator: "--")
  }

  private func component(
    _ device: String, _ key: String, _ name: String, _ fixed: KeyValuePairs<String, String>, _ template: String, _ stateTopic: String
  ) -> String {
    var o = JSONText()
    for (k, v) in fixed { o.add(k, v) }
    o.add("unique_id", "\(device)_\(key)")
    o.add("name", name)
    o.add("state_topic", stateTopic)
    o.add("value_template", template)
    o.add("json_attributes_topic", stateTopic)
    return o.closed
  }
}
