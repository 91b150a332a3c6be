/// A channel or chat of Microsoft Teams, by the workflow "when a Teams webhook request is received": an adaptive card, below 28 kB.
public struct TeamsSink: HTTPSink {
  public let name: String
  /// The workflow's URL. A secret: whoever has it can post.
  private let url: String
  private let language: Language
  private let publicURL: String?
  let client: HTTPClient

  /// - Parameter publicURL: where people see the page, without the last `/`; nil leaves the link out.
  public init(name: String, url: String, language: Language, publicURL: String?, client: HTTPClient) {
    self.name = name
    self.url = url
    self.language = language
    self.publicURL = publicURL
    self.client = client
  }

  func request(_ notice: Notice, now: Int64) -> SinkRequest {
    var attachment = JSONText()
    attachment.add("contentType", "application/vnd.microsoft.card.adaptive")
    attachment.add("contentUrl", json: "null")
    attachment.add("content", json: TeamsCard.json(SinkCard(notice, language), language, link: notice.link(publicURL)))
    var message = JSONText()
    message.add("type", "message")
    message.add("attachments", json: JSONText.list([attachment.closed]))
    return SinkRequest(url: url, body: message.closed, secrets: [SinkRequest.pathAndQuery(of: url)])
  }
}
