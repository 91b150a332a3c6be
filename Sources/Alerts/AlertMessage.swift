import Readings

/// The language of messages.
public enum Language: String, Sendable, CaseIterable {
  case ja, en
}

/// What places are called. Codes stand in where no name was given.
public struct PlaceNames: Sendable, Hashable {
  public var municipality: String
  public var zone: String
  public var sensor: String

  public init(municipality: String, zone: String, sensor: String) {
    self.municipality = municipality
    self.zone = zone
    self.sensor = sensor
  }
}

/// One transition with all that is needed to tell it: every sink builds its message from this.
public struct AlertMessage: Sendable {
  /// Place in the outbox.
  public let seq: Int64
  public let eventKey: String
  /// Names the transition; see `deliveryID`.
  public let transitionKey: String
  public let sensor: SensorID
  public let names: PlaceNames
  public let transition: Transition
  /// Yen per m³ (給水原価 or 供給単価: the utility's choice).
  public let yenPerCubicMetre: Double
  public let calendar: LocalCalendar
  /// Hourly means of flow before the transition, oldest first, m³/h; nil where nothing came. Empty where no graph is wanted.
  public var course: [Double?] = []
  /// What the gauge is called that saw pressure fall; nil = not known.
  public var pressureName: String?
  /// Why it is told now.
  public var occasion = Occasion.news
  /// Leaks that are open at the meter when the message is sent, in no order, for receivers that show how it stands; nil = not known: then
  /// the message itself says it.
  public var openLeaks: [AlertMessage]?

  /// Why a message is told.
  public enum Occasion: Hashable, Sendable {
    /// It has just happened.
    case news
    /// The leak is still open and nobody has acknowledged it: the first reminder, the second …
    case reminder(Int)
    /// Nobody has acknowledged it for so many minutes.
    case unacknowledged(minutes: Int)
  }

  public init(
    seq: Int64, eventKey: String, transitionKey: String, sensor: SensorID, names: PlaceNames, transition: Transition,
    yenPerCubicMetre: Double, calendar: LocalCalendar
  ) {
    self.seq = seq
    self.eventKey = eventKey
    self.transitionKey = transitionKey
    self.sensor = sensor
    self.names = names
    self.transition = transition
    self.yenPerCubicMetre = yenPerCubicMetre
    self.calendar = calendar
  }

  /// The same on every attempt: the transition's name, and a reminder's number.
  public var deliveryID: String {
    if case .reminder(let n) = occasion { return "\(transitionKey)_r\(n)" }
    return transitionKey
  }

  /// Whole yen lost from onset to the transition.
  public var yen: Int { AlertMessage.rounded(max(0, transition.volume) * yenPerCubicMetre) }
  /// Whole yen a day at the present excess.
  public var yenPerDay: Int { AlertMessage.rounded(max(0, transition.excess) * 24 * yenPerCubicMetre) }

  private static func rounded(_ v: Double) -> Int { v.isFinite && v < 1e15 ? Int(v.rounded()) : 0 }

  /// The type of Standard Webhooks bodies; nil for what is recorded and not told.
  public var type: String? {
    let t = transition
    if t.kind.isLeak {
      switch t.change {
      case .opened: return "leak.opened"
      case .updated, .escalated: return "leak.updated"
      case .closed: return "leak.closed"
      }
    }
    // What is worth a line in the log only: single spikes, registers that began anew.
    guard t.kind.isHealth, t.severity > .info else { return nil }
    return t.change == .closed ? "sensor.recovered" : "sensor.fault"
  }

  /// A burst of severity major or worse: what no setting may hold back.
  public var isLargeBurst: Bool { transition.kind == .burst && transition.severity >= .major }

  /// Event kinds that `type` has a word for.
  public static let toldKinds: Set<EventKind> = Set(EventKind.allCases.filter { $0.isLeak || $0.isHealth })
}
