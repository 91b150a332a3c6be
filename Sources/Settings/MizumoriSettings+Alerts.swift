import Readings

extension MizumoriSettings {
  public struct Alerts: Sendable {
    public var language = Language.ja
    /// The JSON-lines log, absolute path.
    public var logFile = ""
    /// Name of the log in the data directory, unless the settings say otherwise.
    public static let logName = "events.jsonl"
    /// Receivers of all kinds, in the order of the lists below; their names differ.
    public var sinks: [Sink] = []
  }

  /// One receiver of alerts.
  public struct Sink: Sendable {
    /// What a receiver can be sent.
    public static let allTypes = ["leak.opened", "leak.updated", "leak.closed", "sensor.fault", "sensor.recovered", "test"]

    /// Unique among all receivers; names it in the list of deliveries.
    public var name: String
    public var kind: Kind
    /// Which of `allTypes` it is sent.
    public var types: Set<String> = Set(allTypes)
    public var timeoutSeconds = 20
    /// Whether any address of private networks may be called.
    public var allowsPrivate = false
    /// Addresses or networks (`192.168.1.0/24`) among loopback, link-local and private ones that may be called.
    public var allowedAddresses: [String] = []
    public var routing = Routing()

    /// What it is, and what only that kind has.
    public enum Kind: Sendable {
      case webhook(Webhook)
      /// The workflow's URL.
      case teams(url: Secret)
      /// The incoming webhook's URL.
      case slack(url: Secret)
      case line(LINE)
      case command(Command)
      case mqtt(MQTT)

      /// Whether it shows messages as cards, with facts and a small graph.
      public var showsCards: Bool {
        switch self {
        case .teams, .slack: true
        case .webhook, .line, .command, .mqtt: false
        }
      }

      /// The key under `alerts:`.
      public var key: String {
        switch self {
        case .webhook: "webhooks"
        case .teams: "teams"
        case .slack: "slack"
        case .line: "line"
        case .command: "commands"
        case .mqtt: "mqtt"
        }
      }
    }
  }

  /// Of what, and when, a receiver is told.
  public struct Routing: Sendable {
    /// Leaks below this are not told: info, minor, major, critical.
    public var minimumSeverity = Severity.info
    /// Nil = all.
    public var kinds: Set<EventKind>?
    /// `municipality` or `municipality/zone`; empty = everywhere.
    public var zones: [String] = []
    /// When new events are told; nil = always.
    public var hours: WeeklyHours?
    /// When telling waits, but for large bursts; nil = never.
    public var quietHours: WeeklyHours?
    /// Bursts from this on are told in quiet hours too: minor or major.
    public var quietPass = Severity.major
    /// Whether many messages at once become one.
    public var isGrouping = true
    public var groupWaitSeconds = 10
    /// Hours between reminders of open leaks that nobody has acknowledged; 0 = none, and every update is sent.
    public var repeatHours = 24
    /// Minutes without an acknowledgement before it is told; 0 = at once.
    public var unacknowledgedMinutes = 0

    public init() {}
  }

  public struct Webhook: Sendable {
    public enum Format: String, CaseIterable, Sendable {
      case standard, cloudevents
    }

    /// http or https.
    public var url: String
    /// Standard Webhooks secrets, one a line.
    public var secret: Secret
    public var format = Format.standard
  }

  public struct LINE: Sendable {
    /// Id of a user (U…), group (C…) or room (R…).
    public var to: String
    /// Channel access token.
    public var token: Secret
    /// Of the Messaging API, without the last `/`.
    public var baseURL = "https://api.line.me"
  }

  public struct Command: Sendable {
    /// Absolute path.
    public var program: String
    public var arguments: [String] = []
  }

  /// The broker of `broker:` as a receiver.
  public struct MQTT: Sendable {
    /// First levels of the topics, without the last `/`.
    public var prefix = "water"
    /// Home Assistant's discovery prefix; nil = not for Home Assistant.
    public var discovery: String?
  }
}
