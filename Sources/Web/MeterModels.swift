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
  public var municipality = ""
  public var zone = ""
  /// flow, total, pressure, level, temperature
  public var quantity = ""
  /// The newest night minimum and the median of the nights before it, m³/h.
  public var night: Double?
  public var nightReference: Double?
  /// The night minimum of the last days, oldest first; null for a night without readings.
  public var nights: [Double?] = []
  /// Whether it is no meter but a zone's sum of meters.
  public var isNet = false
  /// Whether it is no meter but a tank's mass balance (配水池の水収支).
  public var isBalance = false
  /// The gauges of pressure that it is judged with.
  public var pressure: [String] = []
  /// Of the open leak; 0 without one.
  public var yenPerDay = 0

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
  /// What was entered on the page.
  public var card = CardSummary()
  /// 0…100 %, and when the device said so.
  public var battery: Double?
  public var batteryTime: String?
  /// The night minimum of the last days, oldest first, and the first of these days (`YYYY-MM-DD`).
  public var nights: [Double?] = []
  public var nightDays: String?

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
  /// Milliseconds that a row stands for at least.
  public var step: Int64 = 1
  /// Planned work in the range.
  public var works: [WorkSpan] = []
  /// What people said in the range, newest first.
  public var actions: [ActionSummary] = []

  public init(from: Int64, to: Int64, rows: [[Double?]], events: [EventSummary]) {
    self.from = from
    self.to = to
    self.rows = rows
    self.events = events
  }
}

/// A window of planned work in a graph; Unix ms.
public struct WorkSpan: Codable, Hashable, Sendable {
  public var from: Int64
  public var to: Int64
  public var by: String
  public var note: String

  public init(from: Int64, to: Int64, by: String, note: String) {
    self.from = from
    self.to = to
    self.by = by
    self.note = note
  }
}
