extension Scenario {
  /// The mass balance of a tank that a pump fills and whose level is measured: a meter of its own (`tanks:` of the settings).
  public struct Balance: Sendable {
    /// Index of the gauge of the level, and those of the meters through which the water comes and goes.
    public let gauge: Int
    public let inlets: [Int]
    public let outlets: [Int]
    /// m²
    public let area: Double
  }

  /// In the order of the gauges. Totalizers cannot be added up.
  public var balances: [Balance] {
    gauges.indices.compactMap { g in
      guard gauges[g].kind == .level, let i = meters.firstIndex(where: { $0.id == gauges[g].meter }), meters[i].tank > 0 else { return nil }
      let outlets = meters.indices.filter { meters[$0].parent == meters[i].id }
      guard ([i] + outlets).allSatisfy({ !meters[$0].isRegister }) else { return nil }
      return Balance(gauge: g, inlets: [i], outlets: outlets, area: gauges[g].area)
    }
  }

  /// The sensor of a balance: `municipality/zone/GAUGE-balance/flow`.
  public func sensor(of b: Balance) -> String { "\(tank(of: b))-balance/flow" }

  /// As the settings name the tank.
  public func tank(of b: Balance) -> String { "\(municipality)/\(gauges[b.gauge].zone)/\(gauges[b.gauge].id)" }
}
