/// What the page and the API show. Times are ISO 8601 in the utility's offset; series use Unix milliseconds. Flows in m³/h.

/// How a meter is doing, worst first.
public enum MeterState: String, Codable, Sendable, CaseIterable {
  /// 異常: an open leak.
  case leak
  /// 注意: something is suspicious, or the meter reports a fault other than silence.
  case attention
  /// 通信断: no readings.
  case offline
  /// 学習中
  case learning
  /// 正常
  case normal

  var rank: Int { MeterState.allCases.firstIndex(of: self) ?? 0 }
}

public struct EventSummary: Codable, Sendable {
  public var key: String
  public var sensor: String
  public var zoneName: String
  public var name: String
  /// burst, incipient, gap, stuck …
  public var kind: String
  public var isLeak: Bool
  public var isOpen: Bool
  public var severity: String
  public var opened: String
  public var onset: String
  public var closed: String?
  public var expected: Double
  public var observed: Double
  public var excess: Double
  /// m³
  public var volume: Double
  public var yen: Int
  public var yenPerDay: Int
  public var confidence: Double
  public var isGrowing: Bool
  public var evidence: [String]
  /// In words, headline first; the keys are language codes.
  public var text: [String: String]

  public init(
    key: String, sensor: String, zoneName: String, name: String, kind: String, isLeak: Bool, isOpen: Bool, severity: String, opened: String,
    onset: String, closed: String?, expected: Double, observed: Double, excess: Double, volume: Double, yen: Int, yenPerDay: Int,
    confidence: Double, isGrowing: Bool, evidence: [String], text: [String: String]
  ) {
    self.key = key
    self.sensor = sensor
    self.zoneName = zoneName
    self.name = name
    self.kind = kind
    self.isLeak = isLeak
    self.isOpen = isOpen
    self.severity = severity
    self.opened = opened
    self.onset = onset
    self.closed = closed
    self.expected = expected
    self.observed = observed
    self.excess = excess
    self.volume = volume
    self.yen = yen
    self.yenPerDay = yenPerDay
    self.confidence = confidence
    self.isGrowing = isGrowing
    self.evidence = evidence
    self.text = text
  }
}

public struct MeterSummary: Codable, Sendable {
  /// `municipality/zone/sensor/quantity`
  public var id: String
  public var name: String
  public var zoneName: String
  public var unit: String
  public var state: MeterState
  public var learnedDays: Int
  public var learningDays: Int
  public var value: Double?
  public var time: String?
  public var expected: Double?
  public var low: Double?
  public var high: Double?
  public var event: EventSummary?
  /// The meter upstream, which shows the same water.
  public var parent: String?

  public init(
    id: String, name: String, zoneName: String, unit: String, state: MeterState, learnedDays: Int, learningDays: Int, value: Double?,
    time: String?, expected: Double?, low: Double?, high: Double?, event: EventSummary?
  ) {
    self.id = id
    self.name = name
    self.zoneName = zoneName
    self.unit = unit
    self.state = state
    self.learnedDays = learnedDays
    self.learningDays = learningDays
    self.value = value
    self.time = time
    self.expected = expected
    self.low = low
    self.high = high
    self.event = event
  }
}

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

/// The overview without its meters: what every page needs.
struct UtilitySummary: Codable, Sendable {
  var utility: String
  var language: String
  var offsetMinutes: Int
  var version: String
  var isConnected: Bool

  init(_ o: Overview) {
    utility = o.utility
    language = o.language
    offsetMinutes = o.offsetMinutes
    version = o.version
    isConnected = o.isConnected
  }
}

public struct StatisticValue: Codable, Sendable {
  public var name: String
  public var value: Double
  public var threshold: Double

  public init(name: String, value: Double, threshold: Double) {
    self.name = name
    self.value = value
    self.threshold = threshold
  }
}

public struct MeterDetail: Codable, Sendable {
  public var meter: MeterSummary
  public var meanFlow: Double?
  public var nightMinimum: Double?
  public var nightReference: Double?
  public var isLearningSuspended: Bool
  public var statistics: [StatisticValue]
  /// Unix milliseconds of the first and last stored reading.
  public var first: Int64?
  public var last: Int64?
  /// Newest first.
  public var events: [EventSummary]
  /// What people said, newest first.
  public var actions: [ActionSummary] = []
  /// The part of the thresholds that false alarms raised (1 = none), and their number.
  public var feedbackFactor = 1.0
  public var falseAlarms = 0
  /// The planned work that is under way or next.
  public var workFrom: String?
  public var workTo: String?

  public init(
    meter: MeterSummary, meanFlow: Double?, nightMinimum: Double?, nightReference: Double?, isLearningSuspended: Bool,
    statistics: [StatisticValue], first: Int64?, last: Int64?, events: [EventSummary]
  ) {
    self.meter = meter
    self.meanFlow = meanFlow
    self.nightMinimum = nightMinimum
    self.nightReference = nightReference
    self.isLearningSuspended = isLearningSuspended
    self.statistics = statistics
    self.first = first
    self.last = last
    self.events = events
  }
}

/// The graph: rows of [t, observed min, mean, max, expected low, mid, high]; t in Unix ms, null where there is no band yet.
public struct MeterSeries: Codable, Sendable {
  public var from: Int64
  public var to: Int64
  public var rows: [[Double?]]
  /// Events of the meter that touch the range.
  public var events: [EventSummary]

  public init(from: Int64, to: Int64, rows: [[Double?]], events: [EventSummary]) {
    self.from = from
    self.to = to
    self.rows = rows
    self.events = events
  }
}

/// One message of the live stream.
public enum LiveUpdate: Sendable {
  /// The newest reading of a meter; t in Unix ms.
  case reading(sensor: String, time: Int64, value: Double)
  /// Something opened, changed or closed.
  case event(sensor: String)
  /// Something that is not of one meter has changed.
  case part(Part)

  /// What a page shows besides meters and events.
  public enum Part: String, Sendable {
    case works, deliveries, sensors
  }

  var sensor: String {
    switch self {
    case .reading(let sensor, _, _), .event(let sensor): sensor
    case .part: ""
    }
  }
}
