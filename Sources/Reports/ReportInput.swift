import Readings

/// What a report is about and how it reckons.
public struct ReportRequest: Sendable {
  public var period: ReportPeriod
  /// Name of the utility.
  public var utility: String
  /// Whose meters it holds, sorted.
  public var municipalities: [String]
  /// What they are called; the code stands in where nothing is known.
  public var towns: [String: String] = [:]
  public var calendar: LocalCalendar
  /// Yen that a lost m³ costs.
  public var yenPerM3: Double
  public var practice: FormerPractice
  /// Window of the night minimum, minutes after local midnight.
  public var night: Range<Int>
  /// Days whose night was one of freeze mode, by municipality: no reference.
  public var frozen: [String: Set<Int>] = [:]
  /// Up to when there can be readings: what lies behind is not missing.
  public var now: Timestamp
  /// When it is made, as shown.
  public var created: Timestamp

  public init(
    period: ReportPeriod, utility: String, municipalities: [String], calendar: LocalCalendar, yenPerM3: Double, practice: FormerPractice,
    night: Range<Int>, now: Timestamp, created: Timestamp
  ) {
    self.period = period
    self.utility = utility
    self.municipalities = municipalities
    self.calendar = calendar
    self.yenPerM3 = yenPerM3
    self.practice = practice
    self.night = night
    self.now = now
    self.created = created
  }
}

/// A flow meter (or a register turned into flow) of the report.
public struct ReportMeter: Sendable {
  public var id: SensorID
  public var name: String
  public var zoneName: String
  /// The meters through which its water has come already.
  public var upstream: [SensorID]
  /// A zone's virtual meter, the sum of others.
  public var isNet: Bool
  /// The first local day on which it was heard, as far as known.
  public var firstDay: Int?

  public init(id: SensorID, name: String, zoneName: String, upstream: [SensorID] = [], isNet: Bool = false, firstDay: Int? = nil) {
    self.id = id
    self.name = name
    self.zoneName = zoneName
    self.upstream = upstream
    self.isNet = isNet
    self.firstDay = firstDay
  }

  var zone: String { "\(id.municipality)/\(id.zone)" }
}

/// One local day of one meter.
public struct MeterDay: Sendable {
  /// Days since 1970-01-01 local.
  public var day: Int
  /// Hours with readings, 0…24.
  public var hours: Int
  /// m³: the sum of the means of those hours.
  public var volume: Double
  /// m³/h
  public var low: Double
  public var high: Double
  /// Night minimum, m³/h; nil without a whole hour of the night.
  public var night: Double?

  public init(day: Int, hours: Int, volume: Double, low: Double, high: Double, night: Double?) {
    self.day = day
    self.hours = hours
    self.volume = volume
    self.low = low
    self.high = high
    self.night = night
  }
}

/// What became of a leak.
public enum LeakOutcome: String, Codable, Sendable, CaseIterable {
  /// Open, and nobody has said anything.
  case open
  case acknowledged
  case inProgress = "in_progress"
  case repaired
  /// Ended by itself, or by a repair that nobody entered.
  case ended
  case falseAlarm = "false_alarm"
  case acceptedAsNormal = "accepted_as_normal"
  case plannedWork = "planned_work"

  /// Whether water was lost: not what people said was none.
  public var isLoss: Bool {
    switch self {
    case .open, .acknowledged, .inProgress, .repaired, .ended: true
    case .falseAlarm, .acceptedAsNormal, .plannedWork: false
    }
  }
}

/// A leak as it was told.
public struct LeakRecord: Sendable {
  /// Volume lost from the onset to a moment.
  public struct Point: Sendable {
    public var time: Timestamp
    /// m³
    public var volume: Double

    public init(time: Timestamp, volume: Double) {
      self.time = time
      self.volume = volume
    }
  }

  public var key: String
  public var sensor: SensorID
  /// `.burst` or `.incipient`
  public var kind: EventKind
  public var onset: Timestamp
  /// When it was found.
  public var opened: Timestamp
  /// Nil while it is open.
  public var closed: Timestamp?
  /// m³/h, as last told while it was open.
  public var size: Double
  /// How the volume grew, ascending in time; the last one is the newest that is known.
  public var course: [Point]
  public var outcome: LeakOutcome
  /// What was said last.
  public var note: String

  public init(
    key: String, sensor: SensorID, kind: EventKind, onset: Timestamp, opened: Timestamp, closed: Timestamp?, size: Double,
    course: [Point], outcome: LeakOutcome, note: String = ""
  ) {
    self.key = key
    self.sensor = sensor
    self.kind = kind
    self.onset = onset
    self.opened = opened
    self.closed = closed
    self.size = size
    self.course = course
    self.outcome = outcome
    self.note = note
  }
}

/// A fault of a meter or its line.
public struct FaultRecord: Sendable {
  public var sensor: SensorID
  public var kind: EventKind
  public var from: Timestamp
  /// Nil while it goes on.
  public var to: Timestamp?

  public init(sensor: SensorID, kind: EventKind, from: Timestamp, to: Timestamp?) {
    self.sensor = sensor
    self.kind = kind
    self.from = from
    self.to = to
  }
}

/// Planned work at one meter.
public struct WorkRecord: Sendable {
  public var sensor: SensorID
  public var window: Range<Timestamp>
  public var person: String
  public var note: String
  /// m³ above expectation that the meter showed in the window, and the largest excess, m³/h; nil where nothing was counted.
  public var hidden: Double?
  public var largest: Double?

  public init(sensor: SensorID, window: Range<Timestamp>, person: String, note: String, hidden: Double?, largest: Double?) {
    self.sensor = sensor
    self.window = window
    self.person = person
    self.note = note
    self.hidden = hidden
    self.largest = largest
  }
}

/// 有収水量 of a municipality's month.
public struct BilledVolume: Sendable {
  public var municipality: String
  public var month: Int
  /// m³
  public var volume: Double

  public init(municipality: String, month: Int, volume: Double) {
    self.municipality = municipality
    self.month = month
    self.volume = volume
  }
}
