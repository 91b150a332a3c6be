import Codecs
import Readings
import TestSupport
import Testing

/// Numbers are the nearest doubles, bit for bit, whichever way they are converted.
@Suite struct NumberTests {
  /// Through the battery field, which takes any finite number.
  func read(_ text: String) -> Double? { decode(#"{"value":1,"battery":\#(text)}"#).readings.first?.battery }

  static let table: [String] = [
    "0", "1", "0.1", "0.2", "0.3", "12.34", "0.30000000000000004", "12.340000000000002", "123456789.123456789", "9007199254740993",
    "9007199254740992.5", "9007199254740993.0000000001", "0.000001", "1e-7", "1E+2", "1.0e0", "2.2250738585072014e-308", "5e-324",
    "4.9e-324",
    "1e-323", "2.4703282292062328e-324", "2.4703282292062327e-324", "1e-28", "123e-30", "1e13", "1.7976931348623157e308", "-1.5", "-0.1e-5",
    "1e22", "1e23", "8.5e24", "9007199254740993e27", "18446744073709551615e27",
    "9999999999999.999", "0.5e13",
    "8.5", "0.000000000000000000000000000000000000000000000012345", "1844674407370955161.5e-6", "18446744073709551615e-8",
    "18446744073709551616e-8", "9999999999999999999e-9", "99999999999999999999e-9", "1.7976931348623157e-300",
    "100000000000000000000000000000000e-25", "4503599627370496.5e-3", "4503599627370497.5e-4", "1448997445238699e-3",
  ]

  @Test(arguments: table) func nearestDouble(_ text: String) throws {
    #expect(try #require(read(text)).bitPattern == Double(text)?.bitPattern)
  }

  @Test func longNumbers() {
    #expect(read("0." + String(repeating: "0", count: 60_000) + "1e60001") == 1)
    #expect(read("1" + String(repeating: "0", count: 50_000) + "e-50000") == 1)
    #expect(read("0e999999999999999999999") == 0)
    #expect(read("1e-999999999999999999999") == 0)
    #expect(read("0." + String(repeating: "3", count: 30_000)) == 1.0 / 3)
  }

  /// Half-way cases of the integer paths: the midpoint of two neighbouring doubles, and a little to either side.
  @Test func tiesGoToEven() {
    for k in 0..<2000 {
      let low = 4_503_599_627_370_496 + UInt64(k)
      for digits in ["\(low).5", "\(low).4999", "\(low).5001"] {
        #expect(read(digits + "e-3")?.bitPattern == Double(digits + "e-3")?.bitPattern, "\(digits)")
      }
    }
  }

  @Test func randomNumbersAgreeWithTheStandardLibrary() {
    let seed: UInt64 = 20_261_123
    var random = SeededGenerator(seed: seed)
    var compared = 0
    for _ in 0..<200_000 {
      let significand = random.next() >> UInt64.random(in: 0...60, using: &random)
      var text = String(significand)
      if Bool.random(using: &random) {
        text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 1...text.count, using: &random)))
      }
      if text.last == "." { text += String(UInt8.random(in: 0...99, using: &random)) }
      text += "e\(Int.random(in: -45...45, using: &random))"
      guard let expected = Double(text) else { continue }
      compared += 1
      guard read(text)?.bitPattern == expected.bitPattern else {
        Issue.record("\(text) with seed \(seed): \(String(describing: read(text))), expected \(expected)")
        return
      }
    }
    #expect(compared > 190_000)
  }

  @Test func printedDoublesComeBack() {
    let seed: UInt64 = 7
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100_000 {
      let v = Double.random(in: 0...1, using: &random) * [1e-3, 1, 100, 1e6, 1e12][Int.random(in: 0..<5, using: &random)]
      guard read("\(v)") == v else {
        Issue.record("\(v) with seed \(seed)")
        return
      }
    }
  }
}
