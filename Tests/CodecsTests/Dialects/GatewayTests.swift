import Codecs
import Readings
import Testing

/// Messages as gateways send them: the shapes of The Things Stack v3, ChirpStack v4 and of gateways whose fields the settings map.
@Suite struct GatewayTests {
  private static let stack = PayloadDecoder.fields(
    FieldDecoder(
      map: .theThingsStack([
        FieldMap.Value(.flow, FieldPath("flow_lpm")!, factor: 0.06), FieldMap.Value(.total, FieldPath("volume.l")!, factor: 0.001),
      ])))

  private static let uplink = """
    {"end_device_ids":{"device_id":"m01","application_ids":{"application_id":"suidou"},"dev_eui":"0004A30B001C0530","dev_addr":"00BCB929"},
     "correlation_ids":["as:up:01E0WZGT6Y7657CPFPE5WEYDSQ"],"received_at":"2026-11-23T00:59:10.250Z",
     "uplink_message":{"session_key_id":"AXA50","f_port":1,"f_cnt":527,"frm_payload":"gkHe",
      "decoded_payload":{"flow_lpm":125,"volume":{"l":18204500},"battery":87.5,"note":"日本"},
      "rx_metadata":[{"gateway_ids":{"gateway_id":"gw-1"},"rssi":-97,"snr":5.2},{"gateway_ids":{"gateway_id":"gw-2"},"rssi":-113,"snr":-2}],
      "settings":{"data_rate":{"lora":{"bandwidth":125000,"spreading_factor":7}},"frequency":"923200000"},
      "received_at":"2026-11-23T00:59:09.123456789Z","confirmed":true,"consumed_airtime":"0.056576s"}}
    """

  @Test func theThingsStack() {
    let outcome = decode(Self.uplink, by: Self.stack)
    #expect(
      outcome.lines == [
        "flow 7.5 @1795395549.123 #527 battery 87.5 signal -97.0", "total 18204.5 @1795395549.123 #527 battery 87.5 signal -97.0",
      ], "\(outcome)")
  }

  @Test(arguments: [
    // What is 0, false or "" is left out by The Things Stack.
    ("\"f_cnt\":527,", "", "flow 7.5 @1795395549.123 #0 battery 87.5 signal -97.0"),
    ("\"received_at\":\"2026-11-23T00:59:09.123456789Z\",", "", "flow 7.5 @1795395550.25 #527 battery 87.5 signal -97.0"),
    ("\"battery\":87.5,", "", "flow 7.5 @1795395549.123 #527 signal -97.0"),
    (
      "\"battery\":87.5,\"note\":\"日本\"},", "\"x\":1},\"last_battery_percentage\":{\"f_cnt\":1,\"value\":42},",
      "flow 7.5 @1795395549.123 #527 battery 42.0 signal -97.0"
    ),
    ("\"flow_lpm\":125", "\"flow_lpm\":\"125.0\"", "flow 7.5 @1795395549.123 #527 battery 87.5 signal -97.0"),
    ("\"rssi\":-97,", "\"rssi\":\"weak\",", "flow 7.5 @1795395549.123 #527 battery 87.5 signal -113.0"),
    // What is only told to people costs no reading, whatever it is.
    ("\"battery\":87.5", "\"battery\":{\"mV\":3600}", "flow 7.5 @1795395549.123 #527 signal -97.0"),
    ("\"rssi\":-97,", "\"rssi\":[-97],", "flow 7.5 @1795395549.123 #527 battery 87.5 signal -113.0"),
  ])
  func whatDevicesLeaveOut(_ from: String, _ to: String, _ expected: String) throws {
    let text = Self.uplink.replacing(from, with: to)
    try #require(text != Self.uplink)
    #expect(decode(text, by: Self.stack).lines.first == expected)
  }

  @Test(arguments: [
    ("\"device_id\":\"m01\"", "\"device_id\":\"m02\"", "sensor_mismatch"), ("\"device_id\":\"m01\"", "\"device_id\":1", "sensor_mismatch"),
    ("\"flow_lpm\":125", "\"flow_lpm\":-1", "negative_flow"),
    ("\"flow_lpm\":125", "\"flow_lpm\":\"12 l\"", "value_type"),
    ("\"flow_lpm\":125", "\"flow_lpm\":{\"a\":1}", "value_type"),
    ("\"flow_lpm\":125", "\"flow_lpm\":125,\"flow_lpm\":126", "duplicate_key"),
    ("\"flow_lpm\":125", "\"flow_lpm\":1e400", "number_range"),
    ("\"received_at\":\"2026-11-23T00:59:09.123456789Z\"", "\"received_at\":\"yesterday\"", "timestamp_syntax"),
    ("2026-11-23T00:59:09", "2026-11-23T02:59:09", "timestamp_future"),
    ("\"decoded_payload\"", "\"raw_payload\"", "field_missing"),
    ("\"confirmed\":true", "\"confirmed\":tru", "json_syntax"),
  ])
  func whatIsRefused(_ from: String, _ to: String, _ code: String) throws {
    let text = Self.uplink.replacing(from, with: to)
    try #require(text != Self.uplink)
    let outcome = decode(text, by: Self.stack)
    #expect(outcome.code == code && outcome.readings.isEmpty, "\(outcome)")
  }

  @Test func chirpStack() {
    let decoder = PayloadDecoder.fields(FieldDecoder(map: .chirpStack(FieldMap.namedByQuantity)))
    let text = """
      {"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d","time":"2026-11-23T00:59:00.5+00:00",
       "deviceInfo":{"tenantId":"52f14cd4","tenantName":"town","applicationName":"water","deviceName":"西町","devEui":"0101010101010101",
        "tags":{"key":"value"}},"devAddr":"00189440","adr":true,"dr":1,"fCnt":4,"fPort":1,"data":"AQ==",
       "object":{"flow":12.5,"pressure":412.0,"temperature":-3.25,"battery":71},
       "rxInfo":[{"gatewayId":"0016c001f153a14c","rssi":-48,"snr":9.0},{"rssi":-60}],"txInfo":{"frequency":923200000}}
      """
    let outcome = decode(text, by: decoder, sensor: "ina/nishi/0101010101010101/flow")
    let end = "@1795395540.5 #4 battery 71.0 signal -48.0"
    #expect(outcome.lines == ["flow 12.5 \(end)", "pressure 412.0 \(end)", "temperature -3.25 \(end)"], "\(outcome)")
    #expect(decode(text, by: decoder).code == "sensor_mismatch")
    // A device joins, or tells its state: no values.
    let status = #"{"deviceInfo":{"devEui":"0101010101010101"},"margin":7,"batteryLevel":75.5}"#
    #expect(decode(status, by: decoder, sensor: "ina/nishi/0101010101010101/flow").code == "field_missing")
  }

  @Test func fieldsOfTheSettings() {
    var map = FieldMap(values: [
      FieldMap.Value(.total, FieldPath("pulse")!, factor: 0.01), FieldMap.Value(.temperature, FieldPath("env.tK")!, offset: -273.15),
    ])
    map.each = FieldPath("log.rows")
    map.times = [FieldPath("t")!]
    map.sequence = FieldPath("n")
    map.batteries = [FieldPath("bat")!]
    map.signal = FieldPath("radio.rssi")
    map.device = FieldPath("id")
    let decoder = PayloadDecoder.fields(FieldDecoder(map: map))
    let text = """
      {"log":{"rows":[{"t":1795395000,"n":7,"pulse":1200},{"n":8,"t":"1795395300","pulse":"1201","env":{"tK":276.15},"bat":3.6},{"n":9}]},
       "radio":{"rssi":-88},"id":"m01"}
      """
    #expect(
      decode(text, by: decoder).lines == [
        "total 12.0 @1795395000 #7 signal -88.0", "total 12.01 @1795395300 #8 battery 3.6 signal -88.0",
        "temperature 3.0 @1795395300 #8 battery 3.6 signal -88.0",
      ])
    #expect(decode(#"{"log":{"rows":[]},"id":"m01"}"#, by: decoder).code == "field_missing")
    #expect(decode(#"{"log":{"rows":[{"t":1,"pulse":1}]}}"#, by: decoder).code == "timestamp_past")
    #expect(decode("", by: decoder).code == "payload_empty")
    #expect(decode("3.5", by: decoder).code == "field_missing")
  }

  @Test func anArrayAtTheTopIsABatch() {
    var map = FieldMap(values: [FieldMap.Value(.flow, FieldPath("q.*.v")!)])
    map.times = [FieldPath("at")!]
    let decoder = PayloadDecoder.fields(FieldDecoder(map: map))
    #expect(
      decode(#"[{"q":[{"v":1}],"at":1795395000},{"q":[{"v":2}],"at":1795395060}]"#, by: decoder).lines == [
        "flow 1.0 @1795395000", "flow 2.0 @1795395060",
      ])
    var limits = DecodeLimits()
    limits.maximumReadings = 1
    let strict = PayloadDecoder.fields(FieldDecoder(map: map, limits: limits))
    #expect(decode(#"[{"q":[{"v":1}]},{"q":[{"v":2}]}]"#, by: strict).code == "payload_too_large")
  }

  @Test func eachRecordOfABatchNamesItsDeviceAndSignal() {
    var map = FieldMap(values: [FieldMap.Value(.flow, FieldPath("v")!)])
    map.device = FieldPath("id")
    map.signal = FieldPath("rssi")
    let decoder = PayloadDecoder.fields(FieldDecoder(map: map))
    let batch = #"[{"id":7,"v":1,"rssi":-60},{"id":"7","v":2,"rssi":-90},{"v":3}]"#
    #expect(
      decode(batch, by: decoder, sensor: "ina/nishi/7/flow").lines == [
        "flow 1.0 @- signal -60.0", "flow 2.0 @- signal -90.0", "flow 3.0 @-",
      ])
    #expect(decode(#"[{"id":"7","v":1},{"id":"8","v":2}]"#, by: decoder, sensor: "ina/nishi/7/flow").code == "sensor_mismatch")
  }

  @Test func pathsThatNameNothing() {
    for text in ["", ".", "a.", "a..b", (0..<17).map { "\($0)" }.joined(separator: ".")] { #expect(FieldPath(text) == nil, "\(text)") }
    #expect(FieldPath("a.*.b")?.description == "a.*.b")
  }

  /// Depth is bounded, whatever the map.
  @Test func deepNestingIsRefused() {
    let map = FieldMap(values: [FieldMap.Value(.flow, FieldPath(Array(repeating: "*", count: 16).joined(separator: "."))!)])
    let decoder = PayloadDecoder.fields(FieldDecoder(map: map))
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(decode(deep, by: decoder).code == "json_syntax")
  }
}
