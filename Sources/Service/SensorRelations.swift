import Readings
import Settings

/// How the settings relate sensors to each other, looked up by sensor: who is upstream of whom, and which zones a meter is part of.
struct SensorRelations: Sendable {
  /// Zones, by their place in the plans, of which a sensor is a member or the sum.
  private var zones: [SensorID: [Int]] = [:]
  /// Virtual sensors of zones.
  private(set) var sums: Set<SensorID> = []
  /// The only inlet of the zone whose sum or outlet this is.
  private var inlets: [SensorID: SensorID] = [:]
  /// Sensors that the settings may put below this one.
  private var below: [SensorID: [SensorID]] = [:]

  /// - Complexity: O(sensors of the settings + members of zones)
  init(_ plans: [ZonePlan], _ sensors: [SensorID: MizumoriSettings.Sensor]) {
    for (n, plan) in plans.enumerated() {
      sums.insert(plan.id)
      for id in Set([plan.id] + plan.inlets + plan.outlets) { zones[id, default: []].append(n) }
      guard plan.inlets.count == 1 else { continue }
      for id in [plan.id] + plan.outlets where inlets[id] == nil { inlets[id] = plan.inlets[0] }
      below[plan.inlets[0], default: []] += [plan.id] + plan.outlets
    }
    for (id, sensor) in sensors {
      if let parent = sensor.parent { below[parent, default: []].append(id) }
    }
  }

  /// O(1)
  func zones(of id: SensorID) -> [Int] { zones[id] ?? [] }
  /// O(1)
  func inlet(above id: SensorID) -> SensorID? { inlets[id] }
  /// O(1)
  func candidates(below id: SensorID) -> [SensorID] { below[id] ?? [] }
}
