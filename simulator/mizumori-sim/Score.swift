import ArgumentParser
import Backtest
import Foundation
import Readings
import TownModel

/// `mizumori-sim score`: how well the detector of the service finds what happens in a scenario.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "検知の成績を調べます（見つけた割合、誤報、かかった時間） / runs the detector over a scenario and scores it against the truth.",
    discussion: """
      mizumori backtest と同じ検知器に、シナリオの流量をそのまま判定させます。設定ファイルの値は使いません。
      The detector of `mizumori backtest` judges the flows of the scenario, with the defaults of the settings.
      """)

  @OptionGroup var options: ScenarioOptions

  @Flag(help: "JSON で出力 / as JSON")
  var json = false

  func run() throws {
    let town = try options.town(endingNow: false)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mizumori-sim-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let score = TownScore(town, alerts: try alerts(town, folder: folder))
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(score), as: UTF8.self))
    } else {
      print(text(score), terminator: "")
    }
  }

  private func alerts(_ town: Town, folder: String) throws -> [TownScore.Alert] {
    let result: BacktestResult
    do {
      var writer = try SetWriter(directory: folder)
      try writer.add(town)
      try writer.finish()
      var run = BacktestRun(calendar: town.calendar)
      try run.add(set: folder)
      result = try run.run()
    } catch {
      throw Failure.ioError("\(folder): \(error)")
    }
    return result.transitions.compactMap { series, t in
      guard t.kind.isLeak, t.change == .opened || t.change == .escalated else { return nil }
      return town.scenario.meters.firstIndex { $0.id == series }.map { TownScore.Alert(meter: $0, time: t.time) }
    }
  }

  private func text(_ s: TownScore) -> String {
    var out = "漏水 / leaks: \(s.found)/\(s.events)\(s.detectionRate.map { " (\(rounded($0 * 100)) %)" } ?? "")\n"
    for (kind, found) in s.leaks.sorted(by: { $0.key < $1.key }) {
      let times = found.medianHours.map { "、中央値 / median \(rounded($0)) h、最長 / longest \(rounded(found.hours.last ?? 0)) h" } ?? ""
      out += "  \(kind): \(found.found)/\(found.events)\(times)\n"
    }
    let rate = s.falseAlarmsPerSensorYear.map { "、流量計 1 台 1 年あたり / a meter and year \(rounded($0))" } ?? ""
    out += "誤報 / false alarms: \(s.falseAlarms)\(rate)\n"
    for (cause, count) in s.causes.sorted(by: { $0.key < $1.key }) { out += "  \(cause): \(count)\n" }
    return out
  }

  private func rounded(_ v: Double) -> String { "\((v * 100).rounded() / 100)" }
}
