import Readings

extension Town {
  /// What the gauges show: index of a gauge = number of meters + its place.
  /// - Parameter flows: of each meter without events, m³/h.
  func gauged(_ flows: [[Double]], seed: UInt64) -> [TownReading] {
    var readings: [TownReading] = []
    readings.reserveCapacity(scenario.gauges.count * steps)
    for (i, g) in scenario.gauges.enumerated() {
      var random = Random(seed: seed, part: g.id)
      let flow = scenario.meters.firstIndex { $0.id == g.meter }.map { loaded(flows[$0], at: $0) } ?? []
      let values =
        switch g.kind {
        case .temperature: temperatures(g, &random)
        case .pressure: pressures(g, flow)
        case .level: level(of: g) ?? levels(g, flow)
        }
      for k in 0..<steps {
        let value = ((values[k] + g.noise * random.normal()) * 1000).rounded() / 1000
        readings.append(TownReading(meter: scenario.meters.count + i, time: time(k), arrival: time(k), value: value, sequence: Int64(k)))
      }
    }
    return readings
  }

  private func temperatures(_ g: Scenario.Gauge, _ random: inout Random) -> [Double] {
    let weather = DailyFactor(days: scenario.days, spread: 0.15, random: &random)
    let cold = scenario.events.filter { $0.kind == .freeze }
    return (0..<steps).map { k in
      let day = Double(k * scenario.interval) / 86_400
      // From 05:00 up to 14:00, then down again.
      let hour = Double(calendar.millisecondOfDay(of: time(k))) / 3_600_000
      let x = hour >= 5 && hour < 14 ? (hour - 5) / 9 : 1 - ((hour + 10).truncatingRemainder(dividingBy: 24)) / 15
      let wave = 2 * x * x * (3 - 2 * x) - 1
      // People open their taps in the evening because the cold came that afternoon; it goes as it came, within half a day.
      let frost = cold.map { e in max(0, min(1, (e.hours(at: day) + 12) / 12, (e.hours - e.hours(at: day)) / 12)) }.max() ?? 0
      return g.mean + g.swing * wave + 13 * (weather.at(day: day) - 1) - 8 * frost
    }
  }

  /// Head is lost by the square of the flow (Darcy and Weisbach).
  private func pressures(_ g: Scenario.Gauge, _ flow: [Double]) -> [Double] {
    let mean = max(0.001, flow.reduce(0, +) / Double(max(1, flow.count)))
    return flow.map { max(0, g.mean - g.swing * ($0 / mean) * ($0 / mean)) }
  }

  /// Of the tank behind a meter whose pump fills it; nil where the scenario tells of no tank.
  private func level(of g: Scenario.Gauge) -> [Double]? {
    scenario.meters.firstIndex { $0.id == g.meter }.flatMap(held(at:)).map { $0.map { $0 / g.area } }
  }

  /// A pump of 1.6 times the mean outflow runs from the lower to the upper mark.
  private func levels(_ g: Scenario.Gauge, _ flow: [Double]) -> [Double] {
    let mean = flow.reduce(0, +) / Double(max(1, flow.count))
    var level = g.mean
    var isPumping = false
    return flow.map { out in
      let shown = level
      if level < g.mean - g.swing { isPumping = true } else if level > g.mean + g.swing { isPumping = false }
      level = max(0, level + ((isPumping ? 1.6 * mean : 0) - out) * Double(scenario.interval) / 3600 / g.area)
      return shown
    }
  }
}
