/// The utility at a glance. Flows in m³/h.
public struct Overview: Codable, Sendable {
  public var utility: String
  /// `ja` or `en`: the language that the utility chose.
  public var language: String
  /// Minutes east of UTC.
  public var offsetMinutes: Int
  public var version: String
  public var isConnected: Bool
  /// What the operator should know of the service itself; the keys are language codes.
  public var notices: [[String: String]] = []
  /// The towns of the instance that whoever asks may see.
  public var towns: [Town] = []
  public var totals = Totals()
  /// Worst first.
  public var zones: [ZoneSummary] = []
  /// Worst first.
  public var meters: [MeterSummary]

  public init(utility: String, language: String, offsetMinutes: Int, version: String, isConnected: Bool, meters: [MeterSummary]) {
    self.utility = utility
    self.language = language
    self.offsetMinutes = offsetMinutes
    self.version = version
    self.isConnected = isConnected
    self.meters = meters.sorted { ($0.state.rank, -($0.event?.excess ?? 0), $0.id) < ($1.state.rank, -($1.event?.excess ?? 0), $1.id) }
  }
}

/// A town of the instance.
public struct Town: Codable, Hashable, Sendable {
  /// As in topics and ids.
  public var id: String
  /// For people.
  public var name: String
  /// What its meters show together.
  public var totals: Totals
  /// Time of the newest reading of its meters; nil before the first.
  public var newest: String?

  public init(id: String, name: String, totals: Totals = Totals(), newest: String? = nil) {
    self.id = id
    self.name = name
    self.totals = totals
    self.newest = newest
  }
}

/// What all meters show together. Water that two meters show, one below the other, counts once.
public struct Totals: Codable, Hashable, Sendable {
  /// Of the meters that have no other above them; none of them = nil. Meters that are silent are left out.
  public var flow: Double?
  /// Of the same meters.
  public var expected: Double?
  /// Open leaks.
  public var leaks = 0
  public var leakM3h = 0.0
  public var yenPerDay = 0
  /// Of the open leaks since their onsets.
  public var yenSoFar = 0
  /// Meters by state.
  public var states = StateCounts()

  public init() {}
}

/// How many meters are in which state.
public struct StateCounts: Codable, Hashable, Sendable {
  public var leak = 0
  public var attention = 0
  public var offline = 0
  public var learning = 0
  public var normal = 0

  public init() {}

  public mutating func add(_ state: MeterState) {
    switch state {
    case .leak: leak += 1
    case .attention: attention += 1
    case .offline: offline += 1
    case .learning: learning += 1
    case .normal: normal += 1
    }
  }
}

/// A zone (配水ブロック) and its meters together.
public struct ZoneSummary: Codable, Hashable, Sendable {
  /// `municipality/zone`
  public var id: String
  public var municipality: String
  public var name: String
  /// Of its worst meter.
  public var state: MeterState
  /// How many.
  public var meters = 0
  /// Of its sum of meters where the settings have one, else of the flow meters that have no other above them in the zone.
  public var flow: Double?
  public var expected: Double?
  /// The newest night minimum and the median of the nights before it.
  public var night: Double?
  public var nightReference: Double?
  /// The night minimum of the last days, oldest first; null for a night without readings.
  public var nights: [Double?] = []
  public var leakM3h = 0.0
  public var yenPerDay = 0
  /// The key of its largest open leak.
  public var event: String?

  public init(id: String, municipality: String, name: String, state: MeterState) {
    self.id = id
    self.municipality = municipality
    self.name = name
    self.state = state
  }
}

/// What every page needs of the utility.
public struct UtilitySummary: Codable, Hashable, Sendable {
  public var utility: String
  public var language: String
  /// Minutes east of UTC.
  public var offsetMinutes: Int
  public var version: String
  public var isConnected: Bool

  public init(utility: String, language: String, offsetMinutes: Int, version: String, isConnected: Bool) {
    self.utility = utility
    self.language = language
    self.offsetMinutes = offsetMinutes
    self.version = version
    self.isConnected = isConnected
  }
}
