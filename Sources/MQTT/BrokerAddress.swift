/// Where one broker, or one node of a cluster of brokers, listens.
public struct BrokerAddress: Hashable, Sendable, CustomStringConvertible {
  /// A name or an IP address, IPv6 without brackets.
  public var host: String
  /// 1…65,535.
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
