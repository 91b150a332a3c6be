import Readings
import Yams

extension Scenario {
  func checkGauges(file: String) throws(ScenarioError) {
    let ids = meters.map(\.id) + gauges.map(\.id)
    for (i, g) in gauges.enumerated() {
      func wrong(_ text: String) -> ScenarioError { ScenarioError(description: "\(file):\(g.line): gauge `\(g.id)`: \(text)") }
      guard SensorID.isSegment(g.id), SensorID.isSegment(g.zone) else { throw wrong("zone and id may hold A–Z a–z 0–9 _ - only") }
      if ids[..<(meters.count + i)].contains(g.id) { throw wrong("stands twice") }
      guard g.kind != .temperature else { continue }
      guard let m = g.meter, meters.contains(where: { $0.id == m }) else { throw wrong("`meter` must be one of the meters") }
    }
  }

  func checkPeople(file: String) throws(ScenarioError) {
    for w in works {
      guard meters.contains(where: { $0.zone == w.zone }) else {
        throw ScenarioError(description: "\(file):\(w.line): work `\(w.name)`: no meter in zone `\(w.zone)`")
      }
    }
    for s in sayings {
      func wrong(_ text: String) -> ScenarioError { ScenarioError(description: "\(file):\(s.line): `\(s.action.rawValue)`: \(text)") }
      if !meters.contains(where: { $0.id == s.meter }) { throw wrong("no meter `\(s.meter)`") }
      if (s.action == .plannedWork) != (s.begins != nil) { throw wrong("`begins` belongs to planned_work, and to nothing else") }
    }
  }
}

extension Scenario.Gauge {
  init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try ScenarioFields(node, file: file)
    line = f.line
    kind = try f.choice("kind")
    id = try f.text("id")
    zone = try f.text("zone")
    name = try f.text("name", default: id)
    zoneName = try f.text("zone_name", default: zone)
    meter = try f.optionalText("meter")
    mean = try f.number("mean", default: nil, in: -50...10_000)
    swing = try f.number("swing", default: nil, in: 0.01...10_000)
    noise = try f.number("noise", default: 0, in: 0...1000)
    area = try f.number("area_m2", default: area, in: 0.1...100_000)
    try f.finish()
  }
}

extension Scenario.Work {
  init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try ScenarioFields(node, file: file)
    line = f.line
    name = try f.text("name")
    zone = try f.text("zone")
    day = try f.number("day", default: nil, in: 0...2000)
    hours = try f.number("hours", default: nil, in: 0.1...23)
    try f.finish()
  }
}

extension Scenario.Saying {
  init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try ScenarioFields(node, file: file)
    line = f.line
    action = try f.choice("action")
    meter = try f.text("meter")
    day = try f.number("day", default: 0, in: 0...2000)
    by = try f.text("by", default: "")
    note = try f.text("note", default: "")
    begins = try f.optionalNumber("begins", in: 0...2000)
    hours = try f.number("hours", default: hours, in: 0.1...744)
    try f.finish()
  }
}
