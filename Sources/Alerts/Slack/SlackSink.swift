/// A channel of Slack, by an incoming webhook.
///
/// Blocks are plain text, in which nothing is a mention or a link (`<!channel>` in a meter's name stays text). Limits are Slack's: 150
/// characters of a header, 10 fields of 2,000, 3,000 of a section.
public struct SlackSink: HTTPSink {
  public let name: String
  /// A secret: whoever has it can post.
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
    let card = SinkCard(notice, language)
    var message = JSONText()
    // What notifications show; the one place that is markup.
    message.add("text", SlackSink.escaped(card.title.clipped(1000)))
    message.add("blocks", json: JSONText.list(blocks(card, link: notice.link(publicURL))))
    return SinkRequest(url: url, body: message.closed, secrets: [SinkRequest.pathAndQuery(of: url)])
  }

  private func blocks(_ card: SinkCard, link: String?) -> [String] {
    var out = [SlackSink.block("header", text: SlackSink.plain(card.title.clipped(150)))]
    let fields = (card.place + card.facts).prefix(10).map { SlackSink.plain("\($0.label)\n\($0.value)".clipped(2000)) }
    if !fields.isEmpty {
      var section = JSONText()
      section.add("type", "section")
      section.add("fields", json: JSONText.list(fields))
      out.append(section.closed)
    }
    if !card.notes.isEmpty {
      out.append(SlackSink.block("section", text: SlackSink.plain(card.notes.joined(separator: "\n").clipped(3000))))
    }
    if let link {
      var text = JSONText()
      text.add("type", "mrkdwn")
      text.add("text", "<\(SlackSink.escaped(link))|\(SinkLabels(language).openPage)>")
      out.append(SlackSink.block("section", text: text.closed))
    }
    return out
  }

  private static func block(_ type: String, text: String) -> String {
    var o = JSONText()
    o.add("type", type)
    o.add("text", json: text)
    return o.closed
  }

  private static func plain(_ text: String) -> String {
    var o = JSONText()
    o.add("type", "plain_text")
    o.add("text", text)
    o.add("emoji", false)
    return o.closed
  }

  /// Slack's three control characters as entities.
  private static func escaped(_ text: String) -> String {
    var out = ""
    for c in text.unicodeScalars {
      switch c {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      default: out.unicodeScalars.append(c)
      }
    }
    return out
  }
}
