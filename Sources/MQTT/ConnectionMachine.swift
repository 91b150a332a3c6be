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
    /// The TCP connection stands; CONNECT is on its way.
    case reached
    /// Something came in.
    case heard
    /// CONNACK with its reason code; 0 is success.
    case connack(code: Int, resumed: Bool)
    /// SUBACK: the granted QoS or failure code of each filter.
    case suback([Int])
    case disconnected(code: Int, text: String)
    /// A second or more has passed since the last tick, and the socket has been looked at in between.
    case tick
  }

  public enum Action: Equatable, Sendable {
    case connect
    case subscribe
    case announceOnline
    /// Drop the socket; another attempt comes by itself.
    case drop
    case use(BrokerSettings.ProtocolVersion)
    /// The attempts that follow go to the next node of the cluster.
    case moveOn
    case report(ConnectionState)
  }

  private enum Phase: Equatable {
    case idle(until: Int64)
    /// DNS and TCP: as long as they take, for giving up early would never get to the second address of a host.
    case reaching
    case connecting(since: Int64)
    /// Since something came last.
    case subscribing(since: Int64)
    case live(since: Int64)
  }

  private var phase: Phase = .idle(until: 0)
  private var backoff: Backoff
  private var version: BrokerSettings.ProtocolVersion
  /// Live connections in a row that the other side closed within `shortLife` without a reason. 3.1.1 has no word for a take-over, and
  /// mosquitto before 2.0.15 says none in MQTT 5 either; two clients that fight for one id look like this.
  private var shortLives = 0
  private static let shortLife: Int64 = 60_000
  /// Nodes that may be tried, and how many of them were since the last pause or stable minute.
  private let nodes: Int
  private var tried = 0
  /// Milliseconds that we stay away after a connection that stood, and at first, for there may have been one before us.
  private let redeliveryWait: Int64
  private var hasBegun: Bool
  /// 3.1.1 is on trial since MQTT 5 got no answer, which may as well have been a broker that was just ending.
  private var isTrial = false
  /// Ticks since something came in. Ticks and not time: a commit that takes long, while the socket is not looked at, is no silence.
  private var silentTicks = 0
  /// Seconds; 0 when the broker wants none.
  public var keepAlive: Int
  /// Milliseconds that CONNACK may take, and SUBACK when nothing else comes: behind the backlog of a resumed session it may take longer.
  public static let answerLimit: Int64 = 10_000

  /// - Parameters:
  ///   - seed: of the jitter; different for each process, lest all services of a broker come back at once.
  ///   - keepAlive: seconds.
  ///   - nodes: of the cluster, 1 or more: each is tried once, the next a second after the one before, and only then comes a pause.
  ///   - redeliveryWait: seconds, 0 or more; see `BrokerSettings`.
  public init(
    version: BrokerSettings.ProtocolVersion, seed: UInt64, keepAlive: Int = 15, nodes: Int = 1, redeliveryWait: Int = 0
  ) {
    self.version = version
    self.nodes = max(1, nodes)
    self.redeliveryWait = Int64(max(0, redeliveryWait)) * 1000
    hasBegun = redeliveryWait <= 0
    self.keepAlive = keepAlive
    backoff = Backoff(seed: seed)
  }

  public var isLive: Bool { if case .live = phase { true } else { false } }
  public var isIdle: Bool { if case .idle = phase { true } else { false } }

  public mutating func handle(_ event: Event, now: Int64) -> [Action] {
    switch event {
    case .start:
      phase = .reaching
      return [.report(.connecting(attempt: backoff.attempts + 1)), .connect]
    case .connectFailed(let why):
      // A broker that cannot be reached has closed for a reason of its own.
      shortLives = 0
      return rest(now, .lost(why))
    case .reached:
      phase = .connecting(since: now)
      return []
    case .heard:
      silentTicks = 0
      // The backlog of a resumed session comes first: whoever is sent it is not deaf.
      if case .subscribing = phase { phase = .subscribing(since: now) }
      return []
    case .connack(let code, let resumed):
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
      return (isTrial ? [.report(.fallback)] : []) + [.report(.connected(resumed: resumed)), .subscribe]
    }
    if version == .v5, ConnectionMachine.refusesVersion(code) {
      version = .v311
      phase = .idle(until: now)
      return [.report(.fallback), .drop, .use(.v311)]
    }
    return rest(now, .refused(ConnectionMachine.reason(code)))
  }

  /// 0x84 (5) and 1 (3.1.1): unsupported protocol version.
  static func refusesVersion(_ code: Int) -> Bool { code == 0x84 || code == 1 }

  private mutating func suback(_ granted: [Int], now: Int64) -> [Action] {
    guard case .subscribing = phase else { return [] }
    if granted.isEmpty || granted.contains(where: { $0 >= 0x80 }) {
      return rest(now, .refused("購読が断られました（ブローカーの ACL を確認） / the broker refused the subscription: check its ACL"))
    }
    phase = .live(since: now)
    silentTicks = 0
    return [.announceOnline, .report(.subscribed)]
  }

  private mutating func disconnected(_ code: Int, _ text: String, now: Int64) -> [Action] {
    switch phase {
    case .idle: return []
    case .connecting where version == .v5:
      // Brokers that know only 3.1.1 may close without an answer. So does one that is just ending: the next connection tries 5 again.
      isTrial = true
      version = .v311
      phase = .idle(until: now)
      return [.drop, .use(.v311)]
    case .live(let since):
      ended(after: now - since)
      shortLives = code < 0x80 && now - since < ConnectionMachine.shortLife ? shortLives + 1 : 0
    default: shortLives = 0
    }
    guard code == 0x8e || shortLives >= 3 else { return rest(now, .lost(text)) }
    // Whoever took our session over would be thrown out by us at any other node as well.
    tried = nodes
    backoff.takenOver()
    return rest(now, .takenOver)
  }

  private mutating func tick(_ now: Int64) -> [Action] {
    switch phase {
    case .idle(let until):
      if !hasBegun {
        hasBegun = true
        phase = .idle(until: now + redeliveryWait)
        return []
      }
      return now >= until ? handle(.start, now: now) : []
    case .connecting(let since) where now - since >= ConnectionMachine.answerLimit:
      return rest(now, .lost("CONNACK が来ません / no CONNACK within 10 s"))
    case .subscribing(let since) where now - since >= ConnectionMachine.answerLimit:
      return rest(now, .lost("SUBACK が来ません / no SUBACK within 10 s: connected but deaf"))
    case .live(let since):
      silentTicks += 1
      // A PINGREQ leaves after one keep-alive time without traffic; ¾ of it are left for the answer.
      guard keepAlive > 0, silentTicks >= keepAlive * 7 / 4 else { return [] }
      ended(after: now - since)
      return rest(now, .lost("\(silentTicks) 秒間ブローカーから何も届きません / nothing came from the broker for \(silentTicks) s"))
    default: return []
    }
  }

  private mutating func ended(after milliseconds: Int64) {
    backoff.ended(after: milliseconds)
    if milliseconds >= ConnectionMachine.shortLife { tried = 0 }
  }

  /// Messages may have come over the connection that is being left.
  private var hasStood: Bool {
    switch phase {
    case .subscribing, .live: true
    default: false
    }
  }

  /// Leaves the connection, says why, and waits for the next attempt: at the next node, and after a pause when each has had its turn.
  private mutating func rest(_ now: Int64, _ why: ConnectionState) -> [Action] {
    let least = now + (hasStood ? redeliveryWait : 0)
    tried += 1
    if tried < nodes {
      phase = .idle(until: least)
    } else {
      tried = 0
      phase = .idle(until: max(least, now + backoff.next()))
    }
    let next: [Action] = nodes > 1 ? [.moveOn] : []
    guard isTrial else { return [.report(why), .drop] + next }
    isTrial = false
    version = .v5
    return [.report(why), .drop, .use(.v5)] + next
  }

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
