import Readings

/// One reading of the town, as it reaches the broker.
public struct TownReading: Hashable, Sendable {
  /// Index of the meter in the scenario; those of gauges follow those of the meters.
  public var meter: Int
  public var time: Timestamp
  /// When it is sent: later than `time` where a gateway held it back.
  public var arrival: Timestamp
  /// m³/h, of a totalizer too; of a gauge in its unit
  public var value: Double
  /// The number of its step: what was lost on the way is missing.
  public var sequence: Int64
}

/// What truly happened at one meter.
public struct TownLabel: Sendable {
  public var meter: Int
  public var kind: Scenario.Kind
  public var start: Timestamp
  public var end: Timestamp
  /// m³/h
  public var peak: Double
  /// m³
  public var volume: Double
  /// (hours after the start, m³/h)
  public var profile: [(Double, Double)]
}

/// A scenario played out with one seed: the same seed gives the same readings on every machine.
public struct Town: Sendable {
  public let scenario: Scenario
  public let calendar: LocalCalendar
  /// Local midnight at which it begins.
  public let start: Timestamp
  /// In order of arrival.
  public private(set) var readings: [TownReading] = []
  public private(set) var labels: [TownLabel] = []
  /// Mean flow of each meter without events, that of the meters below it included, m³/h.
  public private(set) var meanFlow: [Double] = []
  /// What the town used on each day, water of events apart, m³.
  public private(set) var dailyUse: [Double] = []
  /// What each totalizer has counted at each step, m³.
  private(set) var registers: [Int: [Double]] = [:]
  /// Of the meters whose pump fills one.
  private(set) var tanks: [Int: Tank] = [:]
  let batteries: [Battery?]
  /// The id of the meter above each one.
  private let above: [String: String]
  /// By zone.
  let zoneSums: [String: Scenario.ZoneSum]

  /// - Complexity: O(meters · days · 86,400 / interval), in time and memory.
  public init(_ scenario: Scenario, seed: UInt64, calendar: LocalCalendar = .japan) {
    self.scenario = scenario
    self.calendar = calendar
    start = calendar.midnight(ofDay: scenario.start.daysSinceEpoch)
    batteries = scenario.meters.map { Battery($0, scenario) }
    above = Dictionary(uniqueKeysWithValues: scenario.meters.compactMap { m in m.parent.map { (m.id, $0) } })
    zoneSums = Dictionary(uniqueKeysWithValues: scenario.zoneSums.map { ($0.id, $0) })
    let flows = demand(seed: seed)
    meanFlow = flows.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count) }
    dailyUse = use(flows)
    for (i, m) in scenario.meters.enumerated() where m.isRegister { registers[i] = counted(loaded(flows[i], at: i), at: i) }
    readings = published(flows, seed: seed) + gauged(flows, seed: seed)
    readings.sort { ($0.arrival, $0.time, $0.meter, $0.sequence) < ($1.arrival, $1.time, $1.meter, $1.sequence) }
    labels = scenario.meters.indices.flatMap(labels(of:))
  }

  var steps: Int { scenario.days * 86_400 / scenario.interval }
  /// - Parameter day: days after the start
  public func time(day: Double) -> Timestamp { start.adding(milliseconds: Int64((day * 86_400_000).rounded())) }
  func time(_ step: Int) -> Timestamp { start.adding(seconds: Int64(step) * Int64(scenario.interval)) }

  /// The flow of each meter without events, that of the meters below it included.
  private mutating func demand(seed: UInt64) -> [[Double]] {
    let climate = Climate(scenario, seed: seed)
    var flows = scenario.meters.map { own($0, climate: climate, random: Random(seed: seed, part: $0.id)) }
    let places = Dictionary(uniqueKeysWithValues: scenario.meters.enumerated().map { ($1.id, $0) })
    shutOff(&flows)
    // Parents stand before their children: adding from the last up carries everything to the top.
    for (i, m) in scenario.meters.enumerated().reversed() {
      if m.tank > 0 {
        let tank = Tank(m, used: flows[i], interval: scenario.interval)
        tanks[i] = tank
        flows[i] = tank.filled
      }
      guard let p = m.parent, let above = places[p] else { continue }
      for k in 0..<steps { flows[above][k] += flows[i][k] }
    }
    return flows
  }

  /// 断水: the meter and all below it.
  private func shutOff(_ flows: inout [[Double]]) {
    for e in scenario.events where e.kind == .shutoff {
      for (i, m) in scenario.meters.enumerated() where isBelow(m.id, e.meter) { for k in steps(of: e) { flows[i][k] = 0 } }
    }
  }

  private func use(_ flows: [[Double]]) -> [Double] {
    let perDay = 86_400 / scenario.interval
    return (0..<scenario.days).map { day in
      scenario.meters.indices.filter { scenario.meters[$0].parent == nil }.reduce(0) { sum, i in
        sum + flows[i][(day * perDay)..<((day + 1) * perDay)].reduce(0, +) * Double(scenario.interval) / 3600
      }
    }
  }

  /// What is used behind this meter and no other.
  private func own(_ m: Scenario.Meter, climate: Climate, random: Random) -> [Double] {
    var random = random
    let demand = Demand(m.shape, night: m.night)
    var level = [Double](repeating: 0, count: steps)
    var flow = level
    // AR(1) with its correlation time as a fraction that every machine rounds alike.
    let phi = 1 / (1 + Double(scenario.interval) / (3600 * m.correlation))
    let fresh = (1 - phi * phi).squareRoot()
    var noise = random.normal()
    let own = m.wander > 0 ? DailyFactor(days: scenario.days, spread: m.wander, random: &random) : nil
    for i in 0..<steps {
      let t = time(i)
      let hour = Double(calendar.millisecondOfDay(of: t)) / 3_600_000
      let day = Double(i * scenario.interval) / 86_400
      let shape = demand.relative(calendar.dayType(ofDay: calendar.day(of: t)), hour: hour)
      level[i] = shape * climate.factor(day: day) * (own?.at(day: day) ?? 1)
      noise = phi * noise + fresh * m.heavy(&random)
      var spread = m.noise * noise
      if m.readingNoise > 0 { spread += m.readingNoise * m.heavy(&random) }
      // Noise grows with the root of the level, as a sum of many households does.
      flow[i] = m.mean * (level[i] + level[i].squareRoot() * spread)
    }
    Households.add(m.households, level: level, interval: scenario.interval, random: &random, to: &flow)
    for i in 0..<steps { flow[i] = max(0.02 * m.mean, flow[i]) }
    return flow
  }

  /// Whether the water of `meter` comes through `other`, or both are the same.
  func isBelow(_ meter: String, _ other: String) -> Bool {
    var id: String? = meter
    while let current = id {
      if current == other { return true }
      id = above[current]
    }
    return false
  }

  /// Whether an event at `e.meter` shows at meter `i`: there and, for water, at every meter above.
  func reaches(_ e: Scenario.Event, _ i: Int) -> Bool {
    e.kind.isWater ? isBelow(e.meter, scenario.meters[i].id) : e.meter == scenario.meters[i].id
  }
}

extension Scenario.Meter {
  /// A normal number, now and then `tail` times as large.
  fileprivate func heavy(_ random: inout Random) -> Double {
    let v = random.normal()
    return tail > 1 && random.uniform() < 0.03 ? v * tail : v
  }
}
