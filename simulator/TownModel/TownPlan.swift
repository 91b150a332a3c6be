/// A town in a few words, from which a scenario is drawn.
public struct TownPlan: Hashable, Sendable {
  public var municipality = "machi"
  public var name = "わたしの町"
  /// 1…500, each with a meter at its inlet.
  public var zones = 3
  /// Flow meters, those at the inlets included; at least one a zone, at most 5000.
  public var meters = 8
  /// Of the whole town, 10…1,000,000.
  public var households = 2500
  /// Hospitals, works and schools with a meter of their own, besides `meters`, 0…500.
  public var largeUsers = 1
  /// Inns, a full town in the holidays.
  public var hasTourism = false
  /// Starts in December; cold nights and the bursts after the thaw.
  public var isCold = false
  /// Seconds between readings, 60…3600.
  public var interval = 300
  /// Batteries and radio, with what gets lost, late or comes twice; otherwise wired.
  public var isLoRaWAN = false
  /// 28…730
  public var days = 90

  public init() {}

  /// What is out of range, in words; nil for a plan that can be drawn.
  public var problem: String? {
    let checks: [(Bool, String)] = [
      ((1...500).contains(zones), "zones: 1…500"), ((zones...5000).contains(meters), "meters: \(zones)…5000"),
      ((10...1_000_000).contains(households), "households: 10…1000000"), ((0...500).contains(largeUsers), "large users: 0…500"),
      ((60...3600).contains(interval), "interval: 60…3600"), ((28...730).contains(days), "days: 28…730"),
      (readings <= Scenario.maximumReadings, "at most \(Scenario.maximumReadings) readings; fewer days or a longer interval"),
    ]
    return checks.first { !$0.0 }?.1
  }

  private var readings: Int { (meters + largeUsers) * (days * 86_400 / max(1, interval)) }

  /// The scenario file: the same plan and seed give the same text.
  /// - Precondition: `problem` is nil.
  public func yaml(seed: UInt64) -> String {
    precondition(problem == nil)
    var draft = PlanDraft(self, seed: seed)
    return draft.yaml()
  }
}
