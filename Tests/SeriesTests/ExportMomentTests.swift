import Readings
import Testing

@testable import Series

struct ExportMomentTests {
  private func moment(_ text: String) -> ExportMoment? {
    PlainText.normalise(Array(text.utf8)).withUnsafeBufferPointer { ExportMoment($0) }
  }

  private func text(_ cell: String) -> String? {
    guard let m = moment(cell), let day = m.day else { return nil }
    return ExportMoment.timestamp(day: day, time: m.time ?? 0, offset: m.offset, local: 32_400).iso8601(offset: 32_400)
  }

  @Test(arguments: [
    ("2026-11-23T09:05:00+09:00", "2026-11-23T09:05:00+09:00"), ("2026-11-23T00:05:00Z", "2026-11-23T09:05:00+09:00"),
    ("2026-11-23 09:05:00", "2026-11-23T09:05:00+09:00"), ("2026/11/23 9:05", "2026-11-23T09:05:00+09:00"),
    ("2026/1/3 9:05:07.25", "2026-01-03T09:05:07.250+09:00"), ("２０２６／１１／２３　９：０５", "2026-11-23T09:05:00+09:00"),
    ("2026年11月23日 9時05分", "2026-11-23T09:05:00+09:00"), ("2026年 1月 3日(土) 9時5分7秒", "2026-01-03T09:05:07+09:00"),
    ("2026年11月23日 9時", "2026-11-23T09:00:00+09:00"), ("令和8年11月23日 9:05", "2026-11-23T09:05:00+09:00"),
    ("令和元年5月1日", "2019-05-01T00:00:00+09:00"), ("平成31年4月30日 23:59", "2019-04-30T23:59:00+09:00"),
    ("R8.11.23", "2026-11-23T00:00:00+09:00"), ("R08/11/23 09:05", "2026-11-23T09:05:00+09:00"), ("H31.4.30", "2019-04-30T00:00:00+09:00"),
    ("26/11/23 9:05", "2026-11-23T09:05:00+09:00"), ("202611230905", "2026-11-23T09:05:00+09:00"),
    ("20261123090507", "2026-11-23T09:05:07+09:00"), ("20261123 0905", "2026-11-23T09:05:00+09:00"),
    ("2026/11/23 24:00", "2026-11-24T00:00:00+09:00"), ("2026/12/31 24:00:00", "2027-01-01T00:00:00+09:00"),
    ("2026/11/23 午前9:05", "2026-11-23T09:05:00+09:00"), ("2026/11/23 午後9時05分", "2026-11-23T21:05:00+09:00"),
    ("2026/11/23 9:05 PM", "2026-11-23T21:05:00+09:00"), ("2026/11/23 12:30 AM", "2026-11-23T00:30:00+09:00"),
    ("2026/11/23 12:30:00 PM", "2026-11-23T12:30:00+09:00"), ("2024/2/29 0:00", "2024-02-29T00:00:00+09:00"),
  ])
  func read(cell: String, expected: String) { #expect(text(cell) == expected) }

  @Test(arguments: [
    "", "12.5", "5", "合計", "2026/13/01", "2026/2/29 1:00", "2026/11/23 25:00", "2026/11/23 24:01", "2026/11/23 9:60", "11/23/2026 9:05",
    "05/06/07", "2026/11-23", "2026年11月", "2026/11/23 9:05 x", "2026/11/23 13:00 PM", "1234567890123456", "R8", "2026-11-23 09:05:00+25:00",
  ])
  func refused(cell: String) { #expect(text(cell) == nil) }

  @Test(arguments: [("9:05", 32_700_000), ("24:00", 86_400_000), ("午後0時30分", 45_000_000), ("23時", 82_800_000)])
  func timeAlone(cell: String, ms: Int) {
    let m = moment(cell)
    #expect(m?.day == nil && m?.time == ms)
  }
}

struct ExportValueTests {
  private func read(_ text: String) -> ExportValue {
    PlainText.normalise(Array(text.utf8)).withUnsafeBufferPointer { ExportValue.read($0) }
  }

  @Test(arguments: [
    ("12.5", 12.5), ("１２．５", 12.5), ("1,234.5", 1234.5), ("-3", -3), ("－３", -3), ("▲3.5", -3.5), ("△1,000", -1000), ("+7", 7),
    ("1.2E+03", 1200),
    (".5", 0.5), ("12,345,678", 12_345_678),
  ])
  func numbers(text: String, value: Double) { #expect(read(text) == .number(value)) }

  @Test(arguments: ["", "-", "---", "***", "－", "ー", "欠測", "欠", "NaN", "null", "#N/A", "#DIV/0!", "///", "×", "--.-"])
  func missing(text: String) { #expect(read(text) == .missing) }

  @Test(arguments: ["12,5", "1,23,456", "12.3*", "12 m3", "--3", "+-3", "0x10", "あ", "1.2.3"])
  func words(text: String) { #expect(read(text) == .text) }

  @Test(arguments: [
    ("流量(m3/h)", ExportUnit.known("m3/h")), ("配水流量［㎥／時］", .known("m3/h")), ("瞬時流量（L/min）", .known("L/min")), ("流量 (ℓ/s)", .known("L/s")),
    ("配水量(m³/日)", .known("m3/d")), ("流量 m3/h", .known("m3/h")), ("立米/h", .known("m3/h")), ("圧力(MPa)", .known("MPa")),
    ("水位(m)", .known("m")),
    ("配水量(m3)", .known("m3")), ("流量", .none), ("流量(瞬時)", .none), ("No1", .none), ("流量(gal/min)", .unknown("gal/min")),
    ("開度(%)", .unknown("%")),
  ])
  func units(header: String, unit: ExportUnit) { #expect(ExportUnit(header: PlainText.normalise(header)) == unit) }
}
