import Foundation
import Readings
import TestSupport
import Testing

@testable import Series

struct ExportFileTests {
  private static let latest = Timestamp(iso8601: "2026-11-23T12:00:00+09:00")!

  private func parse(_ bytes: [UInt8]) throws -> ExportFile {
    try ExportFile.parse(bytes, path: "t.csv", ExportFile.Options(latest: ExportFileTests.latest))
  }

  private func parse(_ text: String) throws -> ExportFile { try parse(Array(text.utf8)) }

  private static let plain = "日時,流量(m3/h)\r\n2026/11/01 0:00,12.5\r\n2026/11/01 1:00,13\r\n2026/11/01 2:00,欠測\r\n"

  private static func encoded(_ text: String, _ e: String.Encoding, mark: [UInt8] = []) throws -> [UInt8] {
    mark + Array(try #require(text.data(using: e)))
  }

  @Test func encodings() throws {
    let text = ExportFileTests.plain
    let all: [(TextEncoding, [UInt8])] = [
      (.utf8, Array(text.utf8)), (.utf8, [0xEF, 0xBB, 0xBF] + Array(text.utf8)),
      (.utf16, try ExportFileTests.encoded(text, .utf16LittleEndian, mark: [0xFF, 0xFE])),
      (.utf16, try ExportFileTests.encoded(text, .utf16BigEndian, mark: [0xFE, 0xFF])),
      (.cp932, ExportFileTests.cp932),
    ]
    for (encoding, bytes) in all {
      let f = try parse(bytes)
      #expect(f.encoding == encoding)
      #expect(f.timeColumns == ["日時"] && f.headerLines == 1...1 && f.rows == 3)
      #expect(f.columns.map(\.name) == ["流量(m3/h)"] && f.columns[0].unit == .known("m3/h"))
      #expect(f.columns[0].rows.map(\.value) == [12.5, 13] && f.columns[0].missing == 1 && f.interval == 3_600_000)
    }
  }

  /// `plain` as Windows writes it: bytes written out, so that the test does not trust the converter that it tests.
  private static let cp932: [UInt8] =
    [0x93, 0xFA, 0x8E, 0x9E, 44, 0x97, 0xAC, 0x97, 0xCA]
    + Array("(m3/h)\r\n2026/11/01 0:00,12.5\r\n2026/11/01 1:00,13\r\n2026/11/01 2:00,".utf8)
    + [0x8C, 0x87, 0x91, 0xAA, 13, 10]

  @Test func neitherEncodingNamesTheLine() throws {
    let error = #expect(throws: SeriesError.self) { try parse(Array("日時,値\n2026/11/01 0:00,1\n".utf8) + [0x81, 0xFF, 10]) }
    #expect(error?.kind == .unreadable && error?.line ?? 0 > 0)
  }

  @Test func workbookAndNonsenseAreRefused() {
    #expect(throws: SeriesError.self) { try parse([0x50, 0x4B, 3, 4, 0, 0]) }
    #expect(throws: SeriesError.self) { try parse("") }
    #expect(throws: SeriesError.self) { try parse("これは,表では\nありま,せん\n") }
    #expect(throws: SeriesError.self) { try parse("日時,流量\n") }
  }

  @Test(arguments: [(",", 44), (";", 59), ("\t", 9)] as [(String, UInt8)])
  func separators(text: String, byte: UInt8) throws {
    let f = try parse(
      ["日時|流量", "2026/11/01 0:00|\"1,234.5\"", "2026/11/01 1:00|\"1,235\""].joined(separator: "\n").replacing("|", with: text))
    #expect(f.separator == byte)
    #expect(f.columns.first?.rows.map(\.value) == [1234.5, 1235])
  }

  @Test func wideWithTitleTwoHeaderLinesRemarksAndSums() throws {
    let f = try parse(
      """
      ○○町 配水流量 日報,,,,
      期間,2026/11/01,～,2026/11/02,

      ,北部配水池,,"南部
      配水池",備考
      日時,流量(m3/h),水圧(MPa),流量(L/min),
      2026/11/01 0:00,12.5,0.41,"1,200",晴
      2026/11/01 1:00,-,0.42,***,
      日時,流量(m3/h),水圧(MPa),流量(L/min),
      2026/11/01 2:00,13,0.40,,点検
      合計,25.5,,1200,
      """)
    let names = ["北部配水池 流量(m3/h)", "北部配水池 水圧(MPa)", "南部 配水池 流量(L/min)", "備考"]
    #expect(f.columns.map(\.name) == names)
    #expect(f.columns.map(\.isNumeric) == [true, true, true, false])
    #expect(f.columns[0].rows.map(\.value) == [12.5, 13] && f.columns[0].missing == 1)
    #expect(f.columns[1].unit == .known("MPa") && f.columns[2].unit == .known("L/min") && f.columns[2].rows.map(\.value) == [1200])
    #expect(f.rows == 3 && f.passedOver == 2 && f.problems.isEmpty)
    #expect(f.headerLines == 4...6)
  }

  @Test func dateAndTimeApartWithDatesLeftOut() throws {
    let f = try parse("日付,時刻,流量\n令和8年11月1日,23:00,1\n,24:00,2\n令和8年11月2日,1:00,3\n")
    #expect(f.timeColumns == ["日付", "時刻"])
    let times = f.columns[0].rows.map { $0.time.iso8601(offset: 32_400) }
    #expect(times == ["2026-11-01T23:00:00+09:00", "2026-11-02T00:00:00+09:00", "2026-11-02T01:00:00+09:00"])
  }

  @Test func noHeader() throws {
    let f = try parse("2026-11-01T00:00:00+09:00,1\n2026-11-01T00:01:00+09:00,2\n")
    #expect(f.headerLines == nil && f.columns.map(\.name) == ["#2"] && f.columns[0].rows.count == 2)
  }

  @Test func mistakesHaveLineNumbers() throws {
    let f = try parse(
      "日時,流量,圧力\n2026/11/01 0:00,1,5\n2026/13/01 0:00,2,5\n2026/11/01 2:00,abc,5\n2027/11/01 0:00,3,5\nへんな行\n2026/11/01 1:00,4,5\n2026/11/01 1:00,4,5\n"
    )
    let found = f.problems.map { "\($0.line) \($0.column) \($0.reason) \($0.text)" }
    #expect(
      found == ["3 0 noTime 2026/13/01 0:00", "4 2 noNumber abc", "5 0 future 2027-11-01T00:00:00+09:00", "6 0 noTime へんな行"])
    #expect(f.problemCount == 4 && f.rows == 4 && f.outOfOrder == 1 && f.repeated == 1)
  }

  @Test func aLostQuotationMarkCostsOneRow() throws {
    var text = "日時,流量\n2026/11/01 0:00,\"1\n"
    for h in 1..<20 { text += "2026/11/01 \(h):00,\(h)\n" }
    let f = try parse(text)
    #expect(f.columns[0].rows.count == 19 && f.problems.map(\.line) == [2])
    #expect(f.headerLines == 1...1)
  }

  @Test func aBrokenFirstRowIsNoHeader() throws {
    let f = try parse("日時,流量\n2026/13/01 0:00,1\n2026/11/01 1:00,2\n")
    #expect(f.headerLines == 1...1 && f.columns.map(\.name) == ["流量"] && f.problems.map(\.line) == [2])
  }

  @Test func readingsAreSortedUniqueConvertedAndNotNegative() throws {
    let f = try parse("日時,流量(L/s)\n2026/11/01 2:00,3\n2026/11/01 1:00,2\n2026/11/01 1:00,9\n2026/11/01 0:00,-1\n")
    var name = "L/s"
    let unit = try #require(name.withUTF8 { Unit.conversion($0, for: .flow) })
    var r = ExportReadings()
    r.add(f.columns[0], unit: unit, allowsNegative: false)
    r.sort()
    #expect(r.rows.map(\.value) == [7.2, 10.8] && r.duplicates == 1 && r.conflicts == 1 && r.negative == 1)
  }

  @Test func registersBecomeFlow() {
    let start = Timestamp(seconds: 1_800_000_000)
    var r = ExportReadings()
    r.rows = [(0, 100.0), (1, 106), (2, 112), (3, 2), (4, 5), (9, 35)].map {
      SeriesRow(time: start.adding(seconds: $0.0 * 1800), value: $0.1)
    }
    r.differentiate(interval: 1_800_000)
    #expect(r.rows.map(\.value) == [12, 12, 6] && r.resets == 1 && r.gaps == 1)
    #expect(r.rows.first?.time == start.adding(seconds: 1800))
  }

  @Test func gzipAndFiles() throws {
    let home = try TemporaryDirectory()
    try SeriesBytes.write(Array(ExportFileTests.plain.utf8), to: home.path + "/a.csv.gz")
    let f = try ExportFile.read(path: home.path + "/a.csv.gz", ExportFile.Options(latest: ExportFileTests.latest))
    #expect(f.rows == 3)
    let error = #expect(throws: SeriesError.self) {
      try ExportFile.read(path: home.path + "/none.csv", ExportFile.Options(latest: ExportFileTests.latest))
    }
    #expect(error?.kind == .missing)
  }
}
