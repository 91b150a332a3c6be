import Readings

extension Town {
  /// What the meters show and the lines deliver.
  func published(_ flows: [[Double]], seed: UInt64) -> [TownReading] {
    var readings: [TownReading] = []
    readings.reserveCapacity(scenario.meters.count * steps)
    for (i, flow) in flows.enumerated() { publish(i, flow, seed: seed, to: &readings) }
    return readings
  }

  func hours(of e: Scenario.Event, at step: Int) -> Double { e.hours(at: Double(step * scenario.interval) / 86_400) }

  /// The steps in which an event is going on.
  func steps(of e: Scenario.Event) -> Range<Int> {
    func first(after seconds: Double) -> Int { min(steps, Int((seconds / Double(scenario.interval)).rounded(.up))) }
    let from = first(after: e.day * 86_400)
    return from..<max(from, first(after: e.day * 86_400 + e.hours * 3600))
  }

  private func publish(_ meter: Int, _ flow: [Double], seed: UInt64, to readings: inout [TownReading]) {
    // Where a tank lies between, water does not come as it is used.
    let flow = tanks.isEmpty ? flow : loaded(flow, at: meter)
    let events = scenario.events.filter { reaches($0, meter) && (tanks.isEmpty || !$0.kind.isWater) }
      .map { (event: $0, course: Course($0, scenario)) }
    var line = Transport(scenario.meters[meter], seed: seed)
    let end = start.adding(seconds: Int64(scenario.days) * 86_400)
    let deliveries = Deliveries(scenario.meters[meter], days: scenario.days, seed: seed)
    var face = MeterFace(quantum: scenario.meters[meter].quantum)
    for (k, base) in flow.enumerated() {
      let t = time(k)
      var value = base
      var copies = 1
      var faults = MeterFace.Faults()
      var arrival = t
      for (e, course) in events {
        let hours = e.hours(at: Double(k * scenario.interval) / 86_400)
        if e.isSilent(hours: hours) { copies = 0 }
        guard hours >= 0, hours < e.hours else { continue }
        value += e.flow(hours: hours) * course.share(t, calendar)
        switch e.kind {
        case .late: arrival = max(arrival, start.adding(milliseconds: e.milliseconds + Int64(e.hours * 3_600_000)))
        case .duplicate: copies = min(copies, 1) * 2
        default: faults.note(e)
        }
      }
      line.deliver(&arrival, &copies)
      if let deliveries { arrival = deliveries.next(at: arrival, start: start) }
      // What would be delivered after the end has not come.
      if deliveries != nil, arrival >= end { copies = 0 }
      let reading = TownReading(
        meter: meter, time: t.adding(milliseconds: faults.ahead), arrival: arrival, value: face.shows(value, faults), sequence: Int64(k))
      for _ in 0..<copies { readings.append(reading) }
    }
  }

  /// The truth about meter `i`.
  func labels(of i: Int) -> [TownLabel] {
    var out: [TownLabel] = []
    for e in scenario.events where reaches(e, i) {
      guard e.kind != .flapping, e.kind != .deadBattery else {
        out += e.silences(until: Double(scenario.days)).map { silence(e, at: i, hours: $0) }
        continue
      }
      let label = label(e, at: i)
      // What many places do at once is one event at the meter above them; leaks stay apart, each is to be found.
      let same = out.firstIndex { !e.kind.isLeak && $0.kind == e.kind && $0.start == label.start && $0.end == label.end }
      if let same { out[same].add(label) } else { out.append(label) }
    }
    return out
  }

  private func silence(_ e: Scenario.Event, at i: Int, hours: Range<Double>) -> TownLabel {
    let ends = [hours.lowerBound, hours.upperBound].map { start.adding(milliseconds: e.milliseconds + Int64(($0 * 3_600_000).rounded())) }
    return TownLabel(meter: i, kind: .gap, start: ends[0], end: ends[1], peak: 0, volume: 0, profile: [])
  }

  private func label(_ e: Scenario.Event, at i: Int) -> TownLabel {
    // What the scenario's end cuts off has not happened.
    let hours = min(e.hours, (Double(scenario.days) - e.day) * 24)
    let profile = e.profile(hours: hours)
    // Trapezoids between the bends of the profile: exact.
    let volume = zip(profile, profile.dropFirst()).reduce(0.0) { $0 + ($1.0.1 + $1.1.1) / 2 * ($1.1.0 - $1.0.0) }
    let from = start.adding(milliseconds: e.milliseconds)
    return TownLabel(
      meter: i, kind: e.kind, start: from, end: from.adding(milliseconds: Int64((hours * 3_600_000).rounded())),
      peak: profile.map(\.1).max() ?? 0, volume: volume, profile: profile)
  }
}

extension TownLabel {
  /// Adds what happens at another place at the same time.
  fileprivate mutating func add(_ other: TownLabel) {
    peak += other.peak
    volume += other.volume
    profile = zip(profile, other.profile).map { ($0.0, $0.1 + $1.1) }
  }
}

extension Scenario.Event {
  /// A slow leak has grown to its full size after this share of its time, new demand after this many hours.
  private static let growth = 0.8
  private static let settling = 240.0

  /// Milliseconds after the scenario's start.
  var milliseconds: Int64 { Int64((day * 86_400_000).rounded()) }

  /// Hours since its start.
  func hours(at day: Double) -> Double { (day - self.day) * 24 }

  /// m³/h that it adds `hours` (≥ 0) after its start, while it lasts.
  func flow(hours: Double) -> Double {
    switch kind {
    case .burst, .tankLeak, .flushing, .fire, .pool, .spike, .freeze: flow
    case .incipient: flow * min(1, hours / (Scenario.Event.growth * self.hours))
    case .growth: flow * min(1, hours / Scenario.Event.settling)
    // The first come in the evening, the last leave in the morning; heat comes and goes within half a day too.
    case .tourist, .heat: flow * min(1, hours / 12, (self.hours - hours) / 12)
    case .gap, .stuck, .late, .duplicate, .reset, .reverse, .unit, .clock, .replaced, .rollover, .shutoff, .flapping, .deadBattery: 0
    }
  }

  /// A gateway that comes and goes, hours: of each round the last part is lost.
  private static let round = 3.0
  private static let outage = 1.25

  /// Whether nothing comes `hours` after its start.
  func isSilent(hours: Double) -> Bool {
    switch kind {
    case .gap: hours >= 0 && hours < self.hours
    case .deadBattery: hours >= self.hours
    case .flapping:
      hours >= 0 && hours < self.hours
        && hours.truncatingRemainder(dividingBy: Scenario.Event.round) >= Scenario.Event.round - Scenario.Event.outage
    default: false
    }
  }

  /// Hours after its start in which nothing comes.
  /// - Parameter day: the scenario's end.
  func silences(until day: Double) -> [Range<Double>] {
    let last = hours(at: day)
    switch kind {
    case .gap: return [0..<min(hours, last)]
    case .deadBattery: return hours < last ? [hours..<last] : []
    case .flapping:
      let end = min(hours, last)
      return stride(from: Scenario.Event.round, to: end + Scenario.Event.outage, by: Scenario.Event.round).map {
        ($0 - Scenario.Event.outage)..<min($0, end)
      }
    default: return []
    }
  }

  /// (hours after the start, m³/h) at 25 even points and at the bend.
  func profile(hours end: Double) -> [(Double, Double)] {
    let bend = Scenario.Event.growth * hours
    var points = (0...24).map { end * Double($0) / 24 }
    if kind == .incipient, bend < end { points.append(bend) }
    return points.sorted().map { ($0, flow(hours: $0)) }
  }
}
