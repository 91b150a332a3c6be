import Readings

/// What alerts were worth against what truly happened in a town.
///
/// A leak is found when a leak alert comes at a meter that shows it, from its start to its end and within 60 days; leaks that are less than
/// 3 % of the mean flow of every meter that shows them are not judged. Outside leaks every leak alert is a false alarm, but for the first
/// 14 days, freezing, and the 6 hours after a leak. The rules are those of labelled sets, with one difference: a leak that shows at
/// several meters counts once.
public struct TownScore: Encodable, Sendable {
  /// A leak alert that opened or became graver.
  public struct Alert: Sendable {
    /// Index of the meter in the scenario.
    public var meter: Int
    public var time: Timestamp

    public init(meter: Int, time: Timestamp) {
      self.meter = meter
      self.time = time
    }
  }

  /// The leaks of one kind.
  public struct Found: Encodable, Sendable {
    public var events = 0
    public var found = 0
    /// Hours from the start to the first alert of those found, in ascending order.
    public var hours: [Double] = []
    /// Hours; the upper one of the two in the middle; nil where none was found.
    public var medianHours: Double? { hours.isEmpty ? nil : hours[hours.count / 2] }
  }

  /// By the name of the kind.
  public private(set) var leaks: [String: Found] = [:]
  public private(set) var falseAlarms = 0
  /// False alarms by what happened at that time; `none` where nothing did.
  public private(set) var causes: [String: Int] = [:]
  /// Years in which a false alarm would have counted, summed over the meters.
  public let sensorYears: Double

  public var events: Int { leaks.values.reduce(0) { $0 + $1.events } }
  public var found: Int { leaks.values.reduce(0) { $0 + $1.found } }
  /// 0…1; nil for a town without leaks.
  public var detectionRate: Double? { events == 0 ? nil : Double(found) / Double(events) }
  /// Nil for a town too short to be judged.
  public var falseAlarmsPerSensorYear: Double? { sensorYears > 0 ? Double(falseAlarms) / sensorYears : nil }

  private static let warmup = 14.0
  private static let grace = 6.0
  private static let longest = 60.0 * 24
  /// Share of the mean flow below which a leak is not judged.
  fileprivate static let smallest = 0.03

  /// - Parameter alerts: in any order.
  /// - Complexity: O(alerts · events)
  public init(_ town: Town, alerts: [Alert]) {
    let s = town.scenario
    sensorYears = max(0, Double(s.days) - TownScore.warmup) * Double(s.meters.count) / 365.25
    let judged = s.events.indices.filter { n in s.events[n].kind.isLeak && s.meters.indices.contains { town.shows(s.events[n], at: $0) } }
    for n in judged { leaks[s.events[n].kind.rawValue, default: Found()].events += 1 }
    var open = Set(judged)
    for a in alerts.sorted(by: { ($0.time, $0.meter) < ($1.time, $1.meter) }) { judge(a, town, open: &open) }
    for kind in leaks.keys { leaks[kind]?.hours.sort() }
  }

  private mutating func judge(_ a: Alert, _ town: Town, open: inout Set<Int>) {
    let s = town.scenario
    let day = Double(a.time.since(town.start)) / 86_400_000
    let here = s.events.indices.filter { n in
      let hours = s.events[n].hours(at: day)
      return town.reaches(s.events[n], a.meter) && hours >= 0 && hours <= s.events[n].hours + TownScore.grace
    }
    let leaks = here.filter { s.events[$0].kind.isLeak }
    let fresh = leaks.filter {
      let hours = s.events[$0].hours(at: day)
      return open.contains($0) && town.shows(s.events[$0], at: a.meter) && hours <= min(s.events[$0].hours, TownScore.longest)
    }
    if let newest = fresh.max(by: { s.events[$0].day < s.events[$1].day }) {
      open.remove(newest)
      self.leaks[s.events[newest].kind.rawValue]?.found += 1
      self.leaks[s.events[newest].kind.rawValue]?.hours.append(s.events[newest].hours(at: day))
      return
    }
    // A leak told of again, a cold night, or a baseline that is not yet one.
    guard leaks.isEmpty, day >= TownScore.warmup, !here.contains(where: { s.events[$0].kind == .freeze }) else { return }
    falseAlarms += 1
    let kinds = Set(here.map { s.events[$0].kind.rawValue })
    for kind in kinds.isEmpty ? ["none"] : kinds { causes[kind, default: 0] += 1 }
  }
}

extension Town {
  /// Whether a leak is large enough at meter `i` to be found there.
  fileprivate func shows(_ e: Scenario.Event, at i: Int) -> Bool { reaches(e, i) && e.flow >= TownScore.smallest * meanFlow[i] }
}

extension TownScore {
  private enum Key: String, CodingKey {
    case events, found, detectionRate = "detection_rate", falseAlarms = "false_alarms", perYear = "false_alarms_per_sensor_year"
    case sensorYears = "sensor_years", kinds, causes
  }

  private struct KindLine: Encodable {
    var events: Int
    var found: Int
    var median_hours: Double?
    var longest_hours: Double?
  }

  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(events, forKey: .events)
    try c.encode(found, forKey: .found)
    try c.encodeIfPresent(detectionRate, forKey: .detectionRate)
    try c.encode(falseAlarms, forKey: .falseAlarms)
    try c.encodeIfPresent(falseAlarmsPerSensorYear, forKey: .perYear)
    try c.encode(sensorYears, forKey: .sensorYears)
    let lines = leaks.mapValues { KindLine(events: $0.events, found: $0.found, median_hours: $0.medianHours, longest_hours: $0.hours.last) }
    try c.encode(lines, forKey: .kinds)
    try c.encode(causes, forKey: .causes)
  }
}
