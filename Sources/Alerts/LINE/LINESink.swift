import Digests

/// A user, group or room of LINE, by the Messaging API's push.
///
/// Every attempt carries the same retry key, so LINE shows the message once however often it is sent; 409 says that it has it already.
public struct LINESink: HTTPSink {
  public let name: String
  /// Id of a user (U…), group (C…) or room (R…).
  private let to: String
  /// Channel access token.
  private let token: String
  private let language: Language
  private let publicURL: String?
  private let baseURL: String
  let client: HTTPClient

  public static let standardBaseURL = "https://api.line.me"

  /// - Parameters:
  ///   - publicURL: where people see the page, without the last `/`; nil leaves the link out.
  ///   - baseURL: without the last `/`.
  public init(
    name: String, to: String, token: String, language: Language, publicURL: String?, baseURL: String = LINESink.standardBaseURL,
    client: HTTPClient
  ) {
    self.name = name
    self.to = to
    self.token = token
    self.language = language
    self.publicURL = publicURL
    self.baseURL = baseURL
    self.client = client
  }

  func request(_ notice: Notice, now: Int64) -> SinkRequest {
    var text = JSONText()
    text.add("type", "text")
    let link = notice.link(publicURL).map { "\n" + $0 } ?? ""
    // LINE takes 5,000 UTF-16 units.
    text.add("text", notice.text(language).clipped(5000 - link.utf16.count) + link)
    var body = JSONText()
    body.add("to", to)
    body.add("messages", json: JSONText.list([text.closed]))
    return SinkRequest(
      url: baseURL + "/v2/bot/message/push",
      headers: [("Authorization", "Bearer \(token)"), ("X-Line-Retry-Key", RetryKey.uuid(for: notice.id, to: to))], body: body.closed,
      secrets: [token])
  }

  func outcome(_ answer: HTTPOutcome, note: String) -> AttemptOutcome {
    if case .answered(409, _) = answer { return .delivered(status: 409) }
    return AttemptOutcome(answer, note: note)
  }
}

/// The retry key: a UUID of version 8 (RFC 9562, section 5.8) cut from HMAC-SHA256, the same whenever and wherever it is made.
enum RetryKey {
  /// - Parameter to: two receivers of one channel must not share keys, or the second one would get nothing.
  static func uuid(for id: String, to: String) -> String {
    var b = Digest.hmac(Array("mizumori.line".utf8), Array("\(to)\n\(id)".utf8))
    b[6] = b[6] & 0x0f | 0x80
    b[8] = b[8] & 0x3f | 0x80
    let hex = b.prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]].map { $0.joined() }.joined(separator: "-")
  }
}
