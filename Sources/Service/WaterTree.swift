import Readings

/// Which meters show the same water, so that it is counted once: a meter, and those downstream of it.
struct WaterTree: Sendable {
  private var children: [SensorID: [SensorID]] = [:]
  private var parents: [SensorID: SensorID] = [:]

  /// - Parameters:
  ///   - parents: the meter upstream, of those that have one.
  ///   - zones: sums of meters. One of several inlets stands above these inlets, and below the meter that all of them have upstream; one
  ///     of a single inlet stands below it, and above the other meters of the zone that have that inlet upstream.
  init(parents: [SensorID: SensorID], zones: [ZonePlan]) {
    self.parents = parents
    for zone in zones where zone.inlets.count > 1 {
      let above = Set(zone.inlets.map { parents[$0] })
      self.parents[zone.id] = above.count == 1 ? above.first ?? nil : nil
      for inlet in zone.inlets { self.parents[inlet] = zone.id }
    }
    let below = Dictionary(grouping: parents.keys) { parents[$0] }
    for zone in zones where zone.inlets.count == 1 {
      for id in below[zone.inlets[0]] ?? [] where id != zone.id && WaterTree.isInside(id, zone) { self.parents[id] = zone.id }
      self.parents[zone.id] = zone.inlets[0]
    }
    for (child, parent) in self.parents { children[parent, default: []].append(child) }
  }

  private static func isInside(_ id: SensorID, _ zone: ZonePlan) -> Bool {
    id.municipality == zone.id.municipality && id.zone == zone.id.zone && !zone.outlets.contains(id)
  }

  /// The sum of `own` where a meter counts once with those downstream of it: by its own value, or theirs together when that is more.
  /// - Parameter members: only within these; a meter whose upstream meter is not among them is the beginning.
  /// - Complexity: O(members)
  func total(_ own: [SensorID: Double], within members: some Sequence<SensorID>) -> Double {
    guard !own.isEmpty else { return 0 }
    let all = Set(members)
    var visited: Set<SensorID> = []
    var total = 0.0
    for id in all where parents[id].map({ !all.contains($0) }) ?? true { total += value(id, own, all, &visited) }
    // What is left goes round in circles: settings that cannot be. It counts, each by itself.
    for id in all where !visited.contains(id) { total += own[id] ?? 0 }
    return total
  }

  private func value(_ id: SensorID, _ own: [SensorID: Double], _ all: Set<SensorID>, _ visited: inout Set<SensorID>) -> Double {
    guard visited.insert(id).inserted else { return 0 }
    var below = 0.0
    for child in children[id] ?? [] where all.contains(child) { below += value(child, own, all, &visited) }
    return max(own[id] ?? 0, below)
  }
}
