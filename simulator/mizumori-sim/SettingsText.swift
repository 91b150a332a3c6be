import Readings
import TownModel

/// A town as a part of the settings of `mizumori run`: topics, sensors, zones and, where they are asked for, works.
struct SettingsText {
  private(set) var text: String
  private let s: Scenario

  /// - Parameter works: whether the works that recur stand in it.
  init(_ scenario: Scenario, dialect: Dialect, works: Bool = true) {
    s = scenario
    text = s.topicSettings(in: dialect)
    line("sensors:")
    for i in s.meters.indices { add(meter: i) }
    for i in s.gauges.indices { add(gauge: i) }
    line("zones:")
    for z in s.zoneSums { add(z) }
    let balances = s.balances
    if !balances.isEmpty { line("tanks:") }
    for b in balances { add(b) }
    guard works, !s.works.isEmpty else { return }
    line("works:")
    for w in s.works { add(w) }
  }

  private mutating func line(_ words: String) { text += words + "\n" }

  private mutating func add(meter i: Int) {
    let m = s.meters[i]
    let above = s.meters.firstIndex { $0.id == m.parent }.map { ", parent: \(s.sensor($0))" } ?? ""
    line("  \(s.sensor(i)): { name: \(quote(m.name)), zone_name: \(quote(m.zoneName)), interval_s: \(s.interval)\(above) }")
  }

  private mutating func add(gauge i: Int) {
    let g = s.gauges[i]
    // Frost is no reverse flow.
    let range = g.kind == .temperature ? ", range: [-40, 60], reverse_flow: true" : ""
    let sensor = s.sensor(s.meters.count + i)
    line("  \(sensor): { name: \(quote(g.name)), zone_name: \(quote(g.zoneName)), interval_s: \(s.interval)\(range) }")
  }

  private mutating func add(_ z: Scenario.ZoneSum) {
    let sum = z.isSum ? list("inlets", z.inlets) + list("outlets", z.outlets) : ""
    line("  \(s.municipality)/\(z.id): { name: \(quote(z.name))\(sum) }")
  }

  private func list(_ key: String, _ meters: [Int]) -> String {
    meters.isEmpty ? "" : ", \(key): [\(meters.map { s.sensor($0) }.joined(separator: ", "))]"
  }

  private mutating func add(_ b: Scenario.Balance) {
    let g = s.gauges[b.gauge]
    let flows = list("inlets", b.inlets) + list("outlets", b.outlets)
    line("  \(s.tank(of: b)): { name: \(quote(g.name)), level: \(s.sensor(s.meters.count + b.gauge)), area_m2: \(b.area)\(flows) }")
  }

  private mutating func add(_ w: Scenario.Work) {
    let begin = (w.day * 1440).rounded()
    let day = CivilDate(daysSinceEpoch: s.start.daysSinceEpoch + Int(begin / 1440))
    let from = Int(begin) % 1440
    let weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day.weekday]
    line("  - name: \(quote(w.name))")
    line("    zones: [\(s.municipality)/\(w.zone)]")
    line("    from: \"\(clock(from))\"")
    line("    to: \"\(clock((from + Int((w.hours * 60).rounded())) % 1440))\"")
    line("    weekdays: [\(weekday)]")
    line("    first: \(digits(day.year, 4))-\(digits(day.month))-\(digits(day.day))")
  }

  private func clock(_ minute: Int) -> String { digits(minute / 60) + ":" + digits(minute % 60) }

  private func digits(_ n: Int, _ count: Int = 2) -> String { String(repeating: "0", count: max(0, count - String(n).count)) + String(n) }

  private func quote(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
}
