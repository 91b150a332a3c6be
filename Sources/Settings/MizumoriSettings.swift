import Codecs
import Readings

/// Everything that an operator can set, checked and with defaults filled in. Plain values: the service maps them to its parts.
public struct MizumoriSettings: Sendable {
  public var utility = Utility()
  public var broker = Broker()
  /// Never empty.
  public var topics: [Topic] = []
  public var limits = Limits()
  public var detection = Detection()
  public var sensors: [SensorID: Sensor] = [:]
  /// By `municipality/zone`.
  public var zones: [String: Zone] = [:]
  public var data = Storage()
  public var alerts = Alerts()
  public var web = Web()
  public var works: [RecurringWork] = []
  public var reports = Reports()
  /// Extra rest days of the utility, days since 1970-01-01, sorted.
  public var specialDays: [Int32] = []

  /// The defaults, without a file.
  public init() {}

  public enum Language: String, CaseIterable, Sendable {
    case ja, en
  }

  /// Local time of the utility and its days.
  public var calendar: LocalCalendar { LocalCalendar(offset: utility.offset, specialDays: specialDays) }
}

extension MizumoriSettings {
  public struct Utility: Hashable, Sendable {
    /// As shown to people.
    public var name = "水道"
    /// The segment in topics, for patterns that do not name it.
    public var municipality: String?
    /// Seconds east of UTC.
    public var offset = 32_400
    public var language = Language.ja
    /// What a lost m³ costs, yen.
    public var priceYenPerM3 = 170.0
    /// Names for people, by municipality as in topics.
    public var towns: [String: String] = [:]
  }

  public struct Limits: Hashable, Sendable {
    public var maximumSensors = 20_000
    /// Bytes.
    public var maximumPayload = 65_536
    /// Seconds that a reading may be ahead of the clock.
    public var futureSeconds = 300

    /// As the decoder takes them.
    public var decodeLimits: DecodeLimits {
      var l = DecodeLimits()
      l.maximumPayload = maximumPayload
      l.futureTolerance = Int64(futureSeconds) * 1000
      return l
    }
  }

  public struct Detection: Hashable, Sendable {
    /// Smallest leak worth a message, m³/h.
    public var minimumLeak = 0.2
    /// Minutes after local midnight.
    public var nightStart = 60
    /// Minutes after local midnight; after `nightStart`.
    public var nightEnd = 240
    /// Days of readings before slow leaks are judged.
    public var learningDays = 14
    /// Seconds between readings of sensors that say nothing else; 0 = learnt.
    public var intervalSeconds = 0
    /// Minutes of silence that make a gap; nil = from the interval.
    public var gapMinutes: Int?
  }

  public struct Sensor: Hashable, Sendable {
    public var name: String?
    public var zoneName: String?
    /// m³/h; nil = `detection.minimumLeak`.
    public var minimumLeak: Double?
    /// Seconds; nil = `detection.intervalSeconds`.
    public var intervalSeconds: Int?
    public var allowsReverseFlow = false
    /// The meter upstream, through which this one's water comes.
    public var parent: SensorID?
    /// What the meter can show, in base units.
    public var range: ClosedRange<Double>?
  }

  public struct Zone: Hashable, Sendable {
    /// The sensor segment of the virtual sensor that shows a zone's net inflow.
    public static let sensorName = "net"
    /// Meters that a zone may be the sum of.
    public static let maximumMeters = 16

    public var name: String?
    /// Meters through which water comes in, and through which it leaves. Without inlets the zone is only a name.
    public var inlets: [SensorID] = []
    public var outlets: [SensorID] = []

    public init(name: String? = nil, inlets: [SensorID] = [], outlets: [SensorID] = []) {
      self.name = name
      self.inlets = inlets
      self.outlets = outlets
    }
  }

  public struct Storage: Hashable, Sendable {
    /// Absolute path.
    public var directory = "/var/lib/mizumori"
    public var checkpointSeconds = 60
    /// A commit comes at this many messages …
    public var commitReadings = 500
    /// … or this long after the first one, seconds.
    public var commitSeconds = 1.0
    /// Seconds between commits on the average of a day, when no alert hurries them; 0 = as they come.
    public var commitPaceSeconds = 10.0
  }

  public struct Web: Hashable, Sendable {
    public var isEnabled = true
    /// Whether people log in. Without it the page listens on a loopback address only.
    public var needsLogin = true
    public var address = "127.0.0.1"
    /// 0 = any free one.
    public var port = 8080
    /// Host names, besides the loopback ones, under which the page may be asked for: those of a reverse proxy.
    public var allowedHosts: [String] = []
    /// Where people see the page, without the last `/`: the link in alerts. Nil leaves the link out.
    public var publicURL: String?
  }

  /// One kind of topics and how their payloads are written.
  public struct Topic: Sendable {
    public enum Codec: String, CaseIterable, Sendable {
      /// One quantity a topic.
      case canonical
      /// SenML JSON (RFC 8428).
      case senml
      /// The Things Stack v3.
      case tts
      /// ChirpStack v4.
      case chirpstack
      /// Any JSON, by `fields`.
      case mapping
    }

    public var pattern: TopicPattern
    public var codec = Codec.canonical
    /// Where what stands; nil for `canonical` and `senml`.
    public var fields: FieldMap?
    /// What SenML records are called, where not as their quantity.
    public var names: [Quantity: String] = [:]
    /// Of SenML records without a name.
    public var quantity: Quantity?
  }
}
