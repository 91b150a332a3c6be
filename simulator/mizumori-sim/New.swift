import ArgumentParser
import Foundation
import Readings
import TownModel

/// `mizumori-sim new`: a few questions, and a scenario of one's own.
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "質問に答えて自分の町のシナリオを作ります / asks a few questions and writes a scenario.",
    discussion: """
      オプションで答えたことは尋ねません。端末でないところでは、答えのないものは既定の値です。
      What options answer is not asked; without a terminal the rest takes its default.
      """)

  @Option(help: "書き出すファイル（既定は標準出力） / file to write; default: standard output")
  var out: String?
  @Flag(help: "あるファイルを上書きする / overwrites a file that is there")
  var force = false
  @Option(help: "乱数の種 / seed")
  var seed: UInt64 = 1
  @Option(help: "市町村の名前（トピック用: A–Z a–z 0–9 _ -） / municipality in topics")
  var municipality: String?
  @Option(help: "町の名前 / name of the town")
  var name: String?
  @Option(help: "区域の数 / zones")
  var zones: Int?
  @Option(help: "流量計の数（区域の入口を含む） / flow meters, inlets included")
  var meters: Int?
  @Option(help: "世帯数 / households")
  var households: Int?
  @Option(name: .customLong("large-users"), help: "大口の利用者の数 / large users")
  var largeUsers: Int?
  @Option(help: "観光地か: yes か no / tourism")
  var tourism: YesNo?
  @Option(help: "冬に凍るか: yes か no / freezing winters")
  var cold: YesNo?
  @Option(help: "測定の間隔（秒） / seconds between readings")
  var interval: Int?
  @Option(help: "LoRaWAN か: yes か no / LoRaWAN or wired")
  var lorawan: YesNo?
  @Option(help: "日数 / days")
  var days: Int?

  func run() throws {
    let plan = try plan()
    if let problem = plan.problem { throw Failure.configuration(problem) }
    let yaml = plan.yaml(seed: seed)
    guard let out else { return print(yaml, terminator: "") }
    guard force || !FileManager.default.fileExists(atPath: out) else {
      throw Failure.ioError("\(out): もうあります。--force で上書きします / is there already; --force overwrites it")
    }
    do { try Data(yaml.utf8).write(to: URL(fileURLWithPath: out)) } catch { throw Failure.ioError("\(out): \(error)") }
    note("\(out)\nmizumori-sim run --scenario \(out) --seed \(seed)\nmizumori-sim score --scenario \(out) --seed \(seed)")
  }

  private func plan() throws -> TownPlan {
    let ask = Questions()
    var p = TownPlan()
    p.municipality = municipality ?? p.municipality
    guard SensorID.isSegment(p.municipality) else { throw Failure.configuration("--municipality: A–Z a–z 0–9 _ -") }
    p.name = name ?? p.name
    p.zones = zones ?? ask.number("区域はいくつありますか / How many zones?", p.zones, in: 1...500)
    p.meters = meters ?? ask.number("流量計は合わせて何台ですか / How many flow meters in all?", max(p.meters, p.zones), in: p.zones...5000)
    p.households = households ?? ask.number("世帯数は / How many households?", p.households, in: 10...1_000_000)
    p.largeUsers = largeUsers ?? ask.number("病院や工場など大口の利用者は / Large users (hospitals, works)?", p.largeUsers, in: 0...500)
    p.hasTourism = tourism?.isYes ?? ask.yes("観光客が来ますか / Do tourists come?")
    p.isCold = cold?.isYes ?? ask.yes("冬に水道が凍りますか / Do pipes freeze in winter?")
    p.interval = interval ?? ask.number("何秒ごとに測りますか / Seconds between readings?", p.interval, in: 60...3600)
    p.isLoRaWAN = lorawan?.isYes ?? ask.yes("LoRaWAN ですか（いいえは有線） / LoRaWAN (no: wired)?")
    p.days = days ?? ask.number("何日間にしますか / How many days?", p.days, in: 28...730)
    return p
  }
}
