/// What one run of `mizumori bench` measured. Times are seconds, sizes bytes; nil = could not be measured on this machine.
public struct BenchFigures: Codable, Hashable, Sendable {
  /// Meters and readings of the measured part (without the learning before it).
  public var meters = 0
  public var readings = 0

  /// CPU of one reading: taking it from the socket (with libmosquitto), nil without a broker.
  public var socketCPU: Double?
  public var decodeCPU = 0.0
  /// Topic, duplicate filter, detector with its hourly and daily steps.
  public var judgeCPU = 0.0
  /// Of a commit of one reading, with the wait for the disk, and what each further reading adds.
  public var commitFixed = 0.0
  public var commitPerReading = 0.0
  /// Commits of one reading a second: how often this disk makes something durable.
  public var commitsPerSecond = 0.0
  /// Bytes that the kernel wrote for such a commit, and for each further reading; nil where it does not count them.
  public var commitFixedBytes: Double?
  public var commitPerReadingBytes: Double?
  /// Bytes written to fold half an hour of one meter's readings into hours and days.
  public var foldBytes: Double?

  /// QoS 1 messages a second through the broker into the store, publisher on the same machine, while there is always more to take.
  public var brokerRate: Double?
  /// How that was measured; nil without a broker, and in files of before, whose `brokerRate` holds the waits for the last commit.
  public var throughput: Throughput?
  /// Publish to the line in the alert log.
  public var latencyP50: Double?
  public var latencyP99: Double?
  public var latencyWorst: Double?
  public var alerts = 0
  /// Alerts a second when many come at once.
  public var alertRate: Double?

  /// Memory of the service without meters, and of one meter.
  public var baseMemory = 0.0
  public var memoryPerMeter = 0.0
  /// On disk: history of one reading; hours and days of one meter's hour.
  public var bytesPerReading = 0.0
  public var bytesPerMeterHour = 0.0
  /// One saved state of the detector, of one meter.
  public var statePerMeter = 0.0

  public init() {}

  /// What the machine did meanwhile. Shares are those of one core; nil = not known.
  public struct Throughput: Codable, Hashable, Sendable {
    public var readings: Int
    /// s
    public var seconds: Double
    /// Of the thread that sends in place of the meters.
    public var sender: Double
    public var broker: Double?
    /// Of the thread that receives, judges and stores.
    public var ingest: Double?
  }

  /// Whether `brokerRate` holds the waits for the last commit.
  var holdsWaits: Bool { brokerRate != nil && throughput == nil }
}

/// The settings that bear on the figures.
public struct BenchConditions: Codable, Hashable, Sendable {
  /// Share of the ingest thread, memory and disk that stays free, 0..<1.
  public var headroom: Double
  public var commitReadings: Int
  /// s
  public var commitSeconds: Double
  /// s between commits on the average of a day; nil = as they come.
  public var commitPaceSeconds: Double?
  public var checkpointSeconds: Int
  public var maximumSensors: Int
  /// The fleet for which wear and disk are told besides the largest one.
  public var meters: Int

  public init(
    headroom: Double, commitReadings: Int, commitSeconds: Double, commitPaceSeconds: Double? = nil, checkpointSeconds: Int,
    maximumSensors: Int, meters: Int
  ) {
    self.headroom = headroom
    self.commitReadings = commitReadings
    self.commitSeconds = commitSeconds
    self.commitPaceSeconds = commitPaceSeconds
    self.checkpointSeconds = checkpointSeconds
    self.maximumSensors = maximumSensors
    self.meters = meters
  }
}
