import Foundation
import Readings
import Store
import TestSupport
import Testing

/// `mizumori import` as a user runs it: a preview writes nothing, `--write` does, and each mistake has its exit code and words.
@Suite(.serialized)
struct ImportTests {
  private let home: TemporaryDirectory
  private var data: String { home.path + "/data" }
  private var file: String { home.path + "/export.csv" }

  init() throws {
    home = try TemporaryDirectory()
    // 20 days of an hourly meter as a SCADA system on Windows writes them: CP932, title, 和暦, full-width unit.
    var text = "配水流量 日報\r\n日時,北部配水池流量(ｍ3/ｈ),南部配水池流量(L/s)\r\n"
    for day in 1...20 {
      for hour in 1...24 { text += "R8.9.\(day) \(hour):00,\(10 + (hour * 7 + day) % 5),\"1,\(100 + hour * 3 % 7)\"\r\n" }
    }
    let bytes = try #require(text.data(using: .shiftJIS))
    try #require(FileManager.default.createFile(atPath: file, contents: bytes))
  }

  private func run(_ arguments: [String]) throws -> (code: Int32, out: String, error: String) {
    let c = try RunningCommand(
      "mizumori", ["import"] + arguments + ["--set", "data.directory=\(data)"], environment: ["PATH": "/usr/bin:/bin"])
    return (try c.finish(), c.out, c.error)
  }

  private var maps: [String] { ["--map", "北部=t/z/north/flow", "--map", "南部配水池流量=t/z/south/flow"] }

  @Test func previewWritesNothing() throws {
    let listed = try run([file])
    #expect(listed.code == 0 && listed.out.contains("CP932") && listed.out.contains("北部配水池流量(m3/h)") && listed.out.contains("--map"))
    let r = try run([file] + maps)
    #expect(r.code == 0 && r.out.contains("L/s → m3/h") && r.out.contains("480") && r.out.contains("--write"), "\(r)")
    #expect(r.out.contains("2026-09-01T01:00:00+09:00 〜 2026-09-21T00:00:00+09:00"))
    #expect(!FileManager.default.fileExists(atPath: data))
  }

  @Test func writeOnceAndAgain() throws {
    let r = try run([file, "--write"] + maps)
    #expect(r.code == 0 && r.out.contains("written: 960") && r.out.contains("14/14"), "\(r)")
    let again = try run([file, "--write"] + maps)
    #expect(again.code == 0 && again.out.contains("written: 0") && again.out.contains("stored already: 960"), "\(again)")
    let reader = try StoreReader(directory: data)
    #expect(try reader.figures().readings == 960)
    #expect(try reader.sensors().map(\.id.description).sorted() == ["t/z/north/flow", "t/z/south/flow"])
    #expect(try reader.outbox(after: 0, limit: 10).isEmpty)
    let south = try #require(try reader.sensors().first { $0.id.sensor == "south" })
    let first = try #require(try reader.extent(south.slot)).first
    #expect(first.iso8601(offset: 32_400) == "2026-09-01T01:00:00+09:00")
    #expect(try reader.history(south.slot, from: first, to: first.adding(seconds: 1)).first?.value == 1103 * 3.6)
  }

  @Test func exitCodes() throws {
    #expect(try run([home.path + "/none.csv"]).code == 66)
    #expect(try run([]).code == 64)
    #expect(try run([file, "--sensor", "north"]).code == 64)
    let two = try run([file, "--sensor", "t/z/north/flow"])
    #expect(two.code == 64 && two.error.contains("--map"))
    let column = try run([file, "--map", "西部=t/z/west/flow"])
    #expect(column.code == 64 && column.error.contains("北部配水池流量"))
    #expect(try run([file, "--write"]).code == 64)
    let unit = try run([file, "--unit", "gal/min"] + maps)
    #expect(unit.code == 64 && unit.error.contains("gal/min"))
    #expect(try run([file, "--set", "nonsense=1"]).code == 78)
    try Data("no table".utf8).write(to: URL(fileURLWithPath: home.path + "/text.csv"))
    #expect(try run([home.path + "/text.csv"]).code == 66)
    #expect(!FileManager.default.fileExists(atPath: data))
    let running = try Store(directory: data)
    let locked = try run([file, "--write"] + maps)
    #expect(locked.code == 69 && locked.error.contains("\(ProcessInfo.processInfo.processIdentifier)"), "\(locked)")
    _ = running.position
  }
}
