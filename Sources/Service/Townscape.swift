import Readings

/// How the meters lie: which make up a zone, which stand for its flow, which show the same water.
struct Townscape: Sendable {
  struct Zone: Sendable {
    /// `municipality/zone`
    let id: String
    let municipality: String
    var members: [SensorID] = []
    /// What its flow is the sum of: its sum of meters, else the flow meters with no other above them in the zone.
    var inflow: [SensorID] = []
  }

  /// By id.
  let zones: [Zone]
  /// Sums of meters.
  let nets: Set<SensorID>
  let parents: [SensorID: SensorID]
  let tree: WaterTree
  /// Meters of flow that have no other above them.
  let sources: [SensorID]

  /// - Complexity: O(meters + members of zones)
  init(_ ids: [SensorID], _ profiles: ProfileBook) {
    let known = Set(ids)
    let nets = Set(profiles.zones.map(\.id))
    self.nets = nets
    var parents: [SensorID: SensorID] = [:]
    for id in ids { parents[id] = profiles.parent(of: id) }
    self.parents = parents
    tree = WaterTree(parents: parents, zones: profiles.zones)
    func isFlow(_ id: SensorID) -> Bool { id.quantity == .flow || (id.quantity == .total && !known.contains(id.sibling(.flow))) }
    let meters = ids.filter { isFlow($0) && !nets.contains($0) && !profiles.isBalance($0) }
    sources = meters.filter { parents[$0] == nil }
    var zones: [String: Zone] = [:]
    for id in ids {
      let name = "\(id.municipality)/\(id.zone)"
      zones[name, default: Zone(id: name, municipality: id.municipality)].members.append(id)
    }
    for id in meters {
      let isBelow = parents[id].map { $0.municipality == id.municipality && $0.zone == id.zone } ?? false
      if !isBelow { zones["\(id.municipality)/\(id.zone)"]?.inflow.append(id) }
    }
    for id in nets where known.contains(id) { zones["\(id.municipality)/\(id.zone)"]?.inflow = [id] }
    self.zones = zones.values.sorted { $0.id < $1.id }
  }
}
