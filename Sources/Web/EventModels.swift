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
  /// Of an open leak, what somebody said last of taking care of it: acknowledged or in_progress, and who; nil while nobody has.
  public var handling: String?
  public var handledBy: String?
  /// The fall of pressure that speaks for a leak.
  public var pressure: PressureFallSummary?

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

/// An event with its life and the reasons. In JSON the fields of the summary stand beside the others.
public struct EventDetail: Encodable, Sendable {
  public var summary: EventSummary
  /// Oldest first.
  public var history: [EventStep] = []
  /// What people said of it, newest first.
  public var actions: [ActionSummary] = []
  /// Who was told of it, oldest first.
  public var deliveries: [DeliverySummary] = []
  /// Why it was judged so: sentences, by language code.
  public var reasons: [String: [String]] = [:]
  /// The meter upstream, which shows the same water.
  public var upstream: String?
  /// Somebody has said that they know.
  public var isAcknowledged = false

  public init(_ summary: EventSummary) { self.summary = summary }

  private enum CodingKeys: CodingKey { case history, actions, deliveries, reasons, upstream, isAcknowledged }

  public func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(history, forKey: .history)
    try c.encode(actions, forKey: .actions)
    try c.encode(deliveries, forKey: .deliveries)
    try c.encode(reasons, forKey: .reasons)
    try c.encodeIfPresent(upstream, forKey: .upstream)
    try c.encode(isAcknowledged, forKey: .isAcknowledged)
  }
}

/// A fast fall of pressure at the time of a leak.
public struct PressureFallSummary: Codable, Hashable, Sendable {
  /// The gauge's id; nil where it is not known any more.
  public var sensor: String?
  public var time: String
  /// By how much, kPa.
  public var kPa: Double

  public init(sensor: String?, time: String, kPa: Double) {
    self.sensor = sensor
    self.time = time
    self.kPa = kPa
  }
}

/// One change in the life of an event. Flows in m³/h, volume in m³.
public struct EventStep: Codable, Hashable, Sendable {
  public var time: String
  /// opened, updated, escalated, closed
  public var change: String
  public var severity: String
  public var onset: String
  public var expected: Double
  public var observed: Double
  public var excess: Double
  public var volume: Double
  public var confidence: Double
  public var isGrowing: Bool
  public var evidence: [String]
  /// The action of a person that brought it about.
  public var action: String?
  /// The fall of pressure that speaks for a leak.
  public var pressure: PressureFallSummary?

  public init(
    time: String, change: String, severity: String, onset: String, expected: Double, observed: Double, excess: Double, volume: Double,
    confidence: Double, isGrowing: Bool, evidence: [String], action: String?, pressure: PressureFallSummary? = nil
  ) {
    self.time = time
    self.change = change
    self.severity = severity
    self.onset = onset
    self.expected = expected
    self.observed = observed
    self.excess = excess
    self.volume = volume
    self.confidence = confidence
    self.isGrowing = isGrowing
    self.evidence = evidence
    self.action = action
    self.pressure = pressure
  }
}

/// What happened since somebody last looked.
public struct Changes: Codable, Sendable {
  /// Unix ms, wall clock.
  public var since: Int64
  public var until: Int64
  /// Newest first; at most 1000 each.
  public var opened: [EventSummary] = []
  public var closed: [EventSummary] = []
  public var actions: [ActionSummary] = []
  /// Sensors that appeared.
  public var sensors: [String] = []

  public init(since: Int64, until: Int64) {
    self.since = since
    self.until = until
  }
}
