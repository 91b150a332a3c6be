extension MizumoriSettings {
  public struct Broker: Sendable {
    public enum MQTTVersion: String, CaseIterable, Sendable {
      case v5 = "5"
      case v311 = "3.1.1"
    }

    /// One node of a cluster.
    public struct Node: Hashable, Sendable {
      public var host: String
      public var port: Int
    }

    public var host = "127.0.0.1"
    /// 1883, or 8883 with TLS, unless set.
    public var port = 1883
    /// Other nodes of the same cluster, tried in turn; a node without a port of its own has `port`.
    public var others: [Node] = []
    /// The broker keeps our undelivered messages under this name: it must never change, and no other client may use it.
    public var clientID = "mizumori"
    public var username: String?
    public var password: Secret?
    public var version = MQTTVersion.v5
    public var keepAliveSeconds = 15
    /// How long the broker keeps messages for us while we are away (MQTT 5).
    public var sessionExpirySeconds = 604_800
    /// QoS 1 messages in flight (MQTT 5).
    public var receiveMaximum = 500
    /// Seconds to stay away before connecting, so that what was not acknowledged comes first; 0 for brokers that do so by themselves.
    public var redeliveryWaitSeconds = 0
    /// Whether messages are taken from the socket past libmosquitto, where there is no TLS.
    public var receivesDirectly = true
    public var usesTLS = false
    /// Absolute paths.
    public var caFile: String?
    public var certificateFile: String?
    public var keyFile: String?
    /// `online` and `offline` are retained here; nil = nowhere.
    public var statusTopic: String? = "mizumori/status"
  }
}
