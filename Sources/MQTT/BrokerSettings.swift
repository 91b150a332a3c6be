/// How to reach the broker and who we are there.
public struct BrokerSettings: Sendable {
  /// The protocol spoken on the wire.
  public enum ProtocolVersion: Sendable { case v5, v311 }

  /// Files of a TLS connection; the server's certificate is always verified.
  public struct TLS: Sendable {
    /// CA certificates (PEM) that may have signed the broker's.
    public var caFile: String
    /// Client certificate and key (PEM), where the broker asks for one.
    public var certificateFile: String?
    public var keyFile: String?

    public init(caFile: String, certificateFile: String? = nil, keyFile: String? = nil) {
      self.caFile = caFile
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  public var host: String
  public var port: Int
  /// The other nodes of a cluster that share our session with the first: tried in turn when one cannot be reached or goes away.
  public var others: [BrokerAddress] = []
  /// Stable: the broker keeps the session, and with it what we have not acknowledged, under this name.
  public var clientID: String
  public var username: String?
  public var password: String?
  public var tls: TLS?
  /// Seconds, 5…65,535. A line on which nothing comes in for 1¾ of this time is taken for dead.
  public var keepAlive: Int = 15
  /// 5 falls back to 3.1.1 by itself when the broker refuses it.
  public var protocolVersion: ProtocolVersion = .v5
  /// Seconds to stay away before a connection that follows another one, of this process or of one before it. A broker that sends again what
  /// was not acknowledged only after a time of its own (NATS: `ack_wait`), and meanwhile goes on with what is newer, keeps the order for
  /// those who come later than that. 0: the broker begins with what was not acknowledged, as MQTT has it.
  public var redeliveryWait: Int = 0
  /// Whether a subscriber takes messages from the socket itself, past libmosquitto, where there is no TLS: a fraction of the cost.
  public var receivesDirectly = true
  /// Topic filters, each subscribed with QoS 1.
  public var subscriptions: [String] = []
  /// Whether a subscriber's session outlives its connection. False only for a look that loses nothing when it ends.
  public var keepsSession = true
  /// Seconds that the broker keeps the session while we are away (MQTT 5); 3.1.1 keeps it without limit.
  public var sessionExpiry: UInt32 = 30 * 86_400
  /// Messages in flight that we allow the broker (MQTT 5).
  public var receiveMaximum: UInt16 = 1000
  /// Bytes of the largest packet that we let the broker send (MQTT 5): bounds the memory that one message can take.
  public var maximumPacket: UInt32 = 4 << 20
  /// Retained `online` / `offline` (Last Will) go here; nil for none.
  public var statusTopic: String?

  public init(host: String, port: Int, clientID: String) {
    self.host = host
    self.port = port
    self.clientID = clientID
  }

  /// Every node, the first one first.
  public var addresses: [BrokerAddress] { [BrokerAddress(host: host, port: port)] + others }
}
