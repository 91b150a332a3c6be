import TownModel

/// A score for people.
struct ScoreText {
  let score: TownScore

  init(_ score: TownScore) { self.score = score }

  var text: String {
    let s = score
    var out = "漏水 / leaks: \(s.found)/\(s.events)\(s.detectionRate.map { " (\(rounded($0 * 100)) %)" } ?? "")\n" + lines(s.leaks)
    let rate = s.falseAlarmsPerSensorYear.map { "、流量計 1 台 1 年あたり / a meter and year \(rounded($0))" } ?? ""
    out += "誤報 / false alarms: \(s.falseAlarms)\(rate)\n" + counts(s.causes)
    if !s.faults.isEmpty { out += "故障・通信 / faults told: \(told(s.faults))\n" + lines(s.faults) }
    if !s.strayFaults.isEmpty { out += "そのほかの機器の知らせ / other events of sensor health\n" + counts(s.strayFaults) }
    if !s.common.isEmpty { out += "町全体の変化 / common causes told: \(told(s.common))\n" + lines(s.common) }
    return out
  }

  private func told(_ kinds: [String: TownScore.Found]) -> String {
    "\(kinds.values.reduce(0) { $0 + $1.found })/\(kinds.values.reduce(0) { $0 + $1.events })"
  }

  private func lines(_ kinds: [String: TownScore.Found]) -> String {
    kinds.sorted { $0.key < $1.key }.map { kind, found in
      let times = found.medianHours.map { "、中央値 / median \(rounded($0)) h、最長 / longest \(rounded(found.hours.last ?? 0)) h" } ?? ""
      return "  \(kind): \(found.found)/\(found.events)\(times)\n"
    }.joined()
  }

  private func counts(_ kinds: [String: Int]) -> String { kinds.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined() }

  private func rounded(_ v: Double) -> String { "\((v * 100).rounded() / 100)" }
}
