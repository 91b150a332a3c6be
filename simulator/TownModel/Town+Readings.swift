import Readings

extension Town {
  /// What the meters show and the lines deliver, in order of arrival.
  func published(_ flows: [[Double]]) -> [TownReading] {
    var readings: [TownReading] = []
    readings.reserveCapacity(scenario.meters.count * steps)
    for (i, flow) in flows.enumerated() { publish(i, flow, to: &readings) }
    readings.sort { ($0.arrival, $0.time, $0.meter, $0.sequence) < ($1.arrival, $1.time, $1.meter, $1.sequence) }
    return readings
  }

  private func publish(_ meter: Int, _ flow: [Double], to readings: inout [TownReading]) {
    let quantum = scenario.meters[meter].quantum
    let events = scenario.events.filter { reaches($0, meter) }
    var held: Double?
    var remainder = 0.0
    for (k, base) in flow.enumerated() {
      let t = time(k)
      var value = base
      var copies = 1
      var isStuck = false
      var arrival = t
      for e in events {
        let hours = e.hours(at: Double(k * scenario.interval) / 86_400)
        guard hours >= 0, hours < e.hours else { continue }
        value += e.flow(hours: hours)
        switch e.kind {
        case .gap: copies = 0
        case .stuck: isStuck = true
        case .late: arrival = max(arrival, start.adding(milliseconds: e.milliseconds + Int64(e.hours * 3_600_000)))
        case .duplicate: copies = min(copies, 1) * 2
        case .burst, .incipient, .flushing, .spike: break
        }
      }
      if quantum > 0 {
        // Whole pulses only; what does not make one is counted in the next interval, so no water is lost.
        let pulses = ((value + remainder) / quantum).rounded(.down)
        remainder += value - pulses * quantum
        value = pulses * quantum
      }
      value = (value * 1000).rounded() / 1000
      held = isStuck ? held ?? value : nil
      let reading = TownReading(meter: meter, time: t, arrival: arrival, value: held ?? value, sequence: Int64(k))
      for _ in 0..<copies { readings.append(reading) }
    }
  }

  /// The truth about meter `i`.
  func labels(of i: Int) -> [TownLabel] {
    scenario.events.filter { reaches($0, i) }.map { e in
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
}

extension Scenario.Event {
  /// A slow leak has grown to its full size after this share of its time.
  private static let growth = 0.8

  /// Milliseconds after the scenario's start.
  var milliseconds: Int64 { Int64((day * 86_400_000).rounded()) }

  /// Hours since its start.
  func hours(at day: Double) -> Double { (day - self.day) * 24 }

  /// m³/h that it adds `hours` (≥ 0) after its start, while it lasts.
  func flow(hours: Double) -> Double {
    switch kind {
    case .burst, .flushing, .spike: flow
    case .incipient: flow * min(1, hours / (Scenario.Event.growth * self.hours))
    case .gap, .stuck, .late, .duplicate: 0
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
