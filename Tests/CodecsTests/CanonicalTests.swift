import Codecs
import Readings
import Testing

/// What is right must be read, in whatever spelling the convention allows.
@Suite struct CanonicalTests {
  static let tenOClock = Timestamp(iso8601: "2026-11-23T10:00:00+09:00")!

  static let times: [(String, Timestamp)] = [
    (#""2026-11-23T10:00:00+09:00""#, tenOClock),
    (#""2026-11-23T01:00:00Z""#, tenOClock),
    (#""2026-11-23 10:00:00.250+0900""#, tenOClock.adding(milliseconds: 250)),
    (#""2026-11-23T10\u003a00:00+09:00""#, tenOClock),
    ("1795395600", tenOClock),
    ("1795395600.25", tenOClock.adding(milliseconds: 250)),
    ("1.7953956e9", tenOClock),
    // Milliseconds where seconds were meant are recognised.
    ("1795395600250", tenOClock.adding(milliseconds: 250)),
    ("1795395900", tenOClock.adding(seconds: 300)),
    ("946684800", Timestamp(seconds: 946_684_800)),
    ("946684800000", Timestamp(seconds: 946_684_800)),
  ]

  @Test(arguments: times) func time(_ row: (String, Timestamp)) {
    let outcome = decode(#"{"ts":\#(row.0),"value":1}"#)
    #expect(outcome.readings.map(\.time) == [row.1], "\(row.0): \(outcome.code)")
  }

  static let values: [(String, Quantity, Double)] = [
    (#"{"value":12.34,"unit":"m3/h"}"#, .flow, 12.34),
    (#"{"unit":"l/s","value":10}"#, .flow, 36),
    (#"{"value":2,"unit":"m\u00b3/s"}"#, .flow, 7200),
    (#"{"value":2,"unit":"m³/min"}"#, .flow, 120),
    (#"{"value":5,"unit":null}"#, .flow, 5),
    (#"{"value":250000,"unit":"Pa"}"#, .pressure, 250),
    (#"{"value":0.3,"unit":"MPa"}"#, .pressure, 0.3 * 1000),
    (#"{"value":-3.5,"unit":"Cel"}"#, .temperature, -3.5),
    (#"{"value":300,"unit":"K"}"#, .temperature, 300 - 273.15),
    (#"{"value":1234567.891}"#, .total, 1_234_567.891),
    ("12.5\n", .flow, 12.5),
    (" 0 ", .flow, 0),
    ("-0.0", .flow, 0),
    (#"{"value":-0}"#, .flow, 0),
    (#"{"value":1e-400}"#, .flow, 0),
    (#"{"VALUE":9,"value":1,"Value":8}"#, .flow, 1),
    (#"{"a":{"value":9,"ts":"x"},"b":[[],{},[{"c":null}]],"d":1e999,"e":"\ud83d\udca7水","value":1}"#, .flow, 1),
    (#"{"x":true,"x":false,"value":1}"#, .flow, 1),
    (#"{"value":1,"battery":"low"}"#, .flow, 1),
  ]

  @Test(arguments: values) func value(_ row: (String, Quantity, Double)) {
    let outcome = decode(Array(row.0.utf8), quantity: row.1, sensor: nil)
    #expect(outcome.readings.map(\.value) == [row.2], "\(row.0): \(outcome.code)")
    #expect(outcome.readings.first?.time == nil)
    #expect(outcome.readings.first?.value.sign == (row.2 < 0 ? .minus : .plus))
  }

  @Test func sequenceAndBattery() {
    let full = decode(#"{"ts":1795395600,"value":1,"seq":9223372036854775807,"battery":3.61}"#)
    #expect(full.readings == [DecodedReading(time: Self.tenOClock, value: 1, sequence: .max, battery: 3.61)])
    #expect(decode(#"{"value":1,"seq":7e2}"#).readings.map(\.sequence) == [700])
    #expect(decode(#"{"value":1,"seq":7.0}"#).readings.map(\.sequence) == [7])
    #expect(decode(#"{"value":1,"seq":null}"#).readings.map(\.sequence) == [-1])
  }

  @Test(arguments: ["m01", "ina/nishi/m01", "ina/nishi/m01/flow", "m\\u00301"]) func nameThatAgrees(_ name: String) {
    #expect(decode(#"{"sensor":"\#(name)","id":"\#(name)","value":1}"#).readings.count == 1)
  }

  @Test func reverseFlowWhereEnabled() {
    #expect(decode(#"{"value":-2.5}"#, allowsReverseFlow: true).readings.map(\.value) == [-2.5])
  }

  @Test func batchKeepsItsOrder() {
    let outcome = decode(#" [ {"ts":1795395600,"value":1} , {"ts":1795395000,"value":2} , {"ts":1795395600,"value":1} ] "#)
    #expect(outcome.code == "")
    #expect(outcome.readings.map(\.value) == [1, 2, 1])
    #expect(outcome.readings.map { $0.time?.since(Self.tenOClock) } == [0, -600_000, 0])
  }

  @Test func localTimeOnlyWhereAllowed() {
    var limits = DecodeLimits()
    limits.localOffset = 32_400
    let payload = Array(#"{"ts":"2026-11-23T10:00:00","value":1}"#.utf8)
    #expect(decode(payload, limits: limits).readings.map(\.time) == [Self.tenOClock])
  }
}
