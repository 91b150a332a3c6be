import Alerts
import MQTT
import Settings

/// Within the settings `Alerts` is a section and `Language` theirs.
private typealias SinkLanguage = Alerts.Language

extension MizumoriSettings {
  /// The receiver as the delivery worker wants it. What the reader can check was checked when the settings were read.
  public func alertSink(_ sink: Sink) -> any AlertSink {
    let client = HTTPClient(
      timeout: sink.timeoutSeconds, policy: AddressPolicy(listed: sink.allowedAddresses, allowsPrivate: sink.allowsPrivate))
    let language: SinkLanguage = alerts.language == .ja ? .ja : .en
    switch sink.kind {
    case .webhook(let w):
      return WebhookSink(
        name: sink.name, url: w.url, secrets: w.secret.lines.compactMap { StandardWebhooks.Secret($0) },
        format: w.format == .standard ? .standard : .cloudevents, client: client)
    case .teams(let url):
      return TeamsSink(name: sink.name, url: url.text, language: language, publicURL: web.publicURL, client: client)
    case .slack(let url):
      return SlackSink(name: sink.name, url: url.text, language: language, publicURL: web.publicURL, client: client)
    case .line(let l):
      return LINESink(
        name: sink.name, to: l.to, token: l.token.text, language: language, publicURL: web.publicURL, baseURL: l.baseURL, client: client)
    case .mqtt(let m):
      var own = brokerSettings
      own.clientID += "-alerts-\(sink.name)"
      own.statusTopic = nil
      return MQTTSink(
        name: sink.name, broker: own, prefix: m.prefix, discovery: m.discovery, statusTopic: broker.statusTopic,
        timeout: sink.timeoutSeconds)
    case .command(let c):
      return CommandSink(name: sink.name, program: c.program, arguments: c.arguments, timeout: sink.timeoutSeconds)
    }
  }

  /// Of what, and when, the receiver is told.
  func receiverPolicy(_ sink: Sink) -> ReceiverPolicy {
    let r = sink.routing
    var p = ReceiverPolicy(types: sink.types, calendar: calendar)
    p.kinds = r.kinds
    p.minimumSeverity = r.minimumSeverity
    p.zones = r.zones
    p.hours = r.hours
    p.quiet = r.quietHours
    p.quietPass = r.quietPass
    p.isGrouping = r.isGrouping
    p.groupWait = Int64(r.groupWaitSeconds) * 1000
    p.repeatInterval = Int64(r.repeatHours) * 3_600_000
    p.unacknowledgedAfter = Int64(r.unacknowledgedMinutes) * 60_000
    return p
  }
}
