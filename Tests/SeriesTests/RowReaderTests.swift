import Readings
import Testing

@testable import Series

/// Rows that follow others are read by `RowReader` where they are canonical: nothing may depend on that.
@Suite struct RowReaderTests {
  private static let dates = ["2026-01-31", "2026-02-01", "1969-12-31", "2024-02-29"]
  private static let times = ["00:00:00", "23:59:59", "12:05:09.250", "24:00:00", "23:59:60", "07:30"]
  private static let zones = ["+09:00", "-03:30", "+0900", "Z", "z", "", "+09"]
  private static let values = ["0", "-0", "12.5", "-3.125", "5.", ".5", "2.5e1", "123456789012345.678", "0.000000000000001"]

  /// All combinations, so that every kind of row follows every other kind somewhere.
  private static var rows: [String] {
    var out: [String] = []
    for (i, v) in values.enumerated() {
      for z in zones { for d in dates { for t in times { for mark in ["T", " "] { out.append("\(d)\(mark)\(t)\(z),\(v)") } } } }
      if i % 2 == 1 { out.reverse() }
    }
    return out
  }

  @Test(arguments: ["\n", "\r\n"]) func aFileReadsLikeItsRowsAlone(ending: String) throws {
    let rows = RowReaderTests.rows
    // A row twice: the second one is that which is read fast.
    let twice = rows.flatMap { [$0, $0] }
    let whole = try SeriesFile.parse(Array(("timestamp,value\n" + twice.joined(separator: ending) + ending).utf8), file: "t.csv")
    let alone = try rows.map { try #require(try SeriesFile.parse(Array($0.utf8), file: "t.csv").first) }
    #expect(whole.count == 2 * alone.count)
    for (i, r) in whole.enumerated() {
      #expect(r.time == alone[i / 2].time, "\(twice[i])")
      #expect(r.value.bitPattern == alone[i / 2].value.bitPattern, "\(twice[i])")
    }
  }

  @Test(arguments: [
    "2026-01-31T24:00:01+09:00,1", "2026-01-31T00:60:00+09:00,1", "2026-01-31T00:00:0x+09:00,1", "2026-01-31T00:00:00+09:00,",
    "2026-01-31T00:00:00+09:00,-", "2026-01-31T00:00:00+09:00,.", "2026-01-31T00:00:00+09:00,1 ", "2026-01-31T00:00:00+09:00,1,2",
    "2026-01-31T0::00:00+09:00,1", "2026-01-31T00:00:0/+09:00,1", "2026-01-31T00000:00+09:00,1", "2026-01-31T00:00:00+09:00,--1",
    "2026-01-31T25:00:00+09:00,1", "2026-01-31T00:00:60+09:00x,1",
    "2026-01-31T00:00:00+09:00,nan", "2026-01-31T00:00:00+09:00,1.2.3", "2026-01-31T00:00:00+09:00;1",
  ]) func aBrokenRowAfterGoodOnesIsFound(row: String) throws {
    let good = "2026-01-31T00:00:00+09:00,1\n"
    let error = #expect(throws: SeriesError.self) {
      try SeriesFile.parse(Array((good + good + row + "\n" + good).utf8), file: "t.csv")
    }
    #expect(error?.line == 3)
  }
}
