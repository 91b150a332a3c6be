import Readings
import Yams

/// Why a scenario was refused, with its line.
public struct ScenarioError: Error, CustomStringConvertible, Sendable {
  public let description: String
}

extension Scenario {
  /// Reads a scenario; every mistake is named with file and line.
  public init(yaml: String, file: String) throws(ScenarioError) {
    self.init()
    let root: Node?
    do { root = try Yams.compose(yaml: yaml) } catch { throw ScenarioError(description: "\(file): \(error)") }
    guard let root else { throw ScenarioError(description: "\(file): the scenario is empty") }
    var top = try Fields(root, file: file)
    municipality = try top.text("municipality", default: municipality)
    name = try top.text("name", default: municipality)
    days = Int(try top.number("days", default: Double(days), in: 1...2000))
    interval = Int(try top.number("interval_s", default: Double(interval), in: 10...3600))
    weather = try top.number("weather", default: weather, in: 0...0.3)
    historyDays = try top.number("history_days", default: Double(days), in: 0...2000)
    if let date = try top.optionalText("start") {
      guard let t = Timestamp(iso8601: date + "T00:00:00Z") else { throw top.wrong("start", "a date like 2026-04-01") }
      start = CivilDate(daysSinceEpoch: Int(t.seconds / 86_400))
    }
    for node in try top.list("meters") { meters.append(try Meter(node, file: file)) }
    for node in try top.list("events") { events.append(try Event(node, file: file)) }
    try top.finish()
    try check(root, file: file)
  }

  private func check(_ root: Node, file: String) throws(ScenarioError) {
    guard !meters.isEmpty else { throw ScenarioError(description: "\(file): `meters` must name at least one meter") }
    let ids = meters.map(\.id)
    for (i, m) in meters.enumerated() {
      if SensorID(municipality: municipality, zone: m.zone, sensor: m.id, quantity: .flow) == nil {
        throw ScenarioError(description: "\(file): meter `\(m.id)`: municipality, zone and id may hold A–Z a–z 0–9 _ - only")
      }
      if ids[..<i].contains(m.id) { throw ScenarioError(description: "\(file): meter `\(m.id)` stands twice") }
      // A parent must stand before its children: so there can be no circle.
      if let p = m.parent, !ids[..<i].contains(p) {
        throw ScenarioError(description: "\(file): meter `\(m.id)`: parent `\(p)` must be a meter that stands before it")
      }
    }
    for e in events where !ids.contains(e.meter) {
      throw ScenarioError(description: "\(file): event `\(e.kind.rawValue)` on day \(e.day): no meter `\(e.meter)`")
    }
  }
}

extension Scenario.Meter {
  fileprivate init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try Fields(node, file: file)
    id = try f.text("id")
    zone = try f.text("zone")
    name = try f.text("name", default: id)
    zoneName = try f.text("zone_name", default: zone)
    mean = try f.number("mean_m3h", default: mean, in: 0.01...100_000)
    noise = try f.number("noise", default: noise, in: 0...0.5)
    night = try f.number("night", default: night, in: 0.05...0.95)
    parent = try f.optionalText("parent")
    quantum = try f.number("quantum_m3h", default: 0, in: 0...1000)
    try f.finish()
  }
}

extension Scenario.Event {
  fileprivate init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try Fields(node, file: file)
    let word = try f.text("kind")
    guard let k = Scenario.Kind(rawValue: word) else {
      throw f.wrong("kind", "one of " + Scenario.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    kind = k
    meter = try f.text("meter")
    day = try f.number("day", default: 0, in: 0...2000)
    hours = try f.number("hours", default: 24, in: 0.01...50_000)
    let needsFlow = k == .burst || k == .incipient || k == .flushing || k == .spike
    flow = try f.number("flow_m3h", default: needsFlow ? nil : 0, in: 0...100_000)
    try f.finish()
  }
}

/// The keys of one mapping; knows which were asked for, so that the others can be refused.
private struct Fields {
  private var map: [String: Node] = [:]
  private var lines: [String: Int] = [:]
  private var asked: Set<String> = []
  private let file: String
  private let line: Int

  init(_ node: Node, file: String) throws(ScenarioError) {
    self.file = file
    line = node.mark?.line ?? 1
    guard case .mapping(let mapping) = node else { throw ScenarioError(description: "\(file):\(line): expected `key: value` lines") }
    for (key, value) in mapping {
      map[key.string ?? ""] = value
      lines[key.string ?? ""] = key.mark?.line ?? line
    }
  }

  func wrong(_ key: String, _ expected: String) -> ScenarioError {
    ScenarioError(description: "\(file):\(lines[key] ?? line): `\(key)`: expected \(expected)")
  }

  mutating func optionalText(_ key: String) throws(ScenarioError) -> String? {
    asked.insert(key)
    guard let node = map[key] else { return nil }
    guard case .scalar(let scalar) = node else { throw wrong(key, "text") }
    return scalar.string
  }

  mutating func text(_ key: String, default fallback: String? = nil) throws(ScenarioError) -> String {
    guard let t = try optionalText(key) ?? fallback else { throw ScenarioError(description: "\(file):\(line): `\(key)` is missing") }
    return t
  }

  mutating func number(_ key: String, default fallback: Double?, in range: ClosedRange<Double>) throws(ScenarioError) -> Double {
    guard let t = try optionalText(key) else {
      guard let fallback else { throw ScenarioError(description: "\(file):\(line): `\(key)` is missing") }
      return fallback
    }
    guard let v = Double(t), range.contains(v) else { throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)") }
    return v
  }

  mutating func list(_ key: String) throws(ScenarioError) -> [Node] {
    asked.insert(key)
    guard let node = map[key] else { return [] }
    guard case .sequence(let sequence) = node else { throw wrong(key, "a list") }
    return Array(sequence)
  }

  func finish() throws(ScenarioError) {
    for key in map.keys.sorted() where !asked.contains(key) {
      throw wrong(key, "no such key; known are " + asked.sorted().joined(separator: ", "))
    }
  }
}
