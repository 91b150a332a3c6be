extension Scenario {
  /// A work that comes every week (洗管): for the settings of Mizumori, which then neither judges nor learns in its hours.
  public struct Work: Sendable {
    public var name = ""
    public var zone = ""
    /// Days after the start at which it is done for the first time; the weekday of all the others.
    public var day = 0.0
    public var hours = 1.0
    /// Line in the scenario file, for messages.
    var line = 0
  }

  /// Something that a person says of meters, as one of the actions of Mizumori.
  public struct Saying: Sendable {
    public enum Action: String, CaseIterable, Sendable {
      case acknowledged, repaired
      case inProgress = "in_progress"
      case falseAlarm = "false_alarm"
      case acceptAsNormal = "accept_as_normal"
      case plannedWork = "planned_work"
    }

    public var action = Action.acknowledged
    public var meter = ""
    /// Days after the start at which it is said.
    public var day = 0.0
    public var by = ""
    public var note = ""
    /// Of planned work: when it begins, days after the start, and how long it takes.
    public var begins: Double?
    public var hours = 1.0
    /// Line in the scenario file, for messages.
    var line = 0
  }
}
