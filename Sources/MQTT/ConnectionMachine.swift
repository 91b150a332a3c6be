/// What the connection is doing, as told to the handler.
public enum ConnectionState: Equatable, Sendable {
  case connecting(attempt: Int)
  /// The broker accepted us; `resumed` when it still had our session.
  case connected(resumed: Bool)
  /// Every subscription is confirmed: readings flow.
  case subscribed
  /// The broker said no; the text says why and what to do.
  case refused(String)
  case lost(String)
  /// Another client connected with our client id.
  case takenOver
  /// MQTT 5 was refused: going on with 3.1.1.
  case fallback
}

/// The life of one connection: events and monotonic milliseconds go in, actions come out. No I/O.
public struct ConnectionMachine: Sendable {
  public enum Event: Equatable, Sendable {
    case start
    case connectFailed(String)
    /// CONNACK with its reason code; 0 is success.
    case connack(code: Int, resumed: Bool)
    /// SUBACK: the granted QoS or failure code of each filter.
    case suback([Int])
    case disconnected(code: Int, text: String)
    case tick
  }

  public enum Action: Equatable, Sendable {
    case connect
    case subscribe
    case announceOnline
    /// Drop the socket; another attempt comes by itself.
    case drop
    case useVersion311
    case report(ConnectionState)
  }

  private enum Phase: Equatable {
    case idle(until: Int64)
    case connecting(since: Int64)
    case subscribing(since: Int64)
    case live(since: Int64)
  }

  private var phase: Phase = .idle(until: 0)
  private var backoff: Backoff
  private var version: BrokerSettings.ProtocolVersion
  private var answered = false
  private var shortLives = 0
  /// Milliseconds that CONNACK and SUBACK may take.
  public static let answerLimit: Int64 = 10_000

  public init(version: BrokerSettings.ProtocolVersion, seed: UInt64) {
    self.version = version
    backoff = Backoff(seed: seed)
  }

  public var isLive: Bool { if case .live = phase { true } else { false } }
  public var isIdle: Bool { if case .idle = phase { true } else { false } }

  public mutating func handle(_ event: Event, now: Int64) -> [Action] {
    switch event {
    case .start:
      phase = .connecting(since: now)
      answered = false
      return [.report(.connecting(attempt: backoff.attempts + 1)), .connect]
    case .connectFailed(let why):
      rest(now)
      return [.report(.lost(why))]
    case .connack(let code, let resumed):
      answered = true
      return connack(code, resumed: resumed, now: now)
    case .suback(let granted):
      return suback(granted, now: now)
    case .disconnected(let code, let text):
      return disconnected(code, text, now: now)
    case .tick:
      return tick(now)
    }
  }

  private mutating func connack(_ code: Int, resumed: Bool, now: Int64) -> [Action] {
    guard code != 0 else {
      phase = .subscribing(since: now)
      return [.report(.connected(resumed: resumed)), .subscribe]
    }
    // 0x84 (5) and 1 (3.1.1): unsupported protocol version.
    if version == .v5, code == 0x84 || code == 1 { return fallBack(now) }
    rest(now)
    return [.report(.refused(ConnectionMachine.reason(code))), .drop]
  }

  private mutating func suback(_ granted: [Int], now: Int64) -> [Action] {
    guard case .subscribing = phase else { return [] }
    if granted.isEmpty || granted.contains(where: { $0 >= 0x80 }) {
      rest(now)
      return [.report(.refused("購読が断られました（ブローカーの ACL を確認） / the broker refused the subscription: check its ACL")), .drop]
    }
    phase = .live(since: now)
    return [.announceOnline, .report(.subscribed)]
  }

  private mutating func disconnected(_ code: Int, _ text: String, now: Int64) -> [Action] {
    switch phase {
    case .idle: return []
    case .connecting where version == .v5 && !answered:
      // Brokers that know only 3.1.1 may close without an answer.
      return fallBack(now)
    case .live(let since):
      backoff.ended(after: now - since)
      shortLives = now - since < 5000 ? shortLives + 1 : 0
    default: shortLives = 0
    }
    rest(now)
    if code == 0x8e || shortLives >= 3 { return [.report(.takenOver), .drop] }
    return [.report(.lost(text)), .drop]
  }

  private mutating func tick(_ now: Int64) -> [Action] {
    switch phase {
    case .idle(let until): return now >= until ? handle(.start, now: now) : []
    case .connecting(let since) where now - since >= ConnectionMachine.answerLimit:
      rest(now)
      return [.report(.lost("CONNACK が来ません / no CONNACK within 10 s")), .drop]
    case .subscribing(let since) where now - since >= ConnectionMachine.answerLimit:
      rest(now)
      return [.report(.lost("SUBACK が来ません / no SUBACK within 10 s: connected but deaf")), .drop]
    default: return []
    }
  }

  private mutating func fallBack(_ now: Int64) -> [Action] {
    version = .v311
    phase = .idle(until: now)
    return [.report(.fallback), .drop, .useVersion311]
  }

  private mutating func rest(_ now: Int64) { phase = .idle(until: now + backoff.next()) }

  /// Words for CONNACK codes of 3.1.1 and 5.
  static func reason(_ code: Int) -> String {
    switch code {
    case 1, 0x84: "プロトコルの版が合いません / unsupported protocol version (broker.protocol)"
    case 2, 0x85: "クライアント ID が断られました / client identifier rejected (broker.client_id)"
    case 3, 0x88: "ブローカーが使えません / server unavailable"
    case 4, 0x86: "利用者名かパスワードが違います / bad user name or password (broker.username, broker.password_file)"
    case 5, 0x87: "許可されていません / not authorised: check the broker's users and ACL"
    default: "CONNACK \(code)"
    }
  }
}
