import Foundation
import Readings
import TownModel

/// The log of alerts of `mizumori run`, read as what was told where.
enum TrialLog {
  private struct Line: Decodable {
    struct Event: Decodable {
      var sensor: String
      var kind: String
      var change: String
      var time: String
    }
    var data: Event
  }

  /// What opened or became graver, in the order of the log; none where there is no log.
  static func alerts(in file: String, of scenario: Scenario) throws -> [TownScore.Alert] {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
    let places = places(scenario)
    return try text.split(separator: "\n").compactMap { line in
      let e = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).data
      guard e.change == "opened" || e.change == "escalated", let place = places[e.sensor], let kind = EventKind(code: e.kind),
        let time = Timestamp(iso8601: e.time)
      else { return nil }
      return TownScore.Alert(place: place, kind: kind, time: time)
    }
  }

  /// By the names of sensors; those of zones are virtual.
  private static func places(_ s: Scenario) -> [String: TownScore.Place] {
    var places: [String: TownScore.Place] = [:]
    for i in s.meters.indices { places[s.sensor(i)] = .meter(i) }
    for i in s.gauges.indices { places[s.sensor(s.meters.count + i)] = .gauge(i) }
    for z in s.zoneSums { places["\(s.municipality)/\(z.id)/net/flow"] = .zone(z.id) }
    for b in s.balances { places[s.sensor(of: b)] = .gauge(b.gauge) }
    return places
  }
}
