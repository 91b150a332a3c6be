import Codecs
import Readings
import Testing

/// SenML JSON: the rules of RFC 8428 on packs as meters send them.
@Suite struct SenMLTests {
  private let decoder = PayloadDecoder.senML(SenMLDecoder(quantity: .flow))

  // tokyoNow is 1795395600.
  @Test(arguments: [
    // 5.1.2, with base name, time and unit.
    (
      #"[{"bn":"urn:dev:ow:10e2073a01080063:","bt":1795395300,"bu":"l/s","n":"flow","v":2},{"n":"flow","t":60,"v":2.5}]"#,
      ["flow 7.2 @1795395300", "flow 9.0 @1795395360"]
    ),
    // 4.5.3: small times count from now.
    (#"[{"n":"flow","u":"m3/h","t":-120,"v":3},{"n":"flow","u":"m3/h","v":4}]"#, ["flow 3.0 @1795395480", "flow 4.0 @1795395600"]),
    (#"[{"bn":"m01/","bt":-10,"n":"flow","t":-5,"v":1}]"#, ["flow 1.0 @1795395585"]),
    // Base values are added, and hold until the next one.
    (
      #"[{"bv":100,"n":"total","u":"m3","v":1.5},{"n":"total","u":"m3","v":2},{"bv":0,"n":"total","u":"m3","v":3}]"#,
      ["total 101.5 @1795395600", "total 102.0 @1795395600", "total 3.0 @1795395600"]
    ),
    // A totalizer as a sum.
    (#"[{"n":"total","u":"m3","s":12.25}]"#, ["total 12.25 @1795395600"]),
    (#"[{"bs":12000,"n":"total","u":"l","s":250}]"#, ["total 12.25 @1795395600"]),
    // Without a name it is what the topic says; with another name it is not ours.
    (#"[{"v":5},{"n":"valve","vb":true},{"n":"remark","vs":"x"},{"n":"humidity","u":"%RH","v":30}]"#, ["flow 5.0 @1795395600"]),
    (
      #"[{"n":"pressure","u":"Pa","v":412000},{"n":"temperature","u":"Cel","v":-2.5},{"n":"level","u":"m","v":3.25}]"#,
      ["pressure 412.0 @1795395600", "temperature -2.5 @1795395600", "level 3.25 @1795395600"]
    ),
    (#"[{"n":"flow","v":1},{"n":"battery","u":"%EL","v":64}]"#, ["flow 1.0 @1795395600 battery 64.0"]),
    (#"[{"n":"flow","v":1},{"n":"battery","v":1e999}]"#, ["flow 1.0 @1795395600"]),
    (#"[{"bver":10,"n":"flow","v":1,"ut":60,"unknown":{"a":[1]}}]"#, ["flow 1.0 @1795395600"]),
  ])
  func packs(_ text: String, _ expected: [String]) {
    let outcome = decode(text, by: decoder)
    #expect(outcome.lines == expected, "\(outcome)")
  }

  @Test(arguments: [
    ("", "payload_empty"), ("[]", "payload_empty"), ("[] x", "json_syntax"), (#"{"n":"flow","v":1}"#, "value_type"), ("[1]", "value_type"),
    (#"[{"n":"flow","v":1]"#, "json_syntax"), (#"[{"n":"flow","v":"1"}]"#, "value_type"), (#"[{"n":1,"v":1}]"#, "value_type"),
    (#"[{"n":"flow","u":"Cel","v":1}]"#, "unit_unknown"), (#"[{"n":"flow","v":-1}]"#, "negative_flow"),
    (#"[{"n":"flow","v":1,"v":2}]"#, "duplicate_key"), (#"[{"bver":11,"n":"flow","v":1}]"#, "field_unknown"),
    (#"[{"n":"flow","v":1,"key_":1}]"#, "field_unknown"), (#"[{"n":"flow","t":1e12,"v":1}]"#, "timestamp_unit"),
    (#"[{"n":"flow","t":600,"v":1}]"#, "timestamp_future"), (#"[{"n":"flow","t":300000000,"v":1}]"#, "timestamp_past"),
    (#"[{"n":"humidity","v":1}]"#, "field_missing"), (#"[{"n":"flow"}]"#, "field_missing"), (#"[{"n":"flow","v":1e999}]"#, "number_range"),
  ])
  func whatIsRefused(_ text: String, _ code: String) {
    let outcome = decode(text, by: decoder)
    #expect(outcome.code == code && outcome.readings.isEmpty, "\(text) \(outcome)")
  }

  @Test func namesOfTheSettings() {
    let own = PayloadDecoder.senML(SenMLDecoder(names: [.flow: "q", .total: "vol"]))
    #expect(
      decode(#"[{"bn":"a:b:","n":"q","v":1},{"n":"vol","v":2},{"n":"flow","v":3},{"v":4}]"#, by: own).lines == [
        "flow 1.0 @1795395600", "total 2.0 @1795395600",
      ])
  }
}
