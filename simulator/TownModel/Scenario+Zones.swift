extension Scenario {
  /// A zone as the sum of its meters: water comes in at the meters whose meter above is elsewhere, and leaves for those of other zones that
  /// hang below one of its own.
  public struct ZoneSum: Sendable {
    public let id: String
    public let name: String
    /// Indices of meters.
    public let inlets: [Int]
    public let outlets: [Int]
    /// Whether it can be added up: only flows can, and at most 16.
    public let isSum: Bool
  }

  /// In the order in which the meters name them. O(zones · meters): ask once.
  public var zoneSums: [ZoneSum] {
    var seen: Set<String> = []
    let zones = Dictionary(meters.map { ($0.id, $0.zone) }) { first, _ in first }
    return meters.filter { seen.insert($0.zone).inserted }.map { first in
      func zoneAbove(_ m: Meter) -> String? { m.parent.flatMap { zones[$0] } }
      let inlets = meters.indices.filter { meters[$0].zone == first.zone && zoneAbove(meters[$0]) != first.zone }
      let outlets = meters.indices.filter { meters[$0].zone != first.zone && zoneAbove(meters[$0]) == first.zone }
      let all = inlets + outlets
      return ZoneSum(
        id: first.zone, name: first.zoneName, inlets: inlets, outlets: outlets,
        isSum: all.allSatisfy { !meters[$0].isRegister } && all.count <= 16)
    }
  }
}
