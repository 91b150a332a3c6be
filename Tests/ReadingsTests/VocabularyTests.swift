import Readings
import Testing

@Suite struct VocabularyTests {
  @Test func hashIsTheSameEverywhere() {
    // First half: FNV-1a 64 of the bytes and the terminator 0xff, computed by hand for the empty string.
    var empty = StableHash()
    #expect(empty.hex.hasPrefix("cbf29ce484222325"))
    empty.add(UInt8(ascii: "a"))
    #expect(empty.hex.hasPrefix("af63dc4c8601ec8c"), "published test vector for \"a\"")
    var foobar = StableHash()
    for c in "foobar".utf8 { foobar.add(c) }
    #expect(foobar.hex.hasPrefix("85944171f73967e8"), "published test vector for \"foobar\"")
    #expect(foobar.hex.count == 32)
  }

  @Test func hashSeparatesItsParts() {
    func hash(_ a: String, _ b: String) -> String {
      var h = StableHash()
      h.add(a)
      h.add(b)
      return h.hex
    }
    #expect(hash("ab", "c") != hash("a", "bc"))
    #expect(hash("", "x") != hash("x", ""))
    var small = StableHash()
    small.add(Int64(1))
    var large = StableHash()
    large.add(Int64(1) << 32)
    #expect(small.hex != large.hex)
  }

  @Test(arguments: [
    ("m3/h", Quantity.flow, 1.0, 1.0), ("m³/h", .flow, 2, 2), ("L/s", .flow, 1, 3.6), ("l/min", .flow, 100, 6), ("m3/s", .flow, 0.5, 1800),
    ("m3/d", .flow, 24, 1), ("m3", .total, 7, 7), ("L", .total, 1500, 1.5), ("MPa", .pressure, 0.3, 300), ("Pa", .pressure, 5000, 5),
    ("cm", .level, 250, 2.5), ("K", .temperature, 273.15, 0), ("Cel", .temperature, -4, -4),
  ])
  func unitsConvert(name: String, quantity: Quantity, value: Double, base: Double) throws {
    let conversion = try #require(Array(name.utf8).withUnsafeBufferPointer { Unit.conversion($0, for: quantity) })
    #expect(abs(conversion(value) - base) < 1e-9)
  }

  @Test(arguments: [("", Quantity.flow), ("m3", .flow), ("M3/H", .flow), ("m3/h ", .flow), ("kPa", .level), ("psi", .pressure)])
  func unitsOfOthersAreUnknown(name: String, quantity: Quantity) {
    #expect(Array(name.utf8).withUnsafeBufferPointer { Unit.conversion($0, for: quantity) } == nil)
  }

  @Test(arguments: [
    ("ina/takato/s-1/flow", true), ("a/b/c/flow", true), ("a/b/c/depth", false), ("a/b/flow", false), ("a//c/flow", false),
    ("a/b/c d/flow", false),
    ("伊那/b/c/flow", false), ("a/b/c.1/flow", false), ("a/b/c/flow/", false),
  ])
  func sensorNames(text: String, isValid: Bool) {
    #expect(SensorID(text)?.description == (isValid ? text : nil))
    #expect(SensorID("a/b/" + String(repeating: "x", count: 65) + "/flow") == nil)
  }

  @Test func eventKindsKeepTheirCodes() {
    for k in EventKind.allCases { #expect(EventKind(code: k.code) == k) }
    #expect(EventKind.allCases.filter(\.isLeak) == [.burst, .incipient])
    #expect(EventKind(rawValue: 16) == .gap && EventKind(rawValue: 24) == .lateFlush && EventKind(rawValue: 25) == .sensorLimit)
    #expect(Evidence([.cusum, .nightMinimum]).codes == ["cusum", "night_minimum"])
  }
}
