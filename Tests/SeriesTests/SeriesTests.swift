import Foundation
import Readings
import TestSupport
import Testing

@testable import Series

struct SeriesTests {
  @Test(arguments: ["a.csv", "a.csv.gz"])
  func roundTripKeepsOrderAndValues(name: String) throws {
    let home = try TemporaryDirectory()
    let rows = [
      SeriesRow(time: Timestamp(seconds: 1_760_000_000), value: 12.345), SeriesRow(time: Timestamp(seconds: 1_759_999_000), value: -0.05),
      SeriesRow(time: Timestamp(seconds: 1_760_000_300), value: 0),
      SeriesRow(time: Timestamp(seconds: 1_760_000_300), value: 1_234_567.891),
    ]
    try SeriesFile.write(rows, path: "\(home.path)/\(name)")
    #expect(try SeriesFile.read(path: "\(home.path)/\(name)") == rows)
  }

  @Test(arguments: [
    "2026-01-01T00:00:00+09:00;1", "2026-13-01T00:00:00+09:00,1", "2026-01-01T00:00:00+09:00,", "2026-01-01T00:00:00+09:00,1x", "1,2",
  ])
  func aBrokenRowNamesFileAndLine(row: String) throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try "timestamp,value\n2026-01-01T00:00:00+09:00,1\n\(row)\n".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: SeriesError.self) { try SeriesFile.read(path: path) }
    #expect(error?.line == 3 && error?.description.hasPrefix("\(path):3: ") == true)
  }

  @Test func withoutHeaderWithCarriageReturnsAndWithoutFinalNewline() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try "2026-01-01 00:00:00,1\r\n2026-01-01 00:05,2.5e1".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try SeriesFile.read(path: path).map(\.value) == [1, 25])
  }

  @Test func missingAndUnwritable() throws {
    #expect(throws: SeriesError.self) { try SeriesFile.read(path: "/nowhere/x.csv") }
    #expect(throws: SeriesError.self) { try SeriesFile.write([], path: "/nowhere/x.csv.gz") }
  }

  @Test(arguments: [(0.0, "0"), (1.5, "1.5"), (-2.25, "-2.25"), (0.001, "0.001"), (12.3456, "12.346"), (100.0, "100"), (0.05, "0.05")])
  func decimals(value: Double, text: String) { #expect(SeriesFile.decimal(value) == text) }
}
