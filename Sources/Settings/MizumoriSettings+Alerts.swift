extension MizumoriSettings {
  public struct Alerts: Sendable {
    public var language = Language.ja
    /// The JSON-lines log, absolute path.
    public var logFile = ""
    public var webhooks: [Webhook] = []
  }

  /// One receiver of alerts.
  public struct Webhook: Sendable {
    /// What a receiver can be sent.
    public static let allTypes = ["leak.opened", "leak.updated", "leak.closed", "sensor.fault", "sensor.recovered", "test"]

    /// Unique; names the receiver in the list of deliveries.
    public var name: String
    /// http or https.
    public var url: String
    /// Standard Webhooks secrets, one a line.
    public var secret: Secret
    /// Whether any loopback, link-local or private address may be called.
    public var allowsPrivate = false
    /// Addresses or networks (`192.168.1.0/24`) among those that may be called.
    public var allowedAddresses: [String] = []
    /// Which of `allTypes` it is sent.
    public var types: Set<String> = Set(allTypes)
    public var timeoutSeconds = 20
  }
}
