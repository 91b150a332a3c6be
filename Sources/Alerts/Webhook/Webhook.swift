/// One webhook endpoint of the settings.
public struct WebhookSettings: Sendable {
  /// Names its queue: stable, unique.
  public var name: String
  public var url: String
  /// One secret, or two while it rotates; the first is the new one.
  public var secrets: [StandardWebhooks.Secret]
  public var client: HTTPClient

  public init(name: String, url: String, secrets: [StandardWebhooks.Secret], client: HTTPClient) {
    self.name = name
    self.url = url
    self.secrets = secrets
    self.client = client
  }
}

/// Makes one attempt to deliver a message as Standard Webhooks 1.0 says.
public struct WebhookSender: Sendable {
  public let settings: WebhookSettings

  public init(_ settings: WebhookSettings) { self.settings = settings }

  /// - Parameter now: Unix milliseconds; the header has seconds, new on each attempt, while the id stays the same.
  public func send(_ message: AlertMessage, now: Int64) -> HTTPOutcome {
    send(id: message.transitionKey, body: Array(message.webhookBody.utf8), now: now)
  }

  public func send(id: String, body: [UInt8], now: Int64) -> HTTPOutcome {
    let timestamp = String(now / 1000)
    var headers = [("webhook-id", id), ("webhook-timestamp", timestamp)]
    if !settings.secrets.isEmpty {
      headers.append(("webhook-signature", StandardWebhooks.sign(id: id, timestamp: timestamp, body: body, secrets: settings.secrets)))
    }
    return settings.client.post(settings.url, headers: headers, body: body)
  }
}
