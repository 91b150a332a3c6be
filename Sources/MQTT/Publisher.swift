import CMosquitto
import Glibc

/// Publishes with QoS 0 or 1 and a bounded number of messages in flight; blocks while the bound is reached. One thread.
public final class Publisher: HandleDelegate {
  /// What went wrong, with the broker's address.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }
  }

  private let settings: BrokerSettings
  private let window: Int
  private var handle: Handle?
  /// The node that we are connected to, or tried last.
  private var address: BrokerAddress
  private var version: BrokerSettings.ProtocolVersion
  private var connack: Int?
  private var inFlight = 0
  /// Messages the broker has acknowledged.
  public private(set) var acknowledged = 0
  /// Of those, messages that it did not take: we may not publish there. MQTT 3.1.1 has no word for it.
  public private(set) var refused = 0

  /// - Parameter window: QoS 1 messages that may wait for their PUBACK.
  public init(settings: BrokerSettings, window: Int = 200) {
    self.settings = settings
    self.window = window
    address = BrokerAddress(host: settings.host, port: settings.port)
    version = settings.protocolVersion
  }

  /// Connects and waits for CONNACK, at most 10 s. MQTT 5 falls back to 3.1.1. Of a cluster each node is tried once, beginning with the
  /// one that was connected last; what is thrown says of each why not.
  public func connect() throws(Failure) {
    let all = settings.addresses
    let first = all.firstIndex(of: address) ?? 0
    var reasons: [String] = []
    for next in all[first...] + all[..<first] {
      address = next
      do { return try connectToNode() } catch { reasons.append(error.description) }
    }
    throw Failure(reasons.joined(separator: "; "))
  }

  private func connectToNode() throws(Failure) {
    connack = nil
    inFlight = 0
    do {
      let new = try Handle(settings: settings, version: version, keepsSession: false, sendWindow: window)
      new.delegate = self
      handle = new
      try new.connect(settings, address)
    } catch {
      throw Failure("\(address): \(error)")
    }
    let end = monotonicMilliseconds() + 10_000
    while connack == nil, monotonicMilliseconds() < end, pump(100) {}
    if connack == 0 { return }
    if version == .v5, connack.map(ConnectionMachine.refusesVersion) ?? true {
      version = .v311
      return try connectToNode()
    }
    throw Failure("\(address): " + (connack.map { ConnectionMachine.reason($0) } ?? "no CONNACK"))
  }

  /// Queues one message and sends it; blocks while `window` messages are in flight. Throws when the connection is lost: what was in flight
  /// may have to be published again.
  public func publish(topic: String, payload: UnsafeRawBufferPointer, qos: Int = 1, retain: Bool = false) throws(Failure) {
    guard let handle else { throw Failure("not connected") }
    do { _ = try handle.publish(topic: topic, payload: payload, qos: Int32(qos), retain: retain) } catch {
      throw Failure("\(topic): \(error)")
    }
    inFlight += 1
    unsent += 1
    if unsent >= 64 || qos == 0 && unsent >= 16 { if !pump(0) { throw lost } }
    while inFlight >= window { if !pump(1000) { throw lost } }
  }

  public func publish(topic: String, payload: String, qos: Int = 1, retain: Bool = false) throws(Failure) {
    let bytes = Array(payload.utf8)
    let result: Result<Void, Failure> = bytes.withUnsafeBytes { b in
      do throws(Failure) { return .success(try publish(topic: topic, payload: b, qos: qos, retain: retain)) } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Waits until everything published has been acknowledged, at most `seconds`.
  public func flush(seconds: Int64 = 30) throws(Failure) {
    let end = monotonicMilliseconds() + seconds * 1000
    while inFlight > 0 {
      if !pump(100) { throw lost }
      if monotonicMilliseconds() > end { throw Failure("\(inFlight) messages were not acknowledged within \(seconds) s") }
    }
  }

  /// Lets the connection live while nothing is published: keep-alive packets and acknowledgements. False when it is lost.
  @discardableResult
  public func idle(milliseconds: Int) -> Bool { pump(Int32(milliseconds)) }

  public func disconnect() {
    handle?.disconnect()
    _ = handle?.write()
    handle = nil
  }

  private var unsent = 0
  private var lost: Failure { Failure("\(address): 接続が切れました / connection lost") }

  /// Writes what is queued, waits up to `timeout` ms for an answer and reads it. False when the connection is gone.
  private func pump(_ timeout: Int32) -> Bool {
    guard let handle, handle.socket >= 0 else { return false }
    if handle.wantsWrite, handle.write() != 0 { return false }
    unsent = 0
    var set = pollfd(fd: handle.socket, events: Int16(POLLIN), revents: 0)
    if poll(&set, 1, timeout) > 0 {
      for _ in 0..<window {
        let before = inFlight
        if handle.read().code != 0 { return false }
        if inFlight == before { break }
      }
    }
    return handle.misc() == 0
  }

  // MARK: - HandleDelegate

  func handleConnected(code: Int, flags: Int, keepAlive: Int?) { connack = code }
  func handleDisconnected(code: Int, text: String) {}
  func handleSubscribed(granted: [Int]) {}
  func handleMessage(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {}

  func handlePublished(id: Int32, code: Int) {
    inFlight -= 1
    if code >= 0x80 { refused += 1 }
    acknowledged += 1
  }
}
