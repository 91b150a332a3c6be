import Backtest
import Detection
import Foundation
import Readings
import Series
import Testing

/// Files and sets through the engine, and the form of the alerts.
@Suite struct BacktestTests {
  /// A directory that is removed at the end.
  final class Directory {
    let path = NSTemporaryDirectory() + "mizumori-backtest-\(UUID().uuidString)"
    init() throws { try FileManager.default.createDirectory(atPath: path + "/series", withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  static let start = Timestamp(milliseconds: 1_780_239_600_000)  // 2026-06-01T00:00+09:00

  /// Fifty days at 30 min with a weekly shape, small deterministic noise and a burst of half the mean from day 30 to 34.
  static func rows(seed: Int, gap: Bool = false) -> [SeriesRow] {
    var noise = UInt64(seed)
    return (0..<(50 * 48)).compactMap { i in
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let wave = abs(Double((i + 24) % 48) - 24) / 24
      let jitter = Double(noise >> 40) / Double(1 << 24) - 0.5
      let burst = i >= 30 * 48 && i < 34 * 48 ? 6.0 : 0
      if gap && (1000..<1030).contains(i) { return nil }
      let value = (6 + 10 * (1 - wave)) * (1 + 0.06 * jitter) + burst
      return SeriesRow(time: start.adding(seconds: Int64(i) * 1800), value: (value * 100).rounded() / 100)
    }
  }

  static func makeSet(_ directory: String, series: Int) throws {
    var list: [SetSeries] = []
    for k in 0..<series {
      let name = "S0\(k)"
      try SeriesFile.write(rows(seed: k + 1, gap: k == 1), path: "\(directory)/series/\(name).csv.gz", offset: 32_400)
      list.append(
        SetSeries(
          series: name, intervalMinutes: 30, tier: "test", network: "town \(k / 2)", facility: nil, readings: 2400, meanFlow: 12,
          start: "2026-06-01T00:00:00+09:00", end: "2026-07-20T23:30:00+09:00", calendar: nil))
    }
    let data = try JSONEncoder().encode(SetManifest(set: "test", rows: "arrival", series: list))
    try data.write(to: URL(fileURLWithPath: directory + "/manifest.json"))
  }

  @Test func setIsJudgedAndWorkersDoNotMatter() throws {
    let directory = try Directory()
    try Self.makeSet(directory.path, series: 5)
    var lines: [String] = []
    for workers in [1, 2, 7] {
      var run = BacktestRun(workers: workers)
      try run.add(set: directory.path)
      let result = try run.run()
      #expect(result.series == 5 && result.readings == 5 * 2400 - 30)
      lines.append(result.alertLines)
    }
    #expect(lines[0] == lines[1] && lines[0] == lines[2])
    for k in 0..<5 {
      #expect(lines[0].contains(#"{"sensor":"S0\#(k)","state":"open","time":"2026-07-01T"#), "the burst of S0\(k) on day 30")
    }
    #expect(lines[0].contains(#""sensor":"S01","state":"open","time":"2026-06-2"#) && lines[0].contains(#""kind":"gap""#))
  }

  @Test func alertsHaveTheStatedForm() throws {
    let directory = try Directory()
    try Self.makeSet(directory.path, series: 2)
    var run = BacktestRun()
    try run.add(set: directory.path)
    for line in try run.run().alertLines.split(separator: "\n") {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Set(object.keys) == ["sensor", "state", "time", "kind", "severity", "estimated_leak_m3h", "onset"])
      #expect(["open", "escalate", "update", "close"].contains(object["state"] as? String))
      #expect((object["time"] as? String)?.hasSuffix("+09:00") == true && (object["onset"] as? String)?.hasSuffix("+09:00") == true)
      let isLeak = ["burst", "incipient"].contains(object["kind"] as? String)
      #expect((object["estimated_leak_m3h"] is Double) == isLeak)
    }
  }

  @Test func filesAreNamedAfterThemselves() throws {
    let directory = try Directory()
    let path = directory.path + "/kita.csv.gz"
    try SeriesFile.write(Self.rows(seed: 3), path: path, offset: 32_400)
    var run = BacktestRun()
    run.add(file: path)
    let result = try run.run()
    #expect(!result.transitions.isEmpty && result.transitions.allSatisfy { $0.series == "kita" })
  }

  @Test func lateRowsOfOneFileDoNotHoldUpTheOthers() throws {
    let directory = try Directory()
    let path = directory.path + "/late.csv"
    var rows = Self.rows(seed: 4)
    // Swapped neighbours: arrival order is not time order.
    for i in stride(from: 100, to: 2000, by: 50) { rows.swapAt(i, i + 1) }
    try SeriesFile.write(rows, path: path, offset: 32_400)
    var run = BacktestRun()
    run.add(file: path)
    #expect(try run.run().transitions.filter { $0.transition.kind.isLeak && $0.transition.change == .opened }.count == 1)
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let directory = try Directory()
    var run = BacktestRun()
    #expect(throws: BacktestError.self) { try run.add(set: directory.path) }
    run.add(file: directory.path + "/none.csv")
    let error = #expect(throws: BacktestError.self) { try run.run() }
    #expect(error?.path.hasSuffix("/none.csv") == true)
    let bad = directory.path + "/bad.csv"
    try "timestamp,value\n2026-06-01T00:00:00+09:00,1\nnonsense\n".write(toFile: bad, atomically: true, encoding: .utf8)
    var second = BacktestRun()
    second.add(file: bad)
    #expect(throws: BacktestError.self) { try second.run() }
  }

  @Test func namesAreEscaped() {
    let t = Transition(
      slot: 0, kind: .burst, change: .opened, severity: .major, evidence: [], time: Self.start, onset: Self.start, firstOnset: Self.start,
      expected: 1, observed: 2, excess: 1.23456, volume: 0, confidence: 1, isGrowing: false)
    #expect(
      AlertLine.text(t, sensor: "a\"\\\n", offset: 32_400)
        == #"{"sensor":"a\"\\\u000a","state":"open","time":"2026-06-01T00:00:00+09:00","kind":"burst","severity":"major","estimated_leak_m3h":1.235,"onset":"2026-06-01T00:00:00+09:00"}"#
    )
  }
}
