/// A webhook signed as Standard Webhooks 1.0 says.
public struct WebhookSink: HTTPSink {
  /// How the body is written. Signature headers stand on all of them.
  public enum Format: String, CaseIterable, Sendable {
    /// `{"type":…,"timestamp":…,"data":{…}}`
    case standard
    /// CloudEvents 1.0, structured content mode of the HTTP binding, with the same `data`.
    case cloudevents
  }

  public let name: String
  public var url: String
  /// One secret, or two while it rotates; the first is the new one.
  public var secrets: [StandardWebhooks.Secret]
  public var format: Format
  public var client: HTTPClient

  public init(name: String, url: String, secrets: [StandardWebhooks.Secret], format: Format = .standard, client: HTTPClient) {
    self.name = name
    self.url = url
    self.secrets = secrets
    self.format = format
    self.client = client
  }

  /// - Parameter now: the header has seconds, new on each attempt, while the id stays the same.
  func request(_ notice: Notice, now: Int64) -> SinkRequest {
    let timestamp = String(now / 1000)
    let isStandard = format == .standard
    let body = isStandard ? notice.webhookBody : notice.cloudEvent
    var headers = [("webhook-id", notice.id), ("webhook-timestamp", timestamp)]
    if !secrets.isEmpty {
      headers.append(
        ("webhook-signature", StandardWebhooks.sign(id: notice.id, timestamp: timestamp, body: Array(body.utf8), secrets: secrets)))
    }
    return SinkRequest(
      url: url, headers: headers, contentType: isStandard ? "application/json" : "application/cloudevents+json; charset=utf-8", body: body,
      secrets: [SinkRequest.pathAndQuery(of: url)])
  }
}
