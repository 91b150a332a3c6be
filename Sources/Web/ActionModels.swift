/// What a person sends to say something of a meter: the body of `POST /api/v1/meters/…/actions`.
public struct ActionCommand: Codable, RequestBody, Sendable {
  enum CodingKeys: String, CodingKey, CaseIterable { case action, event, by, note, from, to }

  /// acknowledged, in_progress, repaired, false_alarm, accept_as_normal, planned_work, cancel_work
  public var action: String
  /// The event that it is about; none = the meter's newest leak.
  public var event: String?
  /// Who says it.
  public var by: String?
  public var note: String?
  /// Window of planned or cancelled work, ISO 8601; without an offset the utility's time.
  public var from: String?
  public var to: String?
}

/// What somebody said of a meter.
public struct ActionSummary: Codable, Sendable {
  public var id: Int64
  public var sensor: String
  public var action: String
  public var event: String?
  public var by: String
  public var note: String
  /// When it was said.
  public var time: String
  /// Window of planned or cancelled work.
  public var from: String?
  public var to: String?

  public init(
    id: Int64, sensor: String, action: String, event: String?, by: String, note: String, time: String, from: String?, to: String?
  ) {
    self.id = id
    self.sensor = sensor
    self.action = action
    self.event = event
    self.by = by
    self.note = note
    self.time = time
    self.from = from
    self.to = to
  }
}

/// What the detector thought of a meter at a moment. Flows in m³/h.
public struct MomentDetail: Codable, Sendable {
  /// Of the last reading up to the moment.
  public var time: String?
  public var value: Double?
  public var expected: Double?
  public var low: Double?
  public var high: Double?
  public var meanFlow: Double?
  /// normal, learning, or the code of the event that was open.
  public var state: String
  public var isLearningSuspended: Bool
  public var learnedDays: Int
  public var learningDays: Int
  public var leakExcess: Double?
  public var leakOnset: String?
  public var leakVolume: Double?
  public var nightMinimum: Double?
  public var nightReference: Double?
  /// The sensor's own factor on thresholds, and the part of it that false alarms raised.
  public var thresholdFactor: Double
  public var feedbackFactor: Double
  public var falseAlarms: Int
  public var statistics: [StatisticValue]
  /// The baseline of that day: [expected, low, high] at the middle of each hour; empty while there is none.
  public var baseline: [[Double]]

  public init(
    time: String?, value: Double?, expected: Double?, low: Double?, high: Double?, meanFlow: Double?, state: String,
    isLearningSuspended: Bool, learnedDays: Int, learningDays: Int, leakExcess: Double?, leakOnset: String?, leakVolume: Double?,
    nightMinimum: Double?, nightReference: Double?, thresholdFactor: Double, feedbackFactor: Double, falseAlarms: Int,
    statistics: [StatisticValue], baseline: [[Double]]
  ) {
    self.time = time
    self.value = value
    self.expected = expected
    self.low = low
    self.high = high
    self.meanFlow = meanFlow
    self.state = state
    self.isLearningSuspended = isLearningSuspended
    self.learnedDays = learnedDays
    self.learningDays = learningDays
    self.leakExcess = leakExcess
    self.leakOnset = leakOnset
    self.leakVolume = leakVolume
    self.nightMinimum = nightMinimum
    self.nightReference = nightReference
    self.thresholdFactor = thresholdFactor
    self.feedbackFactor = feedbackFactor
    self.falseAlarms = falseAlarms
    self.statistics = statistics
    self.baseline = baseline
  }
}

/// A request that the source refuses, with what to tell whoever asked.
public struct PageRefusal: Error, Sendable {
  /// HTTP status, 400…599.
  public let status: Int
  /// Stable, for programs.
  public let code: String
  public let detail: String

  public init(status: Int, code: String, detail: String) {
    self.status = status
    self.code = code
    self.detail = detail
  }
}
