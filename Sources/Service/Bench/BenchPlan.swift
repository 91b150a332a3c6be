import Readings
import Settings

/// What a bench does: where, with which settings, how long.
public struct BenchPlan: Sendable {
  /// The operator's, with everything that would reach others taken out.
  let settings: MizumoriSettings
  /// Loopback port of a broker that only the bench uses; nil = there is none.
  let brokerPort: Int?
  /// Its process; nil = not known.
  let brokerProcess: Int32?
  let seconds: Double
  /// Meters whose pace the background of the latency has.
  let fleet: Int
  /// At most so many meters are played; nil = as the time allows.
  let most: Int?

  /// - Parameters:
  ///   - settings: the operator's. No receiver of theirs is told anything, their broker and data directory are not touched.
  ///   - directory: an empty folder of the bench's own, on the disk in question.
  ///   - seconds: for all of it, about; at least 5.
  ///   - most: most meters that are played, 20 or more.
  public init(
    settings: MizumoriSettings, directory: String, brokerPort: Int?, brokerProcess: Int32? = nil, seconds: Double, fleet: Int,
    most: Int? = nil
  ) throws {
    var s = settings
    let defaults = try MizumoriSettings.parse("", name: "bench", directory: directory)
    s.data.directory = directory
    (s.topics, s.broker, s.web) = (defaults.topics, defaults.broker, defaults.web)
    s.alerts.sinks = []
    s.alerts.logFile = directory + "/" + MizumoriSettings.Alerts.logName
    (s.sensors, s.zones, s.tanks, s.works) = ([:], [:], [:], [])
    s.utility.municipality = nil
    s.broker.version = settings.broker.version
    s.broker.receiveMaximum = settings.broker.receiveMaximum
    s.broker.port = brokerPort ?? 1883
    s.broker.clientID = "mizumori-bench"
    s.broker.statusTopic = nil
    // Without a page where the operator has none: its pieces need not be installed then.
    s.web.isEnabled = settings.web.isEnabled
    s.web.needsLogin = false
    s.web.port = 0
    self.settings = s
    self.brokerPort = brokerPort
    self.brokerProcess = brokerProcess
    self.seconds = max(5, seconds)
    self.fleet = max(1, fleet)
    self.most = most.map { max(20, $0) }
  }
}
