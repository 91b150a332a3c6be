import Codecs
import Readings

/// One message of each dialect as devices send it; also the probe's (`Benchmarks/probe.sh`), which counts its instructions.
struct DialectExample: Sendable {
  let name: String
  let decoder: PayloadDecoder
  let sensor: SensorID
  let text: String
  /// Readings in it.
  let readings: Int

  /// The trusted clock for all of them.
  static let now = Timestamp(iso8601: "2026-11-23T12:00:01+09:00") ?? Timestamp(seconds: 0)

  static let all: [DialectExample] = [
    make("senml", .senML(SenMLDecoder(quantity: .flow)), senML, readings: 3),
    make("stack", .fields(FieldDecoder(map: .theThingsStack(FieldMap.namedByQuantity))), stack, readings: 2),
    make("chirpstack", .fields(FieldDecoder(map: .chirpStack(FieldMap.namedByQuantity))), chirpStack, readings: 3),
    make("fields", .fields(FieldDecoder(map: rows)), log, readings: 3),
  ]

  private static func make(_ name: String, _ decoder: PayloadDecoder, _ text: String, readings: Int) -> DialectExample {
    guard let sensor = SensorID("ina/nishi/m01/flow") else { preconditionFailure("no sensor") }
    return DialectExample(name: name, decoder: decoder, sensor: sensor, text: text, readings: readings)
  }

  private static let senML = """
    [{"bn":"urn:dev:ow:m01:","bt":1795395600,"n":"flow","u":"l/s","v":2.14},{"n":"total","u":"m3","v":18204.52},\
    {"n":"pressure","u":"kPa","t":-60,"v":412.5},{"n":"battery","u":"%EL","v":87}]
    """

  private static let stack = """
    {"end_device_ids":{"device_id":"m01","application_ids":{"application_id":"suidou"},"dev_eui":"0004A30B001C0530","dev_addr":"00BCB929"},\
    "correlation_ids":["as:up:01E0WZGT6Y7657CPFPE5WEYDSQ","gs:conn:01E0WDEC6T9TDP8AE2FYDJ6T1Y"],"received_at":"2026-11-23T00:59:10.250Z",\
    "uplink_message":{"session_key_id":"AXA50i8EiEYHUzXwB2ta1w==","f_port":1,"f_cnt":527,"frm_payload":"gkHeAAAB",\
    "decoded_payload":{"flow":7.5,"total":18204.52,"battery":87.5},\
    "rx_metadata":[{"gateway_ids":{"gateway_id":"gw-1","eui":"58A0CBFFFE800A1B"},"time":"2026-11-23T00:59:09.1Z","rssi":-97,"snr":5.2},\
    {"gateway_ids":{"gateway_id":"gw-2","eui":"58A0CBFFFE800A2C"},"rssi":-113,"snr":-2}],\
    "settings":{"data_rate":{"lora":{"bandwidth":125000,"spreading_factor":7,"coding_rate":"4/5"}},"frequency":"923200000"},\
    "received_at":"2026-11-23T00:59:09.123456789Z","confirmed":true,"consumed_airtime":"0.056576s"}}
    """

  private static let chirpStack = """
    {"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d","time":"2026-11-23T00:59:00.5+00:00",\
    "deviceInfo":{"tenantId":"52f14cd4-c6f1-4fbd-8f87-4025e1d49242","tenantName":"town","applicationName":"water",\
    "deviceName":"meter","devEui":"m01","tags":{"key":"value"}},"devAddr":"00189440","adr":true,"dr":1,"fCnt":4,"fPort":1,"data":"AQIDBA==",\
    "object":{"flow":12.5,"pressure":412.0,"temperature":3.25,"battery":71},\
    "rxInfo":[{"gatewayId":"0016c001f153a14c","uplinkId":4217106255,"rssi":-48,"snr":9.0},{"gatewayId":"0016c001f153a14d","rssi":-60}],\
    "txInfo":{"frequency":923200000,"modulation":{"lora":{"bandwidth":125000,"spreadingFactor":11}}}}
    """

  private static let log = """
    {"id":"m01","radio":{"rssi":-88},"log":{"rows":[{"t":1795395000,"n":7,"pulse":1200},{"n":8,"t":"1795395300","pulse":"1201"},\
    {"n":9,"t":1795395600,"pulse":1203,"bat":3.6}]}}
    """

  private static let rows: FieldMap = {
    var map = FieldMap(values: [FieldMap.Value(.total, path("pulse"), factor: 0.01)])
    map.each = path("log.rows")
    map.times = [path("t")]
    map.sequence = path("n")
    map.batteries = [path("bat")]
    map.signal = path("radio.rssi")
    map.device = path("id")
    return map
  }()

  private static func path(_ text: String) -> FieldPath {
    guard let path = FieldPath(text) else { preconditionFailure("no path: \(text)") }
    return path
  }
}
