/// A sink that is one POST.
protocol HTTPSink: AlertSink {
  var client: HTTPClient { get }
  func request(_ notice: Notice, now: Int64) -> SinkRequest
  /// What an answer means; as Standard Webhooks says unless the service has a meaning of its own.
  func outcome(_ answer: HTTPOutcome, note: String) -> AttemptOutcome
}

/// What a sink posts.
struct SinkRequest {
  var url: String
  var headers: [(String, String)] = []
  var contentType = "application/json"
  var body: String
  /// What must not stand in any message about this request: paths and queries with a key in them, tokens.
  var secrets: [String]
}

extension HTTPSink {
  public func send(_ notice: Notice, now: Int64, isGivenUp: @escaping @Sendable () -> Bool) -> AttemptOutcome {
    let r = request(notice, now: now)
    let answer = client.exchange(r.url, headers: r.headers, contentType: r.contentType, body: Array(r.body.utf8), isGivenUp: isGivenUp)
    return outcome(answer.outcome, note: SaidText.line(answer.said, hiding: r.secrets))
  }

  func outcome(_ answer: HTTPOutcome, note: String) -> AttemptOutcome { AttemptOutcome(answer, note: note) }
}

extension SinkRequest {
  /// The part of a URL behind the host.
  static func pathAndQuery(of url: String) -> String {
    let rest = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
    return String(rest.drop { $0 != "/" && $0 != "?" })
  }
}

/// What a server or a program said, as one line for people.
enum SaidText {
  private static let longest = 200

  /// The first line that is not empty, without control and format characters, at most 200 characters. Empty when it repeats a part of a
  /// secret: some servers answer a wrong path by naming it.
  static func line(_ bytes: [UInt8], hiding secrets: [String] = []) -> String {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(shown)
    // Looked for in what is left, over the ends of lines: what is dropped could stand in the middle of it.
    let text = lines.joined()
    guard !secrets.contains(where: { repeats($0, in: text) }) else { return "" }
    guard let first = lines.first(where: { $0.contains { $0 != " " } }) else { return "" }
    return String(String.UnicodeScalarView(first.unicodeScalars.prefix(longest)))
  }

  /// Format characters can turn the direction of a line or hide in a word.
  private static func shown(_ line: Substring) -> String {
    String(String.UnicodeScalarView(line.unicodeScalars.filter { ![.control, .format].contains($0.properties.generalCategory) }))
  }

  /// Whether six letters or digits in a row of the secret stand in the text, in upper or lower case. What stands between them may come
  /// back percent-encoded or as an HTML entity, and an answer may be cut off in the middle.
  private static func repeats(_ secret: String, in text: String) -> Bool {
    let text = text.lowercased()
    return secret.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.contains { run in
      guard run.count >= 6, !publicWords.contains(String(run)) else { return false }
      let letters = Array(run)
      return (0...(letters.count - 6)).contains { text.contains(String(letters[$0..<($0 + 6)])) }
    }
  }

  /// Parts of the addresses of well-known services that are no secret and may stand in an explanation.
  private static let publicWords: Set<String> = [
    "workflows", "triggers", "manual", "invoke", "version", "services", "webhook", "webhooks", "bearer",
  ]
}
