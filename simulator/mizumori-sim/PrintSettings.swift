import ArgumentParser
import Readings
import TownModel

/// `mizumori-sim scenario`: the built-in town, to start one's own from.
struct PrintScenario: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario", abstract: "内蔵のシナリオを出力します / prints the built-in scenario.")

  func run() throws { print(Scenario.defaultYAML, terminator: "") }
}

/// `mizumori-sim settings`: what the town's meters and zones are called and which works recur, for the settings file of `mizumori run`.
struct PrintSettings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "町の名前・区域・定期の工事を mizumori の設定の形で出力します / prints names, zones and works as settings of mizumori.")

  @OptionGroup var options: ScenarioOptions

  @Flag(name: .customLong("end-now"), help: "run の --end-now と同じ日付で / with the dates of `run --end-now`")
  var endNow = false

  @Option(help: "run の --dialect と同じ方言で / with the topics of `run --dialect`")
  var dialect: Dialect?

  func run() throws {
    let s = try options.described(endingNow: endNow)
    print(SettingsText(s, dialect: dialect ?? s.dialect).text, terminator: "")
  }
}
