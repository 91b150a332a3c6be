import Foundation
import Readings
import TestSupport
import Testing

@testable import Series

struct SeriesTests {
  @Test(arguments: ["a.csv", "a.csv.gz"], [32_400, 0, -12_600])
  func roundTripKeepsOrderAndValues(name: String, offset: Int) throws {
    let home = try TemporaryDirectory()
    let rows = [
      SeriesRow(time: Timestamp(seconds: 1_760_000_000), value: 12.345), SeriesRow(time: Timestamp(seconds: 1_759_999_000), value: -0.05),
      SeriesRow(time: Timestamp(seconds: 1_760_000_300), value: 0),
      SeriesRow(time: Timestamp(seconds: 1_760_000_300), value: 1_234_567.891),
      SeriesRow(time: Timestamp(milliseconds: -86_400_001), value: 3),
    ]
    try SeriesFile.write(rows, path: "\(home.path)/\(name)", offset: offset)
    #expect(try SeriesFile.read(path: "\(home.path)/\(name)") == rows)
    let isGzip = try Data(contentsOf: URL(fileURLWithPath: "\(home.path)/\(name)")).starts(with: [0x1f, 0x8b])
    #expect(isGzip == name.hasSuffix(".gz"))
  }

  /// More bytes than one call of zlib takes.
  @Test func manyRowsComeBack() throws {
    let home = try TemporaryDirectory()
    let rows = (0..<60_000).map {
      SeriesRow(time: Timestamp(seconds: 1_700_000_000 + Int64($0) * 300), value: Double($0 * 7919 % 50_000) / 1000)
    }
    for name in ["many.csv", "many.csv.gz"] {
      try SeriesFile.write(rows, path: "\(home.path)/\(name)")
      #expect(try SeriesFile.read(path: "\(home.path)/\(name)") == rows)
    }
  }

  @Test(arguments: [
    "2026-01-01T00:00:00+09:00;1", "2026-13-01T00:00:00+09:00,1", "2026-01-01T00:00:00+09:00,", "2026-01-01T00:00:00+09:00,1x", "1,2",
    "2026-01-01T00:00:00+09:00,nan", "2026-01-01T00:00:00+09:00,inf", "2026-01-01T00:00:00+09:00,1e999", "2026-01-01T00:00:00+09:00,0x1p3",
    "2026-01-01T00:00:00+09:00, 1", "2026-01-01T00:00:00+09:00,-", "2026-01-01T00:00:00+09:00,1.2.3", "2026-01-01T00:00:00+09:00,1,2",
    "timestamp,value",
  ])
  func aBrokenRowNamesFileAndLine(row: String) throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try "timestamp,value\n2026-01-01T00:00:00+09:00,1\n\(row)\n".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: SeriesError.self) { try SeriesFile.read(path: path) }
    #expect(error?.kind == .badRow && error?.line == 3 && error?.description.hasPrefix("\(path):3: ") == true)
  }

  @Test func aDamagedFirstRowIsNotTakenForAHeader() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try "x2026-01-01T00:00:00+09:00,1\n2026-01-01T00:05:00+09:00,2\n".write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: SeriesError.self) { try SeriesFile.read(path: path) }
    #expect(error?.line == 1)
  }

  /// Cut at a row's end and elsewhere: a shorter series would be a quiet lie.
  @Test(arguments: [1, 5, 9, 200]) func aGzipFileThatWasCutOffIsRefused(missing: Int) throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv.gz"
    let rows = (0..<500).map { SeriesRow(time: Timestamp(seconds: 1_700_000_000 + Int64($0) * 300), value: Double($0 * 7919 % 500)) }
    try SeriesFile.write(rows, path: path)
    try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(missing).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: SeriesError.self) { try SeriesFile.read(path: path) }
    #expect(error?.kind == .unreadable && error?.reason.contains("cut off") == true)
  }

  @Test func withoutHeaderWithCarriageReturnsAndWithoutFinalNewline() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try "2026-01-01 00:00:00,1\r\n2026-01-01 00:05,2.5e1".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try SeriesFile.read(path: path).map(\.value) == [1, 25])
  }

  @Test func aHeaderMayFollowAByteOrderMark() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try "\u{feff}timestamp,value\r\n2026-01-01 00:00:00,1\r\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try SeriesFile.read(path: path).count == 1)
  }

  @Test func missingUnreadableAndUnwritable() throws {
    let home = try TemporaryDirectory()
    #expect(throws: SeriesError.self) { try SeriesFile.write([], path: "/nowhere/x.csv.gz") }
    let row = SeriesRow(time: Timestamp(seconds: 0), value: .nan)
    #expect(throws: SeriesError.self) { try SeriesFile.write([row], path: home.path + "/x.csv") }
    let missing = #expect(throws: SeriesError.self) { try SeriesFile.read(path: "/nowhere/x.csv") }
    #expect(missing?.kind == .missing)
    let directory = #expect(throws: SeriesError.self) { try SeriesFile.read(path: home.path) }
    #expect(directory?.kind == .unreadable)
  }

  @Test(arguments: [
    (0.0, "0"), (1.5, "1.5"), (-2.25, "-2.25"), (0.001, "0.001"), (12.3456, "12.346"), (100.0, "100"), (0.05, "0.05"), (-0.0001, "0"),
    (1e20, "1e+20"),
  ])
  func decimals(value: Double, text: String) { #expect(SeriesFile.decimal(value) == text) }
}
