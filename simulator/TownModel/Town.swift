import Readings

/// One reading of the town, as it reaches the broker.
public struct TownReading: Hashable, Sendable {
  /// Index of the meter in the scenario.
  public var meter: Int
  public var time: Timestamp
  /// When it is sent: later than `time` where a gateway held it back.
  public var arrival: Timestamp
  /// m³/h
  public var value: Double
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
  /// Mean flow of each meter without events, m³/h.
  public private(set) var meanFlow: [Double] = []

  public init(_ scenario: Scenario, seed: UInt64, calendar: LocalCalendar = .japan) {
    self.scenario = scenario
    self.calendar = calendar
    start = calendar.midnight(ofDay: scenario.start.daysSinceEpoch)
    let flows = demand(seed: seed)
    meanFlow = flows.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count) }
    publish(flows, seed: seed)
    makeLabels()
  }

  private var steps: Int { scenario.days * 86_400 / scenario.interval }
  private func time(_ step: Int) -> Timestamp { start.adding(seconds: Int64(step * scenario.interval)) }

  /// The flow of each meter without events, that of the meters below it included.
  private func demand(seed: UInt64) -> [[Double]] {
    let weather = dailyWeather(seed: seed)
    var flows: [[Double]] = []
    for m in scenario.meters {
      var random = Random(seed: seed, part: m.id)
      // AR(1) with a correlation time of an hour.
      let phi = max(0, 1 - Double(scenario.interval) / 3600)
      var noise = random.normal()
      var flow = [Double](repeating: 0, count: steps)
      for i in 0..<steps {
        let t = time(i)
        let day = calendar.day(of: t)
        let hour = Double(calendar.millisecondOfDay(of: t)) / 3_600_000
        let shape = Demand.shape(calendar.dayType(ofDay: day), hour: hour, night: m.night)
        noise = phi * noise + (1 - phi * phi).squareRoot() * random.normal()
        // Noise grows with the root of the level, as a sum of households does.
        let level = m.mean * weather[i * scenario.interval / 86_400] * (shape + m.noise * shape.squareRoot() * noise)
        flow[i] = max(0.02 * m.mean, level)
      }
      flows.append(flow)
    }
    // Parents stand before their children: adding from the last up carries everything to the top.
    for (i, m) in scenario.meters.enumerated().reversed() {
      guard let p = m.parent, let above = scenario.meters.firstIndex(where: { $0.id == p }) else { continue }
      for k in 0..<steps { flows[above][k] += flows[i][k] }
    }
    return flows
  }

  /// A factor a day that all meters share: weather that lasts some days.
  private func dailyWeather(seed: UInt64) -> [Double] {
    var random = Random(seed: seed, part: "weather")
    var w = random.normal()
    return (0..<max(1, scenario.days)).map { _ in
      w = 0.7 * w + (1 - 0.49 as Double).squareRoot() * random.normal()
      return max(0.5, 1 + scenario.weather * w)
    }
  }

  /// Whether an event at `e.meter` shows at meter `i`: there and, for water, at every meter above.
  private func reaches(_ e: Scenario.Event, _ i: Int) -> Bool {
    var id: String? = e.meter
    while let current = id {
      if scenario.meters[i].id == current { return true }
      guard e.kind == .burst || e.kind == .incipient || e.kind == .flushing else { return false }
      id = scenario.meters.first { $0.id == current }?.parent
    }
    return false
  }

  /// m³/h that the event adds `hours` after its start.
  static func addition(_ e: Scenario.Event, hours: Double) -> Double {
    guard hours >= 0, hours < e.hours else { return 0 }
    switch e.kind {
    case .burst, .flushing, .spike: return e.flow
    case .incipient: return e.flow * min(1, hours / (0.8 * e.hours))
    case .gap, .stuck, .late, .duplicate: return 0
    }
  }

  private mutating func publish(_ flows: [[Double]], seed: UInt64) {
    for (i, m) in scenario.meters.enumerated() {
      let events = scenario.events.filter { reaches($0, i) }
      var held: Double?
      for k in 0..<steps {
        let t = time(k)
        let day = Double(k * scenario.interval) / 86_400
        var value = flows[i][k]
        var arrival = t
        var isMissing = false
        var isDouble = false
        var isStuck = false
        for e in events {
          let hours = (day - e.day) * 24
          guard hours >= 0, hours < e.hours else { continue }
          value += Town.addition(e, hours: hours)
          switch e.kind {
          case .gap: isMissing = true
          case .stuck: isStuck = true
          case .late: arrival = start.adding(milliseconds: Int64((e.day + e.hours / 24) * 86_400_000))
          case .duplicate: isDouble = true
          default: break
          }
        }
        if m.quantum > 0 { value = (value / m.quantum).rounded() * m.quantum }
        value = (value * 1000).rounded() / 1000
        if isStuck { held = held ?? value } else { held = nil }
        guard !isMissing else { continue }
        let r = TownReading(meter: i, time: t, arrival: arrival, value: held ?? value, sequence: Int64(k))
        readings.append(r)
        if isDouble { readings.append(r) }
      }
    }
    readings.sort { ($0.arrival, $0.time, $0.meter, $0.sequence) < ($1.arrival, $1.time, $1.meter, $1.sequence) }
  }

  private mutating func makeLabels() {
    for (i, _) in scenario.meters.enumerated() {
      for e in scenario.events where reaches(e, i) {
        let from = start.adding(milliseconds: Int64(e.day * 86_400_000))
        let hours = min(e.hours, Double(scenario.days) * 24 - e.day * 24)
        let profile = (0...24).map { n -> (Double, Double) in
          let h = hours * Double(n) / 24
          return (h, Town.addition(e, hours: min(h, e.hours * 0.999_999)))
        }
        // Trapezoids: exact for a step and, but for the knee, for a ramp.
        let volume = zip(profile, profile.dropFirst()).reduce(0.0) { $0 + ($1.0.1 + $1.1.1) / 2 * ($1.1.0 - $1.0.0) }
        labels.append(
          TownLabel(
            meter: i, kind: e.kind, start: from, end: from.adding(milliseconds: Int64(hours * 3_600_000)), peak: e.flow, volume: volume,
            profile: profile))
      }
    }
  }
}
