/// Planned work: what is, was and will be, once and again.
public protocol WorkPages: Sendable {
  /// The works that lie, at least in part, in `from ..< to` (Unix ms), by their beginning, and all recurring ones.
  /// - Parameter municipalities: of these; empty = all.
  /// - Throws: `PageRefusal` 422 for a span of more than 400 days.
  func works(from: Int64, to: Int64, municipalities: Set<String>) throws -> WorkCalendar
  /// Plans a window for every flow meter that is named or lies in a zone that is; returns when it is on disk.
  /// - Throws: `PageRefusal`.
  func plan(_ command: WorkCommand, municipalities: Set<String>) async throws -> WorkResult
  /// Takes a planned window away again.
  /// - Throws: `PageRefusal`.
  func cancel(_ command: WorkCommand, municipalities: Set<String>) async throws -> WorkResult
  /// - Returns: its number.
  /// - Throws: `PageRefusal`.
  func addRecurring(_ command: RecurringWorkCommand, municipalities: Set<String>) throws -> Int64
  /// Windows that are planned already stay.
  /// - Throws: `PageRefusal` 404 for one that is not there, has ended, or is not only of these municipalities.
  func endRecurring(_ id: Int64, municipalities: Set<String>) throws
}

/// The body of `POST /api/v1/works` and, without zones, of `POST /api/v1/works/cancel`.
public struct WorkCommand: RequestBody, Sendable {
  enum CodingKeys: String, CodingKey, CaseIterable { case zones, sensors, from, to, note, by }

  /// `municipality/zone`
  public var zones: [String]?
  /// `municipality/zone/sensor/quantity`
  public var sensors: [String]?
  /// ISO 8601; without an offset the utility's time.
  public var from: String
  public var to: String
  public var note: String?
  public var by: String?

  public init(zones: [String]? = nil, sensors: [String]? = nil, from: String, to: String, note: String? = nil, by: String? = nil) {
    self.zones = zones
    self.sensors = sensors
    self.from = from
    self.to = to
    self.note = note
    self.by = by
  }
}

/// What came of it.
public struct WorkResult: Codable, Sendable {
  /// The meters for which it was done.
  public var sensors: [String]
  /// Those for which it was not, and why: a code and words. Empty when all went well.
  public var refused: [WorkRefusal]

  public init(sensors: [String], refused: [WorkRefusal] = []) {
    self.sensors = sensors
    self.refused = refused
  }
}

public struct WorkRefusal: Codable, Sendable {
  public var sensor: String
  public var code: String
  public var detail: String

  public init(sensor: String, code: String, detail: String) {
    self.sensor = sensor
    self.code = code
    self.detail = detail
  }
}

/// The body of `POST /api/v1/works/recurring`.
public struct RecurringWorkCommand: RequestBody, Sendable {
  enum CodingKeys: String, CodingKey, CaseIterable { case name, zones, sensors, from, to, weekdays, weeks, days, first, last, by }

  public var name: String
  public var zones: [String]?
  public var sensors: [String]?
  /// `HH:MM`, local time; a `to` before `from` is on the next day.
  public var from: String
  public var to: String
  /// mon … sun; none = any.
  public var weekdays: [String]?
  /// 1 = the first such weekday of the month … 5; none = any.
  public var weeks: [Int]?
  /// Days of the month, 1…31; none = any.
  public var days: [Int]?
  /// `YYYY-MM-DD`, both included; none = without end.
  public var first: String?
  public var last: String?
  public var by: String?

  public init(name: String, zones: [String]? = nil, sensors: [String]? = nil, from: String, to: String) {
    self.name = name
    self.zones = zones
    self.sensors = sensors
    self.from = from
    self.to = to
  }
}

public struct WorkCalendar: Codable, Sendable {
  public var windows: [WorkWindow]
  public var recurring: [RecurringWorkSummary]

  public init(windows: [WorkWindow], recurring: [RecurringWorkSummary]) {
    self.windows = windows
    self.recurring = recurring
  }
}

/// One window of work, of one or several meters.
public struct WorkWindow: Codable, Sendable {
  /// ISO 8601
  public var from: String
  public var to: String
  public var by: String
  public var note: String
  public var sensors: [String]
  /// Of the sensors, in the same order.
  public var names: [String]
  /// planned, active, ended, cancelled
  public var state: String
  /// The recurring work that it comes of.
  public var recurring: String?
  /// Whether it stands only in the calendar yet: windows of recurring works are planned a day before they begin.
  public var isForecast: Bool
  /// What it hid above the usual flow, m³, and the largest such flow, m³/h; nil before it has begun and where nothing was measured.
  public var hiddenM3: Double?
  public var largestM3h: Double?
  /// The keys of its events (kind `work`).
  public var events: [String]

  public init(
    from: String, to: String, by: String, note: String, sensors: [String], names: [String], state: String, recurring: String?,
    isForecast: Bool = false, hiddenM3: Double? = nil, largestM3h: Double? = nil, events: [String] = []
  ) {
    self.from = from
    self.to = to
    self.by = by
    self.note = note
    self.sensors = sensors
    self.names = names
    self.state = state
    self.recurring = recurring
    self.isForecast = isForecast
    self.hiddenM3 = hiddenM3
    self.largestM3h = largestM3h
    self.events = events
  }
}

/// A work that comes again and again.
public struct RecurringWorkSummary: Codable, Sendable {
  /// Nil for one of the settings file, which is changed there.
  public var id: Int64?
  public var name: String
  public var zones: [String]
  public var sensors: [String]
  /// `HH:MM`
  public var from: String
  public var to: String
  public var weekdays: [String]
  public var weeks: [Int]
  public var days: [Int]
  /// `YYYY-MM-DD`
  public var first: String?
  public var last: String?
  /// file, page
  public var source: String
  public var by: String?

  public init(
    id: Int64?, name: String, zones: [String], sensors: [String], from: String, to: String, weekdays: [String], weeks: [Int], days: [Int],
    first: String?, last: String?, source: String, by: String?
  ) {
    self.id = id
    self.name = name
    self.zones = zones
    self.sensors = sensors
    self.from = from
    self.to = to
    self.weekdays = weekdays
    self.weeks = weeks
    self.days = days
    self.first = first
    self.last = last
    self.source = source
    self.by = by
  }
}
