/// The drawing of a plan.
struct PlanDraft {
  private struct Place {
    var id: String
    /// m³/h
    var mean: Double
  }

  private let plan: TownPlan
  private let seed: UInt64
  private var random: Random
  private var places: [Place] = []
  private var lines: [String] = []

  init(_ plan: TownPlan, seed: UInt64) {
    self.plan = plan
    self.seed = seed
    random = Random(seed: seed, part: "plan")
  }

  mutating func yaml() -> String {
    head()
    lines.append("meters:")
    for i in 0..<plan.meters { meter(i) }
    for i in 0..<plan.largeUsers { largeUser(i) }
    lines.append("events:")
    leaks()
    shortUse()
    if plan.hasTourism { tourists() }
    if plan.isCold { cold() }
    if plan.isLoRaWAN { faults() }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func head() {
    lines = [
      "# mizumori-sim new --seed \(seed): \(plan.zones) zones, \(plan.meters) meters, \(plan.households) households.",
      "municipality: \(plan.municipality)", "name: \(quoted(plan.name))", "start: \(plan.isCold ? "2026-12-01" : "2026-04-01")",
      "days: \(plan.days)", "interval_s: \(plan.interval)", "weather: 0.04", "season: \(plan.hasTourism ? 0.15 : 0.1)",
      "holidays: \(plan.hasTourism ? 0.15 : 0.03)",
    ]
    if plan.isLoRaWAN { lines.append("dialect: tts") }
  }

  private mutating func meter(_ i: Int) {
    let zone = i % plan.zones
    let id = i < plan.zones ? "z\(zone + 1)-in" : "z\(zone + 1)-m\(i / plan.zones)"
    let homes = Double(plan.households) / Double(plan.meters)
    // Leaks of long standing keep the water running at night.
    let mean = rounded(max(0.05, homes * Households.meanFlow * 1.15 * range(0.7, 1.3)))
    let isResort = plan.hasTourism && i % 4 == 3
    let single = mean < 4 ? min(Int(homes), Int(0.7 * mean / Households.meanFlow)) : 0
    var line = "  - { id: \(id), zone: z\(zone + 1), mean_m3h: \(mean)"
    line += ", noise: \(rounded(range(0.04, 0.09))), night: \(rounded(range(0.2, 0.45)))"
    if isResort { line += ", shape: resort" }
    if single > 0 { line += ", households: \(single)" }
    if i >= plan.zones { line += ", parent: z\(zone + 1)-in" }
    lines.append(line + radio() + " }")
    places.append(Place(id: id, mean: mean))
  }

  private mutating func largeUser(_ i: Int) {
    let zone = i % plan.zones + 1
    let mean = rounded(range(2, 8))
    lines.append(
      "  - { id: user\(i + 1), zone: z\(zone), mean_m3h: \(mean), noise: 0.09, night: 0.15, shape: commercial, parent: z\(zone)-in\(radio()) }"
    )
  }

  private mutating func radio() -> String {
    guard plan.isLoRaWAN else { return "" }
    let battery = Int(range(60, 100))
    return ", late: 0.02, doubled: 0.01, lost: 0.02, battery: \(battery)"
  }

  /// One for each five meters, from the third week.
  private mutating func leaks() {
    for n in 0..<max(2, plan.meters / 5) {
      let place = place()
      let flow = rounded(max(0.2, place.mean * range(0.15, 0.6)))
      if n % 2 == 0 {
        event("burst", place, day: range(15, Double(plan.days) - 3), hours: range(12, 96), flow: flow)
      } else {
        event("incipient", place, day: range(15, Double(plan.days) - 10), hours: range(240, 700), flow: flow)
      }
    }
  }

  /// Hydrants: washing, drills, now and then a fire.
  private mutating func shortUse() {
    for _ in 0..<max(1, plan.zones * plan.days / 60) {
      event("flushing", place(), day: range(1, Double(plan.days) - 1), hours: range(0.3, 2), flow: rounded(range(6, 40)))
    }
  }

  private mutating func tourists() {
    for day in stride(from: 12.0, to: Double(plan.days) - 3, by: 21) {
      let place = place()
      event("tourist", place, day: day + 0.6, hours: 66, flow: rounded(place.mean * 0.5))
    }
  }

  /// The same nights everywhere; after the thaw small leaks at some places.
  private mutating func cold() {
    for day in stride(from: 20.0, to: Double(plan.days) - 8, by: 24) {
      for zone in 0..<plan.zones { event("freeze", places[zone], day: day + 0.75, hours: 40, flow: rounded(places[zone].mean * 0.4)) }
      for _ in 0..<max(1, plan.meters / 12) {
        let place = place()
        event("burst", place, day: day + range(2.6, 3.2), hours: range(20, 90), flow: rounded(max(0.1, place.mean * range(0.08, 0.25))))
      }
    }
  }

  private mutating func faults() {
    for (n, kind) in ["late", "gap", "stuck", "flapping", "duplicate"].enumerated() where n < plan.meters {
      event(kind, place(), day: range(10, Double(plan.days) - 2), hours: range(4, 20), flow: 0)
    }
  }

  private mutating func event(_ kind: String, _ place: Place, day: Double, hours: Double, flow: Double) {
    let size = flow > 0 ? ", flow_m3h: \(flow)" : ""
    lines.append("  - { kind: \(kind), meter: \(place.id), day: \(rounded(day)), hours: \(rounded(hours))\(size) }")
  }

  private mutating func place() -> Place { places[min(places.count - 1, Int(random.uniform() * Double(places.count)))] }

  private mutating func range(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }

  private func rounded(_ v: Double) -> Double { (v * 100).rounded() / 100 }

  private func quoted(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
}
