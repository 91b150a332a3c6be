import Detection
import Readings
import TownModel

/// The sensors of a town as the settings of `mizumori-sim settings` describe them: meters, gauges, and zones as sums of meters.
struct TrialPlan: Sendable {
  private let scenario: Scenario
  /// Zones that are sums; their slots follow those of meters and gauges.
  private let zones: [Scenario.ZoneSum]
  /// Their slots follow those of zones.
  private let balances: [Scenario.Balance]

  init(_ scenario: Scenario) {
    self.scenario = scenario
    zones = scenario.zoneSums.filter(\.isSum)
    balances = scenario.balances
  }

  func addSensors(to detector: inout Detector) {
    let s = scenario
    let interval = Int64(s.interval) * 1000
    for m in s.meters {
      let parent = m.parent.flatMap { p in s.meters.firstIndex { $0.id == p } }
      _ = detector.addSensor(
        SensorProfile(quantity: m.isRegister ? .total : .flow, expectedInterval: interval, parent: parent.map { SensorSlot($0) }))
    }
    for g in s.gauges {
      let isCold = g.kind == .temperature
      _ = detector.addSensor(
        SensorProfile(
          quantity: Quantity(name: g.kind.rawValue) ?? .level, expectedInterval: interval, range: isCold ? -40...60 : nil,
          allowsReverseFlow: isCold))
    }
    for z in zones {
      let inlet = z.inlets.count == 1 ? SensorSlot(z.inlets[0]) : nil
      let slot = detector.addSensor(SensorProfile(expectedInterval: interval, parent: inlet))
      let inflow = z.inlets.map { ZoneMember(slot: SensorSlot($0), isOutlet: false) }
      let outflow = z.outlets.map { ZoneMember(slot: SensorSlot($0), isOutlet: true) }
      detector.setZone(slot, inflow + outflow)
    }
    for b in balances { add(b, to: &detector) }
  }

  private func add(_ b: Scenario.Balance, to detector: inout Detector) {
    guard let shape = TankShape(area: b.area) else { return }
    let inflow = b.inlets.map { ZoneMember(slot: SensorSlot($0), isOutlet: false) }
    let outflow = b.outlets.map { ZoneMember(slot: SensorSlot($0), isOutlet: true) }
    let slot = detector.addSensor(SensorProfile(expectedInterval: Int64(scenario.interval) * 1000))
    // The resolution that the settings take where they do not name it.
    let width = shape.width(resolution: 0.01, error: detector.settings.minimumLeak)
    detector.setTank(slot, inflow + outflow, level: SensorSlot(scenario.meters.count + b.gauge), shape: shape, leastWidth: width)
  }

  /// Where a sensor's events happen: those of a tank's balance at its gauge.
  func place(_ slot: SensorSlot) -> TownScore.Place? {
    let i = Int(slot)
    if i < scenario.meters.count { return .meter(i) }
    if i < scenario.sensors { return .gauge(i - scenario.meters.count) }
    if zones.indices.contains(i - scenario.sensors) { return .zone(zones[i - scenario.sensors].id) }
    let b = i - scenario.sensors - zones.count
    return balances.indices.contains(b) ? .gauge(balances[b].gauge) : nil
  }
}
