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
    print(s.topicSettings(in: dialect ?? s.dialect), terminator: "")
    print("sensors:")
    for i in s.meters.indices { printMeter(i, s) }
    for i in s.gauges.indices { printGauge(i, s) }
    print("zones:")
    var seen: Set<String> = []
    for m in s.meters where seen.insert(m.zone).inserted { printZone(m, s) }
    guard !s.works.isEmpty else { return }
    print("works:")
    for w in s.works { printWork(w, s) }
  }

  private func printMeter(_ i: Int, _ s: Scenario) {
    let m = s.meters[i]
    let above = s.meters.firstIndex { $0.id == m.parent }.map { ", parent: \(s.sensor($0))" } ?? ""
    print("  \(s.sensor(i)): { name: \(quote(m.name)), zone_name: \(quote(m.zoneName)), interval_s: \(s.interval)\(above) }")
  }

  private func printGauge(_ i: Int, _ s: Scenario) {
    let g = s.gauges[i]
    // Frost is no reverse flow.
    let range = g.kind == .temperature ? ", range: [-40, 60], reverse_flow: true" : ""
    let sensor = s.sensor(s.meters.count + i)
    print("  \(sensor): { name: \(quote(g.name)), zone_name: \(quote(g.zoneName)), interval_s: \(s.interval)\(range) }")
  }

  /// Water comes in at the meters whose meter above is elsewhere, and leaves for those of other zones that hang below one of its own.
  private func printZone(_ first: Scenario.Meter, _ s: Scenario) {
    let zone = first.zone
    func zoneAbove(_ m: Scenario.Meter) -> String? { s.meters.first { $0.id == m.parent }?.zone }
    let inlets = s.meters.indices.filter { s.meters[$0].zone == zone && zoneAbove(s.meters[$0]) != zone }
    let outlets = s.meters.indices.filter { s.meters[$0].zone != zone && zoneAbove(s.meters[$0]) == zone }
    func list(_ key: String, _ meters: [Int]) -> String {
      meters.isEmpty ? "" : ", \(key): [\(meters.map { s.sensor($0) }.joined(separator: ", "))]"
    }
    // Only flows can be added up.
    let isSum = (inlets + outlets).allSatisfy { !s.meters[$0].isRegister } && inlets.count + outlets.count <= 16
    print(
      "  \(s.municipality)/\(zone): { name: \(quote(first.zoneName))\(isSum ? list("inlets", inlets) + list("outlets", outlets) : "") }")
  }

  private func printWork(_ w: Scenario.Work, _ s: Scenario) {
    let begin = (w.day * 1440).rounded()
    let day = CivilDate(daysSinceEpoch: s.start.daysSinceEpoch + Int(begin / 1440))
    let from = Int(begin) % 1440
    let weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day.weekday]
    print("  - name: \(quote(w.name))")
    print("    zones: [\(s.municipality)/\(w.zone)]")
    print("    from: \"\(clock(from))\"")
    print("    to: \"\(clock((from + Int((w.hours * 60).rounded())) % 1440))\"")
    print("    weekdays: [\(weekday)]")
    print("    first: \(digits(day.year, 4))-\(digits(day.month))-\(digits(day.day))")
  }

  private func clock(_ minute: Int) -> String { digits(minute / 60) + ":" + digits(minute % 60) }

  private func digits(_ n: Int, _ count: Int = 2) -> String { String(repeating: "0", count: max(0, count - String(n).count)) + String(n) }

  private func quote(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
}
