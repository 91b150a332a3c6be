/// The state of the service itself.
public protocol SystemPages: Sendable {
  func system() throws -> SystemSummary
}

/// How the service and its machine are doing.
public struct SystemSummary: Codable, Sendable {
  public var version: String
  /// ISO 8601
  public var started: String
  public var uptimeS: Int64
  /// Whether the broker has confirmed every subscription.
  public var isConnected: Bool
  /// `host:port`
  public var broker: String
  public var reconnects: Int
  /// Connections taken by another client with our id.
  public var takeovers: Int
  /// Over the last five minutes.
  public var readingsPerMinute: Double
  public var messages: Int
  public var readings: Int
  public var duplicates: Int
  /// Messages that were refused, by reason.
  public var rejected: [String: Int]
  public var commits: Int
  public var databaseBytes: Int64
  /// Of the file system of the data directory.
  public var diskFreeBytes: Int64
  public var diskTotalBytes: Int64
  /// Resident memory of the process.
  public var rssBytes: Int64
  public var sensors: Int
  public var maximumSensors: Int
  /// When the last reading arrived; nil before the first.
  public var lastArrival: String?
  /// What the operator should know; the keys are language codes.
  public var notices: [[String: String]]
  /// Whether people log in here.
  public var logins = false

  public init(
    version: String, started: String, uptimeS: Int64, isConnected: Bool, broker: String, reconnects: Int, takeovers: Int,
    readingsPerMinute: Double, messages: Int, readings: Int, duplicates: Int, rejected: [String: Int], commits: Int, databaseBytes: Int64,
    diskFreeBytes: Int64, diskTotalBytes: Int64, rssBytes: Int64, sensors: Int, maximumSensors: Int, lastArrival: String?,
    notices: [[String: String]]
  ) {
    self.version = version
    self.started = started
    self.uptimeS = uptimeS
    self.isConnected = isConnected
    self.broker = broker
    self.reconnects = reconnects
    self.takeovers = takeovers
    self.readingsPerMinute = readingsPerMinute
    self.messages = messages
    self.readings = readings
    self.duplicates = duplicates
    self.rejected = rejected
    self.commits = commits
    self.databaseBytes = databaseBytes
    self.diskFreeBytes = diskFreeBytes
    self.diskTotalBytes = diskTotalBytes
    self.rssBytes = rssBytes
    self.sensors = sensors
    self.maximumSensors = maximumSensors
    self.lastArrival = lastArrival
    self.notices = notices
  }
}
