import Alerts
import Codecs
import MQTT
import Settings
import Store
import Web

extension MizumoriSettings {
  /// The broker connection as the subscriber wants it.
  public var brokerSettings: BrokerSettings {
    var b = BrokerSettings(host: broker.host, port: broker.port, clientID: broker.clientID)
    b.others = broker.others.map { BrokerAddress(host: $0.host, port: $0.port) }
    b.username = broker.username
    b.password = broker.password?.text
    if broker.usesTLS {
      b.tls = .init(
        caFile: broker.caFile ?? "/etc/ssl/certs/ca-certificates.crt", certificateFile: broker.certificateFile, keyFile: broker.keyFile)
    }
    b.keepAlive = broker.keepAliveSeconds
    b.protocolVersion = broker.version == .v5 ? .v5 : .v311
    b.sessionExpiry = UInt32(clamping: broker.sessionExpirySeconds)
    b.receiveMaximum = UInt16(clamping: broker.receiveMaximum)
    b.redeliveryWait = broker.redeliveryWaitSeconds
    b.receivesDirectly = broker.receivesDirectly
    b.statusTopic = broker.statusTopic
    b.subscriptions = topics.map(\.pattern.subscription)
    return b
  }

  var inputs: [Input] {
    topics.map { t in
      let limits = limits.decodeLimits
      var input = Input(pattern: t.pattern, decoder: CanonicalDecoder(limits: limits))
      if t.codec == .senml { input.dialect = .senML(SenMLDecoder(names: t.names, quantity: t.quantity, limits: limits)) }
      if let map = t.fields { input.dialect = .fields(FieldDecoder(map: map, limits: limits)) }
      return input
    }
  }

  var pipelineLimits: PipelineLimits {
    // Who asks for more than one a minute gets it, whatever it writes.
    PipelineLimits(
      maximumSensors: limits.maximumSensors, checkpointInterval: Int64(data.checkpointSeconds) * 1000,
      checkpointBytesPerDay: data.checkpointSeconds < 60 ? nil : CheckpointPolicy.dailyBytes)
  }

  /// How the history is divided into hours and nights.
  var rollupSettings: RollupSettings {
    RollupSettings(offset: utility.offset, nightStart: detection.nightStart, nightEnd: detection.nightEnd)
  }

  /// What commands show to the running service.
  public var commandTokenFile: String { data.directory + "/command.token" }

  var webSettings: WebSettings {
    var w = WebSettings()
    w.host = web.address
    w.port = web.port
    w.allowedHosts = web.allowedHosts
    return w
  }
}

extension MizumoriSettings {
  /// The group commit's bounds of `data:`.
  var commitPolicy: GroupCommitPolicy {
    var p = GroupCommitPolicy()
    p.maximumBatch = data.commitReadings
    p.maximumDelay = Int64(data.commitSeconds * 1000)
    p.fewDelay = 2 * p.maximumDelay
    p.period = Int64((commitPeriod ?? 0) * 1000)
    return p
  }

  /// Seconds between commits on the average of a day; nil = as they come.
  ///
  /// A broker that sends again what was not acknowledged after a time of its own must not wait for it. To the others nothing at all is
  /// written while messages are pending, and they shut a line that is silent for long.
  public var commitPeriod: Double? {
    guard data.commitPaceSeconds > 0, broker.redeliveryWaitSeconds == 0 else { return nil }
    return min(data.commitPaceSeconds, Double(broker.keepAliveSeconds) * 2 / 3)
  }

  /// What the settings reader cannot know: webhook secrets that are not what Standard Webhooks asks for.
  public var secretProblems: [String] {
    alerts.sinks.compactMap { sink in
      guard case .webhook(let w) = sink.kind else { return nil }
      let good = !w.secret.lines.isEmpty && w.secret.lines.allSatisfy { StandardWebhooks.Secret($0) != nil }
      return good
        ? nil
        : "\(w.secret.path): whsec_ と 24〜64 バイトの base64 を一行に書いてください（alerts.webhooks \(sink.name)） / expected one `whsec_` + base64 of 24 to 64 bytes a line"
    }
  }
}
