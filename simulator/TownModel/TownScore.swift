import Readings

/// What alerts were worth against what truly happened in a town.
///
/// A leak is found when a leak alert comes at a place that shows it, from its start to its end and within 60 days; leaks that are less than
/// 3 % of the mean flow of every meter that shows them are not judged. Outside leaks every leak alert is a false alarm, but for the first
/// 14 days, freezing, and the 6 hours after a leak. The rules are those of labelled sets, with one difference: a leak that shows at
/// several meters counts once. A fault is told when an event of its own kind comes at its meter up to a day after its end; what moves the
/// whole town (cold, heat) when one common cause is told.
public struct TownScore: Sendable {
  /// Where an alert was told.
  public enum Place: Hashable, Sendable {
    /// Index in the scenario.
    case meter(Int), gauge(Int)
    /// Its net inflow.
    case zone(String)
  }

  /// An event that opened or became graver.
  public struct Alert: Hashable, Sendable {
    public var place: Place
    public var kind: EventKind
    public var time: Timestamp

    public init(place: Place, kind: EventKind, time: Timestamp) {
      self.place = place
      self.kind = kind
      self.time = time
    }
  }

  /// What happened of one kind, and what was told of it.
  public struct Found: Sendable {
    public var events = 0
    public var found = 0
    /// Hours from the start to the first alert of those found, in ascending order.
    public var hours: [Double] = []
    /// Hours; the upper one of the two in the middle; nil where none was found.
    public var medianHours: Double? { hours.isEmpty ? nil : hours[hours.count / 2] }

    mutating func find(after hours: Double) {
      found += 1
      self.hours.append(hours)
    }
  }

  /// By the name of the kind.
  public private(set) var leaks: [String: Found] = [:]
  public private(set) var faults: [String: Found] = [:]
  /// Cold and heat.
  public private(set) var common: [String: Found] = [:]
  public private(set) var falseAlarms = 0
  /// False alarms by what happened at that time; `none` where nothing did.
  public private(set) var causes: [String: Int] = [:]
  /// Events of sensor health at meters at which the scenario has no fault then, by code. On a line that loses readings they may be right.
  public private(set) var strayFaults: [String: Int] = [:]
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
  /// Hours after its end in which a fault, or what moves the whole town, may still be told.
  private static let afterwards = 24.0
  /// Share of the mean flow below which a leak is not judged.
  fileprivate static let smallest = 0.03

  /// - Parameter alerts: in any order.
  /// - Complexity: O(alerts · events)
  public init(_ town: Town, alerts: [Alert]) {
    let s = town.scenario
    sensorYears = max(0, Double(s.days) - TownScore.warmup) * Double(s.meters.count) / 365.25
    let judged = s.events.indices.filter { n in
      s.events[n].kind.isLeak && s.meters.indices.contains { town.shows(s.events[n], at: .meter($0)) }
    }
    for n in judged { leaks[s.events[n].kind.rawValue, default: Found()].events += 1 }
    var open = Set(judged)
    let ordered = alerts.sorted { ($0.time, $0.place.order) < ($1.time, $1.place.order) }
    for a in ordered where a.kind.isLeak { judge(a, town, open: &open) }
    for kind in leaks.keys { leaks[kind]?.hours.sort() }
    followFaults(town, ordered.filter(\.kind.isHealth))
    followCommonCauses(town, ordered.filter { $0.kind == .commonCause })
  }

  private mutating func judge(_ a: Alert, _ town: Town, open: inout Set<Int>) {
    let s = town.scenario
    let day = town.day(a.time)
    let here = s.events.indices.filter { n in
      let hours = s.events[n].hours(at: day)
      return town.reaches(s.events[n], a.place) && hours >= 0 && hours <= s.events[n].hours + TownScore.grace
    }
    let leaks = here.filter { s.events[$0].kind.isLeak }
    let fresh = leaks.filter {
      let hours = s.events[$0].hours(at: day)
      return open.contains($0) && town.shows(s.events[$0], at: a.place) && hours <= min(s.events[$0].hours, TownScore.longest)
    }
    if let newest = fresh.max(by: { s.events[$0].day < s.events[$1].day }) {
      open.remove(newest)
      self.leaks[s.events[newest].kind.rawValue]?.find(after: s.events[newest].hours(at: day))
      return
    }
    // A leak told of again, a cold night, or a baseline that is not yet one.
    guard leaks.isEmpty, day >= TownScore.warmup, !here.contains(where: { s.events[$0].kind == .freeze }) else { return }
    falseAlarms += 1
    let kinds = Set(here.map { s.events[$0].kind.rawValue })
    for kind in kinds.isEmpty ? ["none"] : kinds { causes[kind, default: 0] += 1 }
  }

  private mutating func followFaults(_ town: Town, _ alerts: [Alert]) {
    var explained = Set<Alert>()
    for e in town.scenario.events where !e.kind.toldAs.isEmpty {
      let near = alerts.filter { a in
        guard case .meter(let i) = a.place, town.scenario.meters[i].id == e.meter else { return false }
        let hours = e.hours(at: town.day(a.time))
        // A clock that is behind is told at the time of the reading before; a battery that dies falls silent at its end.
        return hours >= (e.kind == .deadBattery ? e.hours : -1) && hours <= e.hours + TownScore.afterwards
      }
      explained.formUnion(near)
      faults[e.kind.rawValue, default: Found()].events += 1
      guard let first = near.first(where: { e.kind.toldAs.contains($0.kind) }) else { continue }
      faults[e.kind.rawValue]?.find(after: max(0, e.hours(at: town.day(first.time))))
    }
    for kind in faults.keys { faults[kind]?.hours.sort() }
    for a in alerts where !explained.contains(a) { strayFaults[a.kind.code, default: 0] += 1 }
  }

  /// What comes to several meters at once is one event.
  private mutating func followCommonCauses(_ town: Town, _ alerts: [Alert]) {
    var seen: [Scenario.Event] = []
    for e in town.scenario.events where e.kind == .freeze || e.kind == .heat {
      guard !seen.contains(where: { $0.kind == e.kind && abs($0.day - e.day) < 0.5 }) else { continue }
      seen.append(e)
      common[e.kind.rawValue, default: Found()].events += 1
      let hours = alerts.map { e.hours(at: town.day($0.time)) }.first { $0 >= 0 && $0 <= e.hours + TownScore.afterwards }
      if let hours { common[e.kind.rawValue]?.find(after: hours) }
    }
    for kind in common.keys { common[kind]?.hours.sort() }
  }
}

extension Scenario.Kind {
  /// The kinds of sensor health as which a fault may be told; empty for what is none.
  var toldAs: Set<EventKind> {
    switch self {
    case .gap, .flapping, .deadBattery: [.gap]
    case .stuck: [.stuck]
    // A flow meter shows 0, a totalizer counts from 0.
    case .reset: [.reset, .stuck, .outOfRange, .unitJump]
    case .replaced, .rollover: [.reset]
    case .reverse: [.reverseFlow]
    case .unit: [.unitJump, .outOfRange]
    case .clock: [.clockSkew]
    case .late: [.lateFlush, .gap]
    case .spike: [.spike]
    default: []
    }
  }
}

extension TownScore.Place {
  /// Meters, gauges, zones.
  fileprivate var order: String {
    func digits(_ n: Int) -> String { String(repeating: "0", count: max(0, 8 - String(n).count)) + String(n) }
    return switch self {
    case .meter(let i): "a" + digits(i)
    case .gauge(let i): "b" + digits(i)
    case .zone(let id): "c" + id
    }
  }
}

extension Town {
  /// Days after the start.
  fileprivate func day(_ t: Timestamp) -> Double { Double(t.since(start)) / 86_400_000 }

  /// Whether an event shows at a place: in a zone's net inflow where its water comes in by an inlet and leaves by no outlet.
  fileprivate func reaches(_ e: Scenario.Event, _ place: TownScore.Place) -> Bool {
    switch place {
    case .meter(let i): return reaches(e, i)
    case .gauge(let i): return scenario.meters.firstIndex { $0.id == scenario.gauges[i].meter }.map { reaches(e, $0) } ?? false
    case .zone(let id):
      guard let z = zoneSums[id] else { return false }
      let isInside = z.inlets.contains { reaches(e, $0) } && !z.outlets.contains { reaches(e, $0) }
      return isInside || !e.kind.isWater && z.outlets.contains { reaches(e, $0) }
    }
  }

  /// Whether a leak is large enough at a place to be found there.
  fileprivate func shows(_ e: Scenario.Event, at place: TownScore.Place) -> Bool {
    guard reaches(e, place) else { return false }
    return switch place {
    case .meter(let i): e.flow >= TownScore.smallest * meanFlow[i]
    case .gauge: true
    case .zone(let id):
      zoneSums[id].map { z in
        let mean = z.inlets.reduce(0) { $0 + meanFlow[$1] } - z.outlets.reduce(0) { $0 + meanFlow[$1] }
        return e.flow >= TownScore.smallest * mean
      } ?? false
    }
  }
}
