import Readings

/// A town and what happens in it. Days count from the start of the scenario, flows are m³/h.
public struct Scenario: Sendable {
  public var municipality = "town"
  public var name = "町"
  /// How its messages are written.
  public var dialect = Dialect.canonical
  /// Local date on which the scenario begins; a run may move it.
  public var start = CivilDate(year: 2026, month: 4, day: 1)
  /// 1…2000
  public var days = 56
  /// Seconds between readings, 10…3600.
  public var interval = 300
  /// Standard deviation of the daily factor that all meters share (weather), 0…0.3.
  public var weather = 0.03
  /// By how much early August lies above the yearly mean, and early February below it; shared by all meters, 0…0.5.
  public var season = 0.0
  /// How much more (or less) is used in ゴールデンウィーク, お盆 and 年末年始, relative; shared by all meters, −0.3…0.5.
  public var holidays = 0.0
  /// Days that are published as fast as possible before a run is paced.
  public var historyDays = 35.0
  public var meters: [Meter] = []
  /// What is measured beside flow.
  public var gauges: [Gauge] = []
  public var events: [Event] = []
  /// Works that come every week.
  public var works: [Work] = []
  /// The share of what is used that is billed (有収水量), leaks apart, 0…1; 0 where nobody says.
  public var billed = 0.0
  /// What the people of the town say, in the order of the file.
  public var sayings: [Saying] = []

  public init() {}

  public struct Meter: Sendable {
    public var id = ""
    public var zone = ""
    public var name = ""
    public var zoneName = ""
    /// Mean of its own demand, without that of the meters below it, m³/h.
    public var mean = 10.0
    /// Relative standard deviation of the noise at mean flow, 0…0.5.
    public var noise = 0.06
    /// Flow at 03:00 as a share of the mean, 0.05…0.95.
    public var night = 0.4
    /// Who lives there: decides when water is used.
    public var shape = Shape.residential
    /// Households few enough to be seen singly, each with its baths and washing machine, 0…1000. Their use is part of `mean`.
    public var households = 0
    /// The meter above it: sees its flow and its leaks too.
    public var parent: String?
    /// Flow that one pulse an interval stands for, m³/h; 0 for a meter without pulses.
    public var quantum = 0.0
    /// Correlation time of the noise, hours, 0.1…24.
    public var correlation = 1.0
    /// One in 33 steps of the noise is this many times as large, 1…20.
    public var tail = 1.0
    /// Relative standard deviation of what is new in each reading, at mean flow, 0…0.5.
    public var readingNoise = 0.0
    /// Standard deviation of a daily factor of this place alone, 0…0.3.
    public var wander = 0.0
    /// Shares of readings that come late, twice and never, 0…0.5 each.
    public var late = 0.0
    public var doubled = 0.0
    public var lost = 0.0
    /// Hours between the deliveries of a logger that keeps its readings and sends them at once, 0…72; 0 for one that sends each reading.
    public var batchHours = 0.0
    /// Share of its deliveries that fail; their readings come with the next, 0…0.5.
    public var batchFailed = 0.0
    /// m³ of the tank behind it, which a pump fills: its flow is a square wave, 0…100,000; 0 where there is none.
    public var tank = 0.0
    /// A totalizer: publishes the m³ that it has counted (`total`) instead of flow.
    public var isRegister = false
    /// What its battery holds at the start, %; nil for a meter that does not tell of one.
    public var battery: Double?
    /// Line in the scenario file, for messages.
    var line = 0
  }

  /// The kind of place.
  public enum Shape: String, CaseIterable, Sendable {
    /// Homes: morning and evening peaks, later on days off.
    case residential
    /// Shops, offices, works: day-time use, little on days off.
    case commercial
    /// Inns and hot springs: baths in the morning and at night, most at week-ends.
    case resort
  }

  public struct Event: Sendable {
    public var kind = Kind.burst
    public var meter = ""
    /// Days after the start.
    public var day = 0.0
    public var hours = 24.0
    /// m³/h at its peak, for `tourist`, `growth` and `heat` on the mean of a day; for faults without meaning.
    public var flow = 0.0
    /// The flow as a share of the meter's own mean; goes before `flow`.
    var share: Double?
    /// What a sender with a wrong unit multiplies its values by, 0.001…1000.
    public var factor = 1000.0 / 60
    /// By how much a wrong clock is ahead, minutes; below 0 it is behind.
    public var minutes = 0.0
    /// Line in the scenario file, for messages.
    var line = 0
  }
}
