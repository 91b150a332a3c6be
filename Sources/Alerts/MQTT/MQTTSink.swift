import MQTT
import Readings
import Synchronization

/// The broker as a receiver: each message as an event, the state of each meter retained, and what Home Assistant needs to show it.
///
/// - `{prefix}/{municipality}/{zone}/{sensor}/event`: the JSON of a webhook, not retained.
/// - `{prefix}/{municipality}/{zone}/{sensor}/leak`: `{"state":"ON"|"OFF", …}`, retained: how the meter stands
///   when it is sent, by the worst of its open leaks that this receiver was told of.
/// - `{discovery}/device/mizumori_…/config`: Home Assistant's device discovery (2024.11 and later), retained, once a connection for each
///   meter: the broker may have lost what it held.
///
/// All with QoS 1: delivered means that the broker has acknowledged it. A group goes out as its messages.
public struct MQTTSink: AlertSink {
  public let name: String
  private let prefix: String
  private let discovery: HomeAssistantDiscovery?
  private let line: BrokerLine
  private let timeout: Int
  /// Meters that Home Assistant was told of over this connection.
  private let announced = Announced()

  private final class Announced: Sendable { let sensors = Mutex<Set<SensorID>>([]) }

  /// - Parameters:
  ///   - broker: with a client id of its own.
  ///   - prefix: first levels of the topics, without the last `/`.
  ///   - discovery: Home Assistant's discovery prefix (`homeassistant`); nil = not for Home Assistant.
  ///   - statusTopic: where `online` and `offline` of the service are retained, for availability.
  ///   - timeout: seconds of one attempt.
  public init(name: String, broker: BrokerSettings, prefix: String, discovery: String?, statusTopic: String?, timeout: Int) {
    self.name = name
    self.prefix = prefix
    self.discovery = discovery.map { HomeAssistantDiscovery(prefix: $0, statusTopic: statusTopic) }
    self.timeout = timeout
    line = BrokerLine(broker)
  }

  public func send(_ notice: Notice, now: Int64, isGivenUp: @escaping @Sendable () -> Bool) -> AttemptOutcome {
    let why = line.publish(
      { isNew in
        if isNew { announced.sensors.withLock { $0 = [] } }
        return configurations(notice) + messages(notice)
      }, seconds: timeout, isGivenUp: isGivenUp)
    if let why { return .retry(status: nil, error: why) }
    announced.sensors.withLock { $0.formUnion(MQTTSink.leaks(notice).map(\.sensor)) }
    return .delivered(status: 0)
  }

  // MARK: - Messages

  func messages(_ notice: Notice) -> [BrokerMessage] {
    switch notice {
    case .alert(let m): alert(m)
    case .group(let g): g.messages.flatMap(alert)
    case .test: [BrokerMessage(topic: prefix + "/test/test/test/event", payload: notice.webhookBody, isRetained: false)]
    }
  }

  private func alert(_ m: AlertMessage) -> [BrokerMessage] {
    let event = BrokerMessage(topic: topic(m.sensor, "event"), payload: m.webhookBody, isRetained: false)
    guard m.transition.kind.isLeak else { return [event] }
    return [event, BrokerMessage(topic: topic(m.sensor, "leak"), payload: MQTTSink.state(m), isRetained: true)]
  }

  /// The meters of which Home Assistant has not been told yet.
  private func configurations(_ notice: Notice) -> [BrokerMessage] {
    guard let discovery else { return [] }
    var known = announced.sensors.withLock { $0 }
    return MQTTSink.leaks(notice).filter { known.insert($0.sensor).inserted }.map {
      discovery.message($0, stateTopic: topic($0.sensor, "leak"))
    }
  }

  private static func leaks(_ notice: Notice) -> [AlertMessage] {
    let all: [AlertMessage] =
      switch notice {
      case .alert(let m): [m]
      case .group(let g): g.messages
      case .test: []
      }
    return all.filter { $0.transition.kind.isLeak }
  }

  /// Segments of sensor ids are letters, digits, _ and - only.
  private func topic(_ s: SensorID, _ last: String) -> String { "\(prefix)/\(s.municipality)/\(s.zone)/\(s.sensor)/\(last)" }

  /// The worst of the leaks that are open, or the message's own when it was the last to end.
  private static func state(_ m: AlertMessage) -> String {
    let open = m.openLeaks ?? (m.transition.change == .closed ? [] : [m])
    let worst = open.max { ($0.transition.severity, $0.transition.excess) < ($1.transition.severity, $1.transition.excess) }
    let shown = worst ?? m
    let t = shown.transition
    var o = JSONText()
    o.add("state", worst == nil ? "OFF" : "ON")
    o.add("event", shown.eventKey)
    o.add("kind", t.kind.code)
    o.add("severity", t.severity.code)
    o.add("estimated_leak_m3h", worst == nil ? 0 : t.excess)
    o.add("volume_m3", t.volume)
    o.add("onset", t.onset.iso8601(offset: m.calendar.offset))
    o.add("updated", t.time.iso8601(offset: m.calendar.offset))
    return o.closed
  }
}
