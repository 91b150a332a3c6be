import Readings
import Yams

extension Scenario {
  /// Readings of a town that are kept in memory at once, some 50 bytes each.
  static let maximumReadings = 50_000_000

  /// Reads a scenario; every mistake is named with file and line.
  public init(yaml: String, file: String) throws(ScenarioError) {
    self.init()
    var top = try ScenarioFields(Scenario.compose(yaml, file: file), file: file)
    municipality = try top.text("municipality", default: municipality)
    guard SensorID.isSegment(municipality) else { throw top.wrong("municipality", "1 to 64 of A–Z a–z 0–9 _ -") }
    name = try top.text("name", default: municipality)
    dialect = try top.choice("dialect", default: dialect)
    days = try top.whole("days", default: days, in: 1...2000)
    interval = try top.whole("interval_s", default: interval, in: 10...3600)
    weather = try top.number("weather", default: weather, in: 0...0.3)
    season = try top.number("season", default: season, in: 0...0.5)
    holidays = try top.number("holidays", default: holidays, in: -0.3...0.5)
    billed = try top.number("billed", default: 0, in: 0...1)
    historyDays = try top.number("history_days", default: Double(days), in: 0...2000)
    if let date = try top.optionalText("start") {
      guard let t = Timestamp(iso8601: date + "T00:00:00Z") else { throw top.wrong("start", "a date like 2026-04-01") }
      start = CivilDate(daysSinceEpoch: Int(t.seconds / 86_400))
    }
    for node in try top.list("meters") { meters.append(try Meter(node, file: file)) }
    for node in try top.list("gauges") { gauges.append(try Gauge(node, file: file)) }
    for node in try top.list("events") { events += try Event.read(node, of: meters, file: file) }
    for node in try top.list("works") { works.append(try Work(node, file: file)) }
    for node in try top.list("people") { sayings.append(try Saying(node, file: file)) }
    try top.finish()
    guard !meters.isEmpty else { throw top.wrong("meters", "at least one meter") }
    guard (meters.count + gauges.count) * (days * 86_400 / interval) <= Scenario.maximumReadings else {
      throw top.wrong("days", "at most \(Scenario.maximumReadings) readings in all; take fewer days or a longer interval_s")
    }
    try checkMeters(file: file)
    try checkGauges(file: file)
    try checkEvents(file: file)
    try checkPeople(file: file)
  }

  private static func compose(_ yaml: String, file: String) throws(ScenarioError) -> Node {
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
        throw ScenarioError(description: "\(file):\(mark.line): not YAML: \(problem)")
      case .duplicatedKeysInMapping(let keys, let context):
        throw ScenarioError(description: "\(file):\(context.mark.line): \(keys.map { "`\($0)`" }.joined(separator: ", ")) stands twice")
      default:
        throw ScenarioError(description: "\(file):1: not YAML: \(error)")
      }
    } catch {
      throw ScenarioError(description: "\(file):1: \(error)")
    }
    guard let root else { throw ScenarioError(description: "\(file):1: the scenario is empty") }
    return root
  }

  private func checkMeters(file: String) throws(ScenarioError) {
    let ids = meters.map(\.id)
    for (i, m) in meters.enumerated() {
      func wrong(_ text: String) -> ScenarioError { ScenarioError(description: "\(file):\(m.line): meter `\(m.id)`: \(text)") }
      guard SensorID.isSegment(m.id), SensorID.isSegment(m.zone) else { throw wrong("zone and id may hold A–Z a–z 0–9 _ - only") }
      if ids[..<i].contains(m.id) { throw wrong("stands twice") }
      // A parent must stand before its children: so there can be no circle.
      if let p = m.parent, !ids[..<i].contains(p) { throw wrong("parent `\(p)` must be a meter that stands before it") }
      let most = Int(0.8 * m.mean / Households.meanFlow)
      if m.isRegister, m.quantum > 0 { throw wrong("a register counts on its own: leave `quantum_m3h` out") }
      if m.households > most { throw wrong("`mean_m3h` \(m.mean) is too little for \(m.households) households; at most \(most)") }
    }
  }

  private func checkEvents(file: String) throws(ScenarioError) {
    for e in events {
      func wrong(_ text: String) -> ScenarioError { ScenarioError(description: "\(file):\(e.line): event `\(e.kind.rawValue)`: \(text)") }
      guard let m = meters.first(where: { $0.id == e.meter }) else { throw wrong("no meter `\(e.meter)`") }
      if e.kind == .deadBattery, m.battery == nil { throw wrong("meter `\(m.id)` has no `battery`") }
      if e.kind == .tankLeak, m.tank <= 0 { throw wrong("meter `\(m.id)` has no `tank_m3`") }
      if e.kind == .unit, m.isRegister { throw wrong("meter `\(m.id)` is a register; only those of flow can have a wrong unit") }
      if e.kind.isOfRegister, !m.isRegister { throw wrong("meter `\(m.id)` is no `register`") }
      if e.day >= Double(days) { throw wrong("day \(e.day) lies after the end; the scenario has \(days) days, counted from 0") }
    }
  }
}

extension Scenario.Meter {
  fileprivate init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try ScenarioFields(node, file: file)
    line = f.line
    id = try f.text("id")
    zone = try f.text("zone")
    name = try f.text("name", default: id)
    zoneName = try f.text("zone_name", default: zone)
    mean = try f.number("mean_m3h", default: mean, in: 0.01...100_000)
    noise = try f.number("noise", default: noise, in: 0...0.5)
    night = try f.number("night", default: night, in: 0.05...0.95)
    shape = try f.choice("shape", default: shape)
    households = try f.whole("households", default: 0, in: 0...1000)
    correlation = try f.number("correlation_h", default: correlation, in: 0.1...24)
    tail = try f.number("tail", default: tail, in: 1...20)
    readingNoise = try f.number("reading_noise", default: 0, in: 0...0.5)
    wander = try f.number("wander", default: 0, in: 0...0.3)
    late = try f.number("late", default: 0, in: 0...0.5)
    doubled = try f.number("doubled", default: 0, in: 0...0.5)
    lost = try f.number("lost", default: 0, in: 0...0.5)
    batchHours = try f.number("batch_h", default: 0, in: 0...72)
    batchFailed = try f.number("batch_failed", default: 0, in: 0...0.5)
    parent = try f.optionalText("parent")
    quantum = try f.number("quantum_m3h", default: 0, in: 0...1000)
    tank = try f.number("tank_m3", default: 0, in: 0...100_000)
    isRegister = try f.choice("register", default: ScenarioSwitch.no) == .yes
    battery = try f.optionalNumber("battery", in: 0...100)
    try f.finish()
  }
}

extension Scenario.Event {
  fileprivate init(_ node: Node, file: String) throws(ScenarioError) {
    var f = try ScenarioFields(node, file: file)
    line = f.line
    kind = try f.choice("kind")
    meter = try f.text("meter")
    day = try f.number("day", default: 0, in: 0...2000)
    hours = try f.number("hours", default: 24, in: 0.01...50_000)
    share = try f.optionalNumber("share", in: 0...100)
    flow = try f.number("flow_m3h", default: (kind.isWater || kind == .spike) && share == nil ? nil : 0, in: 0...100_000)
    factor = try f.number("factor", default: factor, in: 0.001...1000)
    minutes = try f.number("minutes", default: kind == .clock ? nil : 0, in: -2_000_000...2_000_000)
    try f.finish()
  }

  /// One event, or the same at every meter where `meter` is `*`.
  fileprivate static func read(_ node: Node, of meters: [Scenario.Meter], file: String) throws(ScenarioError) -> [Scenario.Event] {
    let e = try Scenario.Event(node, file: file)
    let places = meters.filter { e.meter == "*" || $0.id == e.meter }
    // One at an unknown place is found by `checkEvents`.
    return places.isEmpty ? [e] : places.map { e.at($0) }
  }

  private func at(_ m: Scenario.Meter) -> Scenario.Event {
    var own = self
    own.meter = m.id
    if let share { own.flow = share * m.mean }
    return own
  }
}
