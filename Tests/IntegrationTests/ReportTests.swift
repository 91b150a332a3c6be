import Foundation
import Readings
import Store
import TestSupport
import Testing

/// `mizumori report` and `mizumori billed` as a user calls them, over a directory that the importer filled.
@Suite(.serialized)
struct ReportTests {
  private let home: TemporaryDirectory
  private var options: [String] { ["--set", "data.directory=\(home.path)/data"] }

  init() throws {
    home = try TemporaryDirectory()
    // 61 days of two hourly meters, September and October 2026: 10 m³/h by day, 4 at night; and the one behind it half of that.
    var text = "日時,配水池流出(m3/h),分岐(m3/h)\r\n"
    for day in 0..<61 {
      let date = CivilDate(daysSinceEpoch: CivilDate(year: 2026, month: 9, day: 1).daysSinceEpoch + day)
      for hour in 0..<24 {
        let flow = (1..<5).contains(hour) ? 4.0 : 10
        text += "\(date.year)/\(date.month)/\(date.day) \(hour):00,\(flow),\(flow / 2)\r\n"
      }
    }
    let file = "\(home.path)/export.csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let maps = ["--map", "配水池流出=ina/nishi/m01/flow", "--map", "分岐=ina/nishi/m02/flow"]
    let c = try RunningCommand("mizumori", ["import", file, "--write"] + maps + ["--set", "data.directory=\(home.path)/data"])
    try #require(try c.finish() == 0, "\(c.output)")
  }

  private let sensors = "sensors={ina/nishi/m02/flow: {parent: ina/nishi/m01/flow, name: 髙橋分岐}}"

  private func run(_ arguments: [String]) throws -> (code: Int32, out: String, error: String) {
    let c = try RunningCommand("mizumori", arguments + options + ["--set", sensors])
    return (try c.finish(), c.out, c.error)
  }

  @Test func aMonthFromTheFirstReadingToTheFile() throws {
    let json = try run(["report", "--month", "2026-10", "--format", "json"])
    #expect(json.code == 0, "\(json)")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
    let total = try #require(report["total"] as? [String: Any])
    // 20 h of 10 and 4 h of 4 m³/h, 31 days, of the upper meter alone.
    #expect(total["supplied"] as? Double == 216 * 31 && total["share"] as? Double == 1 && total["night"] as? Double == 4)
    let comparisons = try #require(report["comparisons"] as? [[String: Any]])
    #expect((comparisons.first?["figures"] as? [String: Any])?["supplied"] as? Double == 6480)
    let meters = try #require(report["meters"] as? [[String: Any]])
    #expect(meters.map { $0["nightReference"] as? Double } == [4, 2] && meters.map { $0["isCounted"] as? Bool } == [true, false])

    #expect(try run(["billed", "set", "2026-10", "5691.6", "--by", "佐藤"]).code == 0)
    let csv = "\(home.path)/月報.csv"
    #expect(try run(["report", "--month", "2026-10", "--format", "csv", "--encoding", "cp932", "--out", csv]).code == 0)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: csv))
    let text = try #require(String(data: bytes, encoding: .shiftJIS) ?? String(data: bytes, encoding: .windowsCP1252))
    #expect(text.contains("配水量,m3,6696") && text.contains("有収率（推定）,%,85.0") && text.contains("無収水量（推定）,m3,1004"))
    // 髙 is of CP932 and not of plain Shift_JIS.
    #expect(bytes.range(of: Data([0xFB, 0xFC, 0x8B, 0xB4])) != nil)
    let english = "\(home.path)/year.csv"
    #expect(try run(["report", "--year", "2026", "--format", "csv", "--language", "en", "--out", english]).code == 0)
    let utf8 = try Data(contentsOf: URL(fileURLWithPath: english))
    let year = String(decoding: utf8, as: UTF8.self)
    #expect(utf8.starts(with: [0xEF, 0xBB, 0xBF]))
    #expect(year.contains("Annual leakage report fiscal year 2026") && year.contains("\r\n2026-10,6696,"))

    let html = "\(home.path)/日報.html"
    #expect(try run(["report", "--day", "2026-10-31", "--out", html]).code == 0)
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("令和8年（2026年）10月31日（土）") && page.contains("@page"))
    #expect(page.contains("<path class=\"l\"") && page.contains("髙橋分岐"))
  }

  @Test func billedVolumesAreListedAndTakenAway() throws {
    #expect(try run(["billed"]).out.contains("まだ入力されていません"))
    #expect(try run(["billed", "set", "2026-10", "5000"]).code == 0)
    #expect(try run(["billed", "set", "2026-09", "4900", "--municipality", "ina"]).code == 0)
    #expect(try run(["billed", "list"]).out == "ina\t2026-09\t4900.0 m³\nina\t2026-10\t5000.0 m³\n")
    #expect(try run(["billed", "--json"]).out.contains(#"{"m3":4900,"month":"2026-09","municipality":"ina"}"#))
    #expect(try run(["billed", "remove", "2026-09"]).code == 0)
    #expect(try run(["billed"]).out == "ina\t2026-10\t5000.0 m³\n")
  }

  @Test func exitCodes() throws {
    #expect(try run(["report"]).code == 64)
    #expect(try run(["report", "--day", "2026-02-30"]).code == 64)
    #expect(try run(["report", "--day", "2026-10-01", "--month", "2026-10"]).code == 64)
    #expect(try run(["report", "--month", "2026-10", "--format", "pdf"]).code == 64)
    #expect(try run(["report", "--month", "2026-10", "--municipality", "komagane"]).code == 66)
    #expect(try run(["report", "--month", "2026-10", "--out", "\(home.path)/none/x"]).code == 74)
    #expect(try run(["report", "--month", "2026-10", "--set", "reports.former_burst_day=3"]).code == 78)
    #expect(try run(["billed", "set", "2026-13", "1"]).code == 64)
    #expect(try run(["billed", "set", "2026-10", "many"]).code == 64)
    #expect(try run(["billed", "set", "2026-10", "1", "--municipality", "komagane"]).code == 66)
    let empty = try RunningCommand("mizumori", ["report", "--month", "2026-10", "--set", "data.directory=\(home.path)/nothing"])
    #expect(try empty.finish() == 66 && empty.error.contains("no data yet"))
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/nothing"))
  }

  /// Beside a process that holds the directory the report reads what that has folded, and changes nothing.
  @Test func besideTheService() throws {
    #expect(try run(["report", "--month", "2026-10", "--format", "json"]).code == 0)
    let running = try Store(directory: "\(home.path)/data")
    let beside = try run(["report", "--month", "2026-10", "--format", "json"])
    #expect(beside.code == 0 && beside.out.contains("\"supplied\":6696"), "\(beside)")
    _ = running.position
  }
}
