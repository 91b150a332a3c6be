/// What `mizumori fleet` reads and shows: several instances on one page.
public struct FleetSettings: Sendable {
  /// Instances at most: each has a thread of its own.
  public static let mostInstances = 256

  /// One instance whose API is read.
  public struct Instance: Sendable {
    /// Unique.
    public var name: String
    /// Where its API is, without the last `/`.
    public var url: String
    /// Sent as a bearer token; nil where the instance asks for none.
    public var token: Secret?
    /// Where people open it, without the last `/`; nil: no link.
    public var page: String?
    /// CA certificates (PEM) of a private CA.
    public var caFile: String?
    public var allowedAddresses: [String] = []
    public var allowsPrivate = false
  }

  /// As shown to people.
  public var name = "水守"
  public var language = MizumoriSettings.Language.ja
  /// Loopback: nobody logs in here.
  public var address = "127.0.0.1"
  /// 0 = any free one.
  public var port = 8090
  /// Host names, besides the loopback ones, of a reverse proxy in front.
  public var allowedHosts: [String] = []
  /// Seconds between two questions to an instance.
  public var intervalSeconds = 30
  /// Seconds that an answer may take.
  public var timeoutSeconds = 15
  /// Bytes of the longest answer that is read.
  public var maximumAnswer = 16_777_216
  /// Minutes without a new reading after which a town is shown as silent.
  public var silentMinutes = 60
  /// Never empty.
  public var instances: [Instance] = []
}
