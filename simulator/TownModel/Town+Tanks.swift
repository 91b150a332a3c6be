import Readings

/// A meter whose pump fills a tank: what is used behind it changes when the pump runs, not how much flows then.
struct Tank: Sendable {
  let pump: Pump
  /// What is used behind the tank and what the pump brings when nothing happens, m³/h.
  let used: [Double]
  let filled: [Double]

  /// - Parameter used: m³/h
  init(_ m: Scenario.Meter, used: [Double], interval: Int) {
    pump = Pump(tank: m.tank, flow: used, interval: interval)
    self.used = used
    filled = pump.fills(used).inflow
  }
}

extension Town {
  /// The flow through meter `i` with the water of all events, m³/h.
  /// - Parameter flow: that without events
  func loaded(_ flow: [Double], at i: Int) -> [Double] {
    if let tank = tanks[i] {
      // A break of the rising main itself runs on whether the pump is on or not.
      return adding({ $0.meter == scenario.meters[i].id && $0.kind != .tankLeak }, to: tank.pump.fills(taken(tank, at: i)).inflow, at: i)
    }
    var flow = adding({ !self.isBehindTank($0, below: i) }, to: flow, at: i)
    for j in tanks.keys.sorted() where isBelow(j, i) && !tanks.keys.contains(where: { isBelow(j, $0) && isBelow($0, i) }) {
      guard let usual = tanks[j]?.filled else { continue }
      let filled = loaded(usual, at: j)
      for k in flow.indices { flow[k] += filled[k] - usual[k] }
    }
    return flow
  }

  /// What a tank holds at the beginning of each step, m³; nil for a meter without one.
  func held(at i: Int) -> [Double]? { tanks[i].map { $0.pump.fills(taken($0, at: i)).held } }

  /// What flows out of a tank, leaks of the tank included.
  private func taken(_ tank: Tank, at i: Int) -> [Double] {
    adding({ $0.meter != scenario.meters[i].id || $0.kind == .tankLeak }, to: tank.used, at: i)
  }

  private func adding(_ isCounted: (Scenario.Event) -> Bool, to flow: [Double], at i: Int) -> [Double] {
    var flow = flow
    for e in scenario.events where e.kind.isWater && reaches(e, i) && isCounted(e) {
      let course = Course(e, scenario)
      for k in steps(of: e) { flow[k] += e.flow(hours: hours(of: e, at: k)) * course.share(time(k), calendar) }
    }
    return flow
  }

  /// Whether the water of an event comes to meter `i` through a tank that stands below that.
  private func isBehindTank(_ e: Scenario.Event, below i: Int) -> Bool {
    tanks.keys.contains { isBelow($0, i) && reaches(e, $0) }
  }

  /// Whether the water of meter `j` comes through meter `i`, another one.
  private func isBelow(_ j: Int, _ i: Int) -> Bool { j != i && isBelow(scenario.meters[j].id, scenario.meters[i].id) }
}
