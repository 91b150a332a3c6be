import ArgumentParser
import Foundation
import Readings
import TownModel

/// `mizumori-sim people`: what the town's people say and when, one JSON object a line, for whoever plays them.
struct PrintPeople: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people", abstract: "町の人が言うこと（確認・工事など）を JSON Lines で出力します / prints what the people of the town say.")

  @OptionGroup var options: ScenarioOptions

  @Flag(name: .customLong("end-now"), help: "run の --end-now と同じ日付で / with the dates of `run --end-now`")
  var endNow = false

  func run() throws {
    let s = try options.described(endingNow: endNow)
    let calendar = LocalCalendar.japan
    let start = calendar.midnight(ofDay: s.start.daysSinceEpoch)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func time(_ day: Double) -> String { start.adding(milliseconds: Int64((day * 86_400_000).rounded())).iso8601(offset: calendar.offset) }
    for say in s.sayings {
      guard let meter = s.meters.firstIndex(where: { $0.id == say.meter }) else { continue }
      let line = Line(
        at: time(say.day), action: say.action.rawValue, sensor: s.sensor(meter), by: say.by, note: say.note, from: say.begins.map(time),
        to: say.begins.map { time($0 + say.hours / 24) })
      print(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
  }

  private struct Line: Encodable {
    var at: String
    var action: String
    var sensor: String
    var by: String
    var note: String
    var from: String?
    var to: String?
  }
}
