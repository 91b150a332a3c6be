import Codecs
import Readings
import Testing

/// Every kind of broken message gives its own code and no reading.
@Suite struct BadInputTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let payload: [UInt8]
    let code: String
    let offset: Int?
    var testDescription: String { name }

    init(_ name: String, _ payload: [UInt8], _ code: String, at offset: Int? = nil) {
      self.name = name
      self.payload = payload
      self.code = code
      self.offset = offset
    }

    init(_ name: String, _ payload: String, _ code: String, at offset: Int? = nil) {
      self.init(name, Array(payload.utf8), code, at: offset)
    }
  }

  static let rows: [Row] = [
    Row("empty", "", "payload_empty", at: 0),
    Row("blanks", " \r\n\t", "payload_empty"),
    Row("empty array", "[]", "payload_empty"),
    Row("truncated object", #"{"ts":1763859600,"val"#, "json_syntax", at: 21),
    Row("truncated after the comma", #"{"value":1,"#, "json_syntax", at: 11),
    Row("truncated batch", #"[{"ts":1763859600,"value":1},"#, "json_syntax", at: 29),
    Row("100,000 brackets", String(repeating: "[", count: 100_000), "json_syntax", at: 32),
    Row("100,000 brackets in an unknown field", #"{"x":"# + String(repeating: "[", count: 60_000), "json_syntax", at: 36),
    Row("invalid UTF-8 in a string", Array(#"{"note":""#.utf8) + [0xff, 0xfe] + Array(#"","value":1}"#.utf8), "utf8", at: 9),
    Row("overlong UTF-8", Array(#"{"note":""#.utf8) + [0xc0, 0xaf] + Array(#"","value":1}"#.utf8), "utf8"),
    Row("UTF-8 of a surrogate", Array(#"{"note":""#.utf8) + [0xed, 0xa0, 0x80] + Array(#"","value":1}"#.utf8), "utf8"),
    Row("invalid UTF-8 outside strings", [0x80, 0x31], "utf8", at: 0),
    Row("cut UTF-8", Array(#"{"note":""#.utf8) + [0xe6, 0xb0], "utf8"),
    Row("duplicate value", #"{"value":1,"value":2}"#, "duplicate_key", at: 11),
    Row("duplicate key behind an escape", #"{"value":1,"\u0076alue":2}"#, "duplicate_key", at: 11),
    Row("duplicate ts", #"{"ts":1763859600,"ts":1763859600,"value":1}"#, "duplicate_key"),
    Row("NaN value", #"{"value":NaN}"#, "json_syntax", at: 9),
    Row("bare NaN", "NaN", "json_syntax", at: 0),
    Row("Infinity", #"{"value":-Infinity}"#, "json_syntax"),
    Row("1e400", #"{"value":1e400}"#, "number_range", at: 9),
    Row("bare -1e400", "-1e400", "number_range"),
    Row("1e308", #"{"value":1e308}"#, "value_range", at: 9),
    Row("bare 1e308", "1e308", "value_range"),
    Row("1e308 m³/s, which overflows in m³/h", #"{"value":1e308,"unit":"m3/s"}"#, "value_range"),
    Row("negative flow", #"{"value":-0.5}"#, "negative_flow", at: 9),
    Row("bare negative flow", "-1", "negative_flow"),
    Row("text as value", #"{"value":"12"}"#, "value_type", at: 9),
    Row("bare text", #""12""#, "value_type"),
    Row("null as value", #"{"value":null}"#, "value_type"),
    Row("object as value", #"{"value":{"a":[1,2]}}"#, "value_type"),
    Row("true", "true", "value_type"),
    Row("no value", #"{"ts":1763859600}"#, "field_missing"),
    Row("empty object", "{}", "field_missing"),
    Row("batch entry without a time", #"[{"ts":1763859600,"value":1},{"value":2}]"#, "field_missing", at: 29),
    Row("batch of bare numbers", "[1,2]", "field_missing"),
    Row("batch of texts", #"["a"]"#, "value_type"),
    Row("microseconds", #"{"ts":1763859600000000,"value":1}"#, "timestamp_unit", at: 6),
    Row("nanoseconds", #"{"ts":1763859600000000000,"value":1}"#, "timestamp_unit"),
    Row("between seconds and milliseconds", #"{"ts":200000000000,"value":1}"#, "timestamp_unit"),
    Row("huge time", #"{"ts":1e400,"value":1}"#, "timestamp_unit"),
    Row("seconds since start", #"{"ts":12345,"value":1}"#, "timestamp_past"),
    Row("negative time", #"{"ts":-1e300,"value":1}"#, "timestamp_past"),
    Row("1970", #"{"ts":"1970-01-01T00:10:00Z","value":1}"#, "timestamp_past"),
    Row("year 2099", #"{"ts":"2099-01-01T00:00:00+09:00","value":1}"#, "timestamp_future", at: 7),
    Row("year 2099 in seconds", #"{"ts":4070908800,"value":1}"#, "timestamp_future"),
    Row("year 2099 in milliseconds", #"{"ts":4070908800000,"value":1}"#, "timestamp_future"),
    Row("5 min and 1 ms ahead", #"{"ts":"2026-11-23T10:05:00.001+09:00","value":1}"#, "timestamp_future"),
    Row("time without offset", #"{"ts":"2026-11-23T10:00:00","value":1}"#, "timestamp_syntax"),
    Row("30 February", #"{"ts":"2026-02-30T10:00:00Z","value":1}"#, "timestamp_syntax"),
    Row("boolean time", #"{"ts":true,"value":1}"#, "timestamp_syntax"),
    Row("unknown unit", #"{"value":1,"unit":"gpm"}"#, "unit_unknown", at: 19),
    Row("unit of another quantity", #"{"value":1,"unit":"kPa"}"#, "unit_unknown"),
    Row("unit as number", #"{"value":1,"unit":3}"#, "unit_unknown"),
    Row("sensor id with a path and a tag", #"{"sensor":"../x<script>","value":1}"#, "sensor_id_charset", at: 11),
    Row("sensor id with an escaped NUL", #"{"sensor":"m01\u0000","value":1}"#, "sensor_id_charset"),
    Row("NUL byte in a string", Array(#"{"sensor":"m01"#.utf8) + [0] + Array(#"","value":1}"#.utf8), "json_syntax"),
    Row("sensor id of 65 bytes", #"{"id":"\#(String(repeating: "a", count: 65))","value":1}"#, "sensor_id_charset"),
    Row("empty sensor id", #"{"id":"","value":1}"#, "sensor_id_charset"),
    Row("another sensor", #"{"sensor":"m02","value":1}"#, "sensor_mismatch", at: 11),
    Row("another zone", #"{"id":"ina/higashi/m01","value":1}"#, "sensor_mismatch"),
    Row("another quantity", #"{"id":"ina/nishi/m01/total","value":1}"#, "sensor_mismatch"),
    Row("longer name", #"{"id":"m011","value":1}"#, "sensor_mismatch"),
    Row("two segments", #"{"id":"nishi/m01","value":1}"#, "sensor_mismatch"),
    Row("text as seq", #"{"value":1,"seq":"7"}"#, "value_type"),
    Row("fraction as seq", #"{"value":1,"seq":7.5}"#, "value_type"),
    Row("seq beyond 64 bits", #"{"value":1,"seq":9223372036854775808}"#, "number_range"),
    Row("negative seq", #"{"value":1,"seq":-1}"#, "number_range"),
    Row("1 MB", #"{"x":""# + String(repeating: "a", count: 1_000_000) + #"","value":1}"#, "payload_too_large", at: 65_536),
    Row("large, cut within a character", #"{"x":""# + String(repeating: "水", count: 30_000) + #"","value":1}"#, "payload_too_large"),
    Row("large and whole JSON within the limit", "1" + String(repeating: " ", count: 70_000), "payload_too_large"),
    Row("trailing text", #"{"value":1}x"#, "json_syntax", at: 11),
    Row("two values", "1 2", "json_syntax"),
    Row("trailing comma", #"{"value":1,}"#, "json_syntax"),
    Row("single quotes", "{'value':1}", "json_syntax"),
    Row("comment", "/* */1", "json_syntax"),
    Row("byte order mark", [0xef, 0xbb, 0xbf, 0x31], "json_syntax"),
    Row("leading zero", "01", "json_syntax", at: 1),
    Row("plus sign", "+1", "json_syntax"),
    Row("no digit after the point", "1.", "json_syntax"),
    Row("no digit before the point", ".5", "json_syntax"),
    Row("no exponent", "1e", "json_syntax"),
    Row("hexadecimal", "0x10", "json_syntax"),
    Row("bad escape", #"{"a":"\x","value":1}"#, "json_syntax"),
    Row("lone surrogate", #"{"a":"\ud800","value":1}"#, "json_syntax"),
    Row("control character", [0x22, 0x0a, 0x22], "json_syntax"),
    Row("wrong bracket", #"{"a":[1},"value":1}"#, "json_syntax"),
    Row("mistyped literal", "nul", "json_syntax", at: 3),
    // Grammar comes before meaning: a broken message says that it is broken.
    Row("bad value in truncated JSON", #"{"value":"12""#, "json_syntax"),
  ]

  @Test(arguments: rows) func code(_ row: Row) {
    let outcome = decode(row.payload)
    #expect(outcome.code == row.code)
    #expect(outcome.readings.isEmpty)
    if let offset = row.offset { #expect(outcome.error?.offset == offset) }
    #expect((0...max(row.payload.count, 1)).contains(outcome.error?.offset ?? -1))
  }

  /// But for those that other tests have: of topics and of SenML.
  @Test func everyReasonIsCovered() {
    let covered = Set(BadInputTests.rows.map(\.code)).union(["topic_mismatch", "field_unknown"])
    #expect(covered == Set(DecodeError.Reason.allCases.map(\.rawValue)))
  }

  @Test func oneBadEntryRefusesTheWholeBatch() {
    let outcome = decode(#"[{"ts":1763859600,"value":1},{"ts":1763859660,"value":-2},{"ts":1763859720,"value":"x"}]"#)
    #expect(outcome.code == "negative_flow")
    #expect(outcome.readings.isEmpty)
  }

  @Test func tooManyReadings() {
    let entry = #"{"ts":1,"value":1}"#.replacing("1,", with: "1763859600,")
    func batch(_ n: Int) -> [UInt8] { Array(("[" + Array(repeating: entry, count: n).joined(separator: ",") + "]").utf8) }
    var limits = DecodeLimits()
    limits.maximumReadings = 3
    #expect(decode(batch(3), limits: limits).readings.count == 3)
    #expect(decode(batch(4), limits: limits).code == "payload_too_large")
  }

  @Test func nestingUpToTheLimitIsRead() {
    func nested(_ n: Int) -> String { #"{"x":"# + String(repeating: "[", count: n) + String(repeating: "]", count: n) + #","value":1}"# }
    #expect(decode(nested(31)).readings.count == 1)
    #expect(decode(nested(32)).code == "json_syntax")
  }
}
