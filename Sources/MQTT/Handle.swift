import CMosquitto
import Glibc

/// What libmosquitto's callbacks tell their owner, on the thread that runs the loop.
protocol HandleDelegate: AnyObject {
  /// - Parameter keepAlive: seconds, where the broker asks for another time than ours (MQTT 5).
  func handleConnected(code: Int, flags: Int, keepAlive: Int?)
  func handleDisconnected(code: Int, text: String)
  func handleSubscribed(granted: [Int])
  func handleMessage(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool)
  /// - Parameter code: reason code of PUBACK (MQTT 5), 0x80 and above for a refusal; 0 without one.
  func handlePublished(id: Int32, code: Int)
}

/// One `struct mosquitto`: created, configured and freed here; each callback recovers its owner and calls one method.
///
/// Used from one thread at a time. `mosquitto_threaded_set` keeps outgoing packets, PUBACKs among them, queued until `write()`.
final class Handle {
  /// An error code of libmosquitto with its text.
  struct Failure: Error, CustomStringConvertible {
    let code: Int32
    let description: String

    init(_ code: Int32) {
      self.code = code
      description = code == Int32(MOSQ_ERR_ERRNO.rawValue) ? String(cString: strerror(errno)) : String(cString: mosquitto_strerror(code))
    }
  }

  private let mosquitto: OpaquePointer
  weak var delegate: (any HandleDelegate)?
  private let isV5: Bool
  /// Takes messages out of the stream before the library sees them; nil over TLS, where not wanted, and before the connection stands.
  private var relay: Relay?
  private let isRelayed: Bool
  /// Messages that the library handed over.
  private var delivered = 0
  private var toldNews: Int64 = 0
  /// The last error that the library logged: the words of OpenSSL, where a return code says "TLS error" or nothing.
  private var logged: String?

  private static let initialised: Int32 = mosquitto_lib_init()

  /// - Parameters:
  ///   - keepsSession: whether the broker keeps our session while we are away.
  ///   - sendWindow: messages with QoS 1 that we may have in flight; the broker may ask for less.
  ///   - isRelayed: whether messages are received past the library where that can be done (`Relay`); for whoever calls `acknowledge()`.
  init(
    settings: BrokerSettings, version: BrokerSettings.ProtocolVersion, keepsSession: Bool = true, sendWindow: Int = 20,
    isRelayed: Bool = false
  ) throws(Failure) {
    guard Handle.initialised == 0, let m = mosquitto_new(settings.clientID, !keepsSession, nil) else {
      throw Failure(Int32(MOSQ_ERR_NOMEM.rawValue))
    }
    mosquitto = m
    isV5 = version == .v5
    self.isRelayed = isRelayed && settings.tls == nil
    mosquitto_user_data_set(m, Unmanaged.passUnretained(self).toOpaque())
    mosquitto_threaded_set(m, true)
    try check(
      mosquitto_int_option(m, MOSQ_OPT_PROTOCOL_VERSION, isV5 ? Int32(MQTT_PROTOCOL_V5) : Int32(MQTT_PROTOCOL_V311)))
    try check(mosquitto_int_option(m, MOSQ_OPT_TCP_NODELAY, 1))
    try check(mosquitto_int_option(m, MOSQ_OPT_SEND_MAXIMUM, Int32(sendWindow)))
    if isV5 { try check(mosquitto_int_option(m, MOSQ_OPT_RECEIVE_MAXIMUM, Int32(settings.receiveMaximum))) }
    if let user = settings.username { try check(mosquitto_username_pw_set(m, user, settings.password)) }
    if let tls = settings.tls {
      try check(mosquitto_tls_set(m, tls.caFile, nil, tls.certificateFile, tls.keyFile, nil))
      try check(mosquitto_tls_opts_set(m, 1, "tlsv1.2", nil))
    }
    if let topic = settings.statusTopic {
      let text = "offline"
      try check(mosquitto_will_set(m, topic, Int32(text.utf8.count), text, 1, true))
    }
    setCallbacks()
  }

  deinit { mosquitto_destroy(mosquitto) }

  private func check(_ code: Int32) throws(Failure) { if code != 0 { throw Failure(code) } }

  private func setCallbacks() {
    mosquitto_connect_v5_callback_set(mosquitto) { _, me, code, flags, properties in
      Handle.from(me)?.delegate?.handleConnected(code: Int(code), flags: Int(flags), keepAlive: Handle.serverKeepAlive(properties))
    }
    mosquitto_disconnect_callback_set(mosquitto) { _, me, code in
      if let me = Handle.from(me) { me.delegate?.handleDisconnected(code: Int(code), text: me.explain(code)) }
    }
    mosquitto_log_callback_set(mosquitto) { _, me, level, text in
      if level == MOSQ_LOG_ERR, let text { Handle.from(me)?.logged = String(cString: text) }
    }
    mosquitto_subscribe_callback_set(mosquitto) { _, me, _, count, granted in
      Handle.from(me)?.delegate?.handleSubscribed(granted: (0..<Int(count)).map { Int(granted?[$0] ?? 0x80) })
    }
    mosquitto_publish_v5_callback_set(mosquitto) { _, me, id, code, _ in
      Handle.from(me)?.delegate?.handlePublished(id: id, code: Int(code))
    }
    mosquitto_message_callback_set(mosquitto) { _, me, message in
      if let message { Handle.from(me)?.deliver(message.pointee) }
    }
  }

  private static func from(_ me: UnsafeMutableRawPointer?) -> Handle? {
    me.map { Unmanaged<Handle>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func serverKeepAlive(_ properties: OpaquePointer?) -> Int? {
    var seconds: UInt16 = 0
    guard mosquitto_property_read_int16(properties, Int32(MQTT_PROP_SERVER_KEEP_ALIVE.rawValue), &seconds, false) != nil else { return nil }
    return Int(seconds)
  }

  /// Words for a result of the library or, from 0x80, a reason code of MQTT 5.
  func explain(_ code: Int32) -> String {
    if let logged { return logged }
    if code >= 0x80 { return String(cString: mosquitto_reason_string(code)) }
    // A peer that just closes leaves no error number.
    return code == Int32(MOSQ_ERR_ERRNO.rawValue) && errno == 0
      ? "ブローカーが接続を閉じました / closed by the broker" : Failure(code).description
  }

  /// Words for a failure of `connect`, whose `errno` belongs to the thread that connected.
  func explain(_ failure: Failure) -> String { logged ?? failure.description }

  private func deliver(_ m: mosquitto_message) {
    delivered += 1
    let topic = UnsafeRawPointer(m.topic).map { UnsafeBufferPointer(start: $0.assumingMemoryBound(to: UInt8.self), count: strlen(m.topic)) }
    let payload = UnsafeBufferPointer(start: m.payload?.assumingMemoryBound(to: UInt8.self), count: Int(m.payloadlen))
    delegate?.handleMessage(topic: topic ?? UnsafeBufferPointer(start: nil, count: 0), payload: payload, isRetained: m.retain)
  }

  /// Connects (blocking while the TCP connection is made) and queues CONNECT.
  func connect(_ s: BrokerSettings, _ address: BrokerAddress) throws(Failure) {
    if isV5 {
      var properties: OpaquePointer?
      defer { mosquitto_property_free_all(&properties) }
      try check(mosquitto_property_add_int32(&properties, Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), s.sessionExpiry))
      try check(mosquitto_property_add_int32(&properties, Int32(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue), s.maximumPacket))
      try check(mosquitto_connect_bind_v5(mosquitto, address.host, Int32(address.port), Int32(s.keepAlive), nil, properties))
    } else {
      try check(mosquitto_connect(mosquitto, address.host, Int32(address.port), Int32(s.keepAlive)))
    }
    if isRelayed { relay = Relay(socket: mosquitto_socket(mosquitto), isV5: isV5) }
  }

  /// The socket to poll; −1 without a connection.
  var socket: Int32 {
    let own = mosquitto_socket(mosquitto)
    return own < 0 ? own : relay?.broker ?? own
  }
  var wantsWrite: Bool { mosquitto_want_write(mosquitto) || relay?.wantsWrite ?? false }
  /// Something was received that has not been handed over, though the socket may be empty.
  var holdsUnread: Bool { relay?.holdsUnread ?? false }

  /// Reads what is there up to about one packet; over TLS, all packets of one record. With a relay, up to `limit` messages.
  /// - Returns: the library's result code, and whether there may be more.
  func read(_ limit: Int = 1) -> (code: Int32, mayHaveMore: Bool) {
    guard let relay, let delegate else {
      let before = delivered
      let code = mosquitto_loop_read(mosquitto, 1)
      return (code, delivered != before)
    }
    return relay.read(
      limit,
      deliver: { delegate.handleMessage(topic: $0.topic, payload: $0.payload, isRetained: $0.isRetained) },
      library: { mosquitto_loop_read(mosquitto, 1) })
  }

  /// Everything handed over is safe: its PUBACKs leave with the next `write()`. Without a relay they do so in any case.
  func acknowledge() { relay?.release() }

  /// Keep-alive. A second at most after messages came the library is told that the broker lives.
  func misc() -> Int32 {
    if let relay, relay.hasNews, monotonicMilliseconds() - toldNews >= 1000 {
      toldNews = monotonicMilliseconds()
      let code = relay.tellNews { mosquitto_loop_read(mosquitto, 1) }
      if code != 0 { return code }
    }
    return mosquitto_loop_misc(mosquitto)
  }

  /// Sends everything queued, in as few segments as possible: 4-byte PUBACK segments would dominate the cost otherwise.
  func write() -> Int32 {
    if let relay {
      return relay.write(
        library: { (mosquitto_loop_write(mosquitto, 1), !mosquitto_want_write(mosquitto)) },
        lost: { mosquitto_loop_read(mosquitto, 1) })
    }
    let fd = socket
    setCork(fd, 1)
    let code = mosquitto_loop_write(mosquitto, 1)
    setCork(fd, 0)
    return code
  }

  private func setCork(_ fd: Int32, _ on: Int32) {
    guard fd >= 0 else { return }
    var value = on
    setsockopt(fd, Int32(IPPROTO_TCP), TCP_CORK, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  func subscribe(_ filters: [String]) -> Int32 {
    var names = filters.map { strdup($0) }
    defer { for n in names { free(n) } }
    return mosquitto_subscribe_multiple(mosquitto, nil, Int32(names.count), &names, 1, 0, nil)
  }

  /// Queues a message; returns its id.
  func publish(topic: String, payload: UnsafeRawBufferPointer, qos: Int32, retain: Bool) throws(Failure) -> Int32 {
    var id: Int32 = 0
    try check(mosquitto_publish(mosquitto, &id, topic, Int32(payload.count), payload.baseAddress, qos, retain))
    return id
  }

  func disconnect() { mosquitto_disconnect(mosquitto) }
}
