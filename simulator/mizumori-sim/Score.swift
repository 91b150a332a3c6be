import ArgumentParser
import Foundation
import Readings
import TownModel
import TownTrial

/// `mizumori-sim score`: how well the detector of the service, or the whole service, finds what happens in a scenario.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "検知の成績を調べます（見つけた割合、誤報、かかった時間、故障の知らせ） / plays a scenario and scores the alerts against the truth.",
    discussion: """
      ふつうは mizumori run と同じ検知器にこの中で判定させます。--service では、本物の mizumori run とブローカーを一時フォルダで動かし、シナリオを
      受け取られる速さで流して、通知の記録（events.jsonl）を採点します。
      The detector of `mizumori run` judges the readings within this program. With --service the real broker and the real `mizumori run` run in
      a temporary directory; the scenario is published as fast as it is taken, and what stands in the log of alerts is scored.
      """)

  @OptionGroup var options: ScenarioOptions

  @Flag(help: "本物のサービスで / the real service, over a real broker")
  var service = false

  @Option(help: "--service: mizumori の場所（既定はこのプログラムの隣） / the program; default: beside this one")
  var program: String?

  @Option(help: "--service: 動いているブローカーのポート（既定は mosquitto を起動） / port of a broker that runs; default: starts mosquitto")
  var port: Int?

  @Option(help: "--service: そのブローカー / its host")
  var host = "127.0.0.1"

  @Option(help: "--service: 電文の方言（既定はシナリオの値） / how messages are written")
  var dialect: Dialect?

  @Flag(help: "JSON で出力 / as JSON")
  var json = false

  @Flag(help: "知らせを 1 行ずつ標準エラーへ / lists the alerts on standard error")
  var list = false

  func validate() throws {
    if !service, program != nil || port != nil || dialect != nil {
      throw ValidationError("--program, --port, --dialect は --service と / belong to --service")
    }
    if let port, !(1...65_535).contains(port) { throw ValidationError("--port: 1…65535") }
  }

  func run() throws {
    let scenario = try options.described(endingNow: false).movedToThePast()
    let town = Town(scenario, seed: options.seed)
    let alerts = service ? try served(town) : OfflineTrial(town).run()
    if list { for a in alerts { note(line(a, town)) } }
    let score = TownScore(town, alerts: alerts)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(score), as: UTF8.self))
    } else {
      print(ScoreText(score).text, terminator: "")
    }
  }

  /// Time, kind and place of an alert.
  private func line(_ a: TownScore.Alert, _ town: Town) -> String {
    let s = town.scenario
    let place =
      switch a.place {
      case .meter(let i): s.sensor(i)
      case .gauge(let i): s.sensor(s.meters.count + i)
      case .zone(let id): "\(s.municipality)/\(id)/net/flow"
      }
    return "\(a.time.iso8601(offset: town.calendar.offset)) \(a.kind.code) \(place)"
  }

  private func served(_ town: Town) throws -> [TownScore.Alert] {
    let trial = try ServiceTrial(
      town, dialect: dialect ?? town.scenario.dialect, program: program, broker: port.map { (host, $0) })
    defer { trial.end() }
    let result = try trial.run()
    note(result.words)
    return result.alerts
  }
}

extension Scenario {
  /// Moved by whole weeks of 52, so that weekdays and season stay, until it has ended: a service takes no readings from the future.
  func movedToThePast() -> Scenario {
    var s = self
    let today = LocalCalendar.japan.day(of: Timestamp.now)
    while s.start.daysSinceEpoch + s.days > today { s.start = CivilDate(daysSinceEpoch: s.start.daysSinceEpoch - 364) }
    return s
  }
}
