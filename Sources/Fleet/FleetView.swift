/// What the page of the fleet shows, and `mizumori fleet --json` prints. Times in Unix milliseconds, flows in m³/h.
public struct FleetView: Encodable, Equatable, Sendable {
  /// How a town, or an instance, is doing. Worst first.
  public enum State: String, Encodable, CaseIterable, Sendable {
    case leak
    /// The instance cannot be read: nobody knows how it is.
    case unreachable
    case attention
    case offline
    case learning
    case normal

    public var rank: Int { State.allCases.firstIndex(of: self) ?? 0 }
  }

  /// One instance.
  public struct Instance: Encodable, Equatable, Sendable {
    public var name: String
    public var utility: String?
    public var version: String?
    /// Where people open it.
    public var page: String?
    /// False: the last question was not answered as hoped; `problem` says why.
    public var isReached: Bool
    /// Whether it is connected to its broker; nil = not known.
    public var isConnected: Bool?
    /// The last answer that could be read; nil = never.
    public var lastAnswer: Int64?
    /// The keys are language codes.
    public var problem: [String: String]?
    public var towns: Int
    public var meters: Int
    public var leaks: Int
    public var leakM3h: Double
  }

  /// One town of an instance, as its last answer had it.
  public struct Town: Encodable, Equatable, Sendable {
    public var instance: String
    /// As in topics; empty for an instance that has never answered.
    public var id: String
    public var name: String
    public var state: State
    public var leaks: Int
    public var leakM3h: Double
    /// What flows in; nil = nothing of it is known.
    public var flow: Double?
    public var meters: Int
    /// Meters that do not report.
    public var offline: Int
    /// The newest reading.
    public var newest: Int64?
    /// Where its instance cannot be read now: of when this is.
    public var asOf: Int64?
    public var page: String?
  }

  public var name: String
  /// `ja` or `en`: the language of the settings.
  public var language: String
  /// When this was put together.
  public var now: Int64
  /// Towns that leak, all leaks and what they lose together; of the last answers.
  public var leakingTowns: Int
  public var leaks: Int
  public var leakM3h: Double
  /// Instances that cannot be read.
  public var unreachable: Int
  /// Worst first.
  public var towns: [Town]
  /// In the order of the settings.
  public var instances: [Instance]
}
