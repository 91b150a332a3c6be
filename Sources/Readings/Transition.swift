/// What kind of event. The raw value is stored and never changes its meaning.
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// 突発漏水: an abrupt step in flow.
  case burst = 1
  /// 漸増漏水: a slow rise, seen in the night flow.
  case incipient = 2
  /// 一時的な使用増: high use that ended within its persistence time. Never a leak alert.
  case highUse = 3
  /// The same rise in most zones at once (freeze, heat, holiday).
  case commonCause = 4
  /// 工事: planned work, with the use that it hid.
  case plannedWork = 5
  /// 凍結モード: it freezes so hard that people let taps trickle. Of a thermometer; what meters show meanwhile is not learnt.
  case freezing = 6
  /// 水圧の低下: pressure fell fast, of a pressure gauge. Alone it is no leak, and nobody is told.
  case pressureFall = 7
  /// 通信断: no reading for longer than expected.
  case gap = 16
  /// 指示固着: the same value for longer than the meter's quantisation explains.
  case stuck = 17
  /// A value outside the physical range of the meter.
  case outOfRange = 18
  /// A single-sample spike.
  case spike = 19
  /// Totalizer reset or rollover.
  case reset = 20
  /// 逆流.
  case reverseFlow = 21
  /// The unit of the sender seems to have changed (×60, ×1000).
  case unitJump = 22
  /// The sender's clock is wrong.
  case clockSkew = 23
  /// Hours of readings delivered at once.
  case lateFlush = 24
  /// センサー数の上限: new sensors are refused. An event of the service itself, `SensorID.service`.
  case sensorLimit = 25

  /// The stable code in logs, the API, webhooks and backtest files.
  public var code: String {
    switch self {
    case .burst: "burst"
    case .incipient: "incipient"
    case .highUse: "demand"
    case .commonCause: "event"
    case .plannedWork: "work"
    case .freezing: "freeze"
    case .pressureFall: "pressure"
    case .gap: "gap"
    case .stuck: "stuck"
    case .outOfRange: "fault"
    case .spike: "spike"
    case .reset: "reset"
    case .reverseFlow: "sensor"
    case .unitJump: "data"
    case .clockSkew: "clock"
    case .lateFlush: "late"
    case .sensorLimit: "limit"
    }
  }

  public init?(code: String) {
    guard let k = EventKind.allCases.first(where: { $0.code == code }) else { return nil }
    self = k
  }

  public var isLeak: Bool { self == .burst || self == .incipient }
  /// Sensor health: a fault of meter or line, not of the pipe.
  public var isHealth: Bool { rawValue >= 16 }
}

/// What happened to an event.
public enum EventChange: UInt8, Sendable {
  case opened = 1
  /// Size, volume or evidence were revised (at most once an hour for a sensor).
  case updated = 2
  /// A second step on top of an open leak.
  case escalated = 3
  case closed = 4

  /// The stable code in logs and the API.
  public var code: String {
    switch self {
    case .opened: "opened"
    case .updated: "updated"
    case .escalated: "escalated"
    case .closed: "closed"
    }
  }
}

/// How bad a leak is, from its excess relative to the meter's mean flow.
public enum Severity: UInt8, Sendable, Comparable {
  case info = 0
  case minor = 1
  case major = 2
  case critical = 3

  public var code: String {
    switch self {
    case .info: "info"
    case .minor: "minor"
    case .major: "major"
    case .critical: "critical"
    }
  }

  public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
}

/// Which statistics stood above their thresholds when the transition came out.
public struct Evidence: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// CUSUM of standardised residuals at the reading's own interval.
  public static let cusum = Evidence(rawValue: 1)
  /// Sustained shift over hours.
  public static let sustainedShift = Evidence(rawValue: 2)
  /// Night minimum (MNF) above the reference nights.
  public static let nightMinimum = Evidence(rawValue: 4)
  /// CUSUM over nights.
  public static let nightTrend = Evidence(rawValue: 8)
  /// Pressure fell at the same time.
  public static let pressureDrop = Evidence(rawValue: 16)
  /// The meter above or below shows the same excess at the same time.
  public static let parentMeter = Evidence(rawValue: 32)
  /// The fault rules of sensor health.
  public static let health = Evidence(rawValue: 64)
  /// A sharp edge at the reading's own interval that lasted.
  public static let edge = Evidence(rawValue: 128)
  /// It was freezing, and most meters of the town rose: taps that trickle (凍結防止の水出し).
  public static let freezing = Evidence(rawValue: 256)
  /// A gap of a logger that keeps its readings and sends them at once: two of its deliveries are missing.
  public static let deliveryRhythm = Evidence(rawValue: 512)

  /// Stable codes, in bit order.
  public var codes: [String] {
    let names = [
      "cusum", "sustained_shift", "night_minimum", "night_trend", "pressure_drop", "parent_meter", "health", "edge", "freezing",
      "delivery_rhythm",
    ]
    return names.indices.filter { rawValue >> UInt32($0) & 1 == 1 }.map { names[$0] }
  }
}

/// A fast fall of pressure.
public struct PressureFall: Hashable, Sendable {
  /// The gauge that showed it.
  public var slot: SensorSlot
  /// When it fell.
  public var time: Timestamp
  /// By how much, kPa.
  public var size: Double

  public init(slot: SensorSlot, time: Timestamp, size: Double) {
    self.slot = slot
    self.time = time
    self.size = size
  }
}

/// One change in the life of one event: what the detector emits, the store keeps and the alerts tell.
///
/// Fixed size, no references: emitting one allocates nothing.
public struct Transition: Hashable, Sendable {
  public var slot: SensorSlot
  public var kind: EventKind
  public var change: EventChange
  public var severity: Severity
  public var evidence: Evidence
  /// Event time of the reading (or of the clock tick, for gaps) that made this come out.
  public var time: Timestamp
  /// When the event began, estimated by the change point; revised while it is open.
  public var onset: Timestamp
  /// The onset as first announced. With slot and kind it names the event for life (see `eventKey`).
  public var firstOnset: Timestamp
  /// m³/h the baseline expects at `time`.
  public var expected: Double
  /// m³/h observed (smoothed over the window that judged it).
  public var observed: Double
  /// Estimated leak, m³/h; 0 for health events.
  public var excess: Double
  /// Volume lost from onset to `time`, m³.
  public var volume: Double
  /// 0…1.
  public var confidence: Double
  /// Whether the excess grew over the last day.
  public var isGrowing: Bool
  /// The action of a person that made this come out; nil = the readings did.
  public var action: ActionKind?
  /// Of a leak, the fall of pressure that spoke for it; of `.pressureFall` the fall itself.
  public var pressure: PressureFall?

  public init(
    slot: SensorSlot, kind: EventKind, change: EventChange, severity: Severity, evidence: Evidence, time: Timestamp, onset: Timestamp,
    firstOnset: Timestamp, expected: Double, observed: Double, excess: Double, volume: Double, confidence: Double, isGrowing: Bool,
    action: ActionKind? = nil
  ) {
    self.slot = slot
    self.kind = kind
    self.change = change
    self.severity = severity
    self.evidence = evidence
    self.time = time
    self.onset = onset
    self.firstOnset = firstOnset
    self.expected = expected
    self.observed = observed
    self.excess = excess
    self.volume = volume
    self.confidence = confidence
    self.isGrowing = isGrowing
    self.action = action
  }
}
