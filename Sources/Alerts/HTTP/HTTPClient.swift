import CCurl

/// What came of one request.
public enum HTTPOutcome: Equatable, Sendable {
  /// The other side answered. `retryAfter`: the header as it stood.
  case answered(status: Int, retryAfter: String?)
  /// It did not: no connection, TLS, time-out, an address that is not allowed.
  case failed(String)
}

/// POST and GET over the system's libcurl: no redirects, no proxy, bounded time and answer, certificate always verified.
///
/// Blocking: call it from a thread of its own. One handle a call; deliveries are few.
public struct HTTPClient: Sendable {
  /// Seconds for the whole exchange.
  public var timeout: Int
  public var policy: AddressPolicy
  /// CA file (PEM) instead of the system's, for a receiver with a private CA.
  public var caFile: String?

  public init(timeout: Int = 20, policy: AddressPolicy = AddressPolicy(), caFile: String? = nil) {
    self.timeout = timeout
    self.policy = policy
    self.caFile = caFile
  }

  private static let initialised = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// Scheme, host and port of a URL as libcurl's own parser sees them; nil when it is not http(s).
  public static func parts(of url: String) -> (scheme: String, host: String, port: Int)? {
    guard let u = curl_url() else { return nil }
    defer { curl_url_cleanup(u) }
    guard curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK else { return nil }
    func part(_ p: CURLUPart, _ flags: UInt32 = 0) -> String? {
      var text: UnsafeMutablePointer<CChar>?
      guard curl_url_get(u, p, &text, flags) == CURLUE_OK, let text else { return nil }
      defer { curl_free(text) }
      return String(cString: text)
    }
    guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https", let host = part(CURLUPART_HOST),
      let port = part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
    else { return nil }
    return (scheme, host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host, port)
  }

  public func post(_ url: String, headers: [(String, String)], body: [UInt8]) -> HTTPOutcome {
    exchange(url, headers: headers, contentType: "application/json", body: body).outcome
  }

  /// Asks for something. What was answered comes whole or not at all: an answer of more than `limit` bytes is a failure.
  public func get(
    _ url: String, headers: [(String, String)], limit: Int, isGivenUp: @escaping () -> Bool = { false }
  ) -> (outcome: HTTPOutcome, body: [UInt8]) {
    let answer = Answer(isGivenUp: isGivenUp, kept: limit, limit: limit)
    let outcome = perform(url, headers, nil, answer)
    if answer.isTooLong { return (.failed("the answer is longer than \(limit) bytes"), []) }
    return (outcome, answer.said)
  }

  /// As `post`, with the beginning of what was answered (at most 512 bytes), to be shown to people.
  /// - Parameter isGivenUp: asked about once a second while nothing moves; true breaks off. Looking up a name cannot be broken off.
  func exchange(
    _ url: String, headers: [(String, String)], contentType: String, body: [UInt8], isGivenUp: @escaping () -> Bool = { false }
  ) -> (outcome: HTTPOutcome, said: [UInt8]) {
    let answer = Answer(isGivenUp: isGivenUp, kept: 512, limit: 65_536)
    return (perform(url, headers + [("Content-Type", contentType)], body, answer), answer.said)
  }

  /// - Parameter body: of a POST; nil for a GET.
  private func perform(_ url: String, _ headers: [(String, String)], _ body: [UInt8]?, _ answer: Answer) -> HTTPOutcome {
    guard HTTPClient.initialised == CURLE_OK, let curl = curl_easy_init() else { return .failed("libcurl") }
    defer { curl_easy_cleanup(curl) }
    guard let (_, host, port) = HTTPClient.parts(of: url) else { return .failed("not an http or https URL") }
    // Resolved once; the address that was checked is the one that is used.
    let addresses = AddressPolicy.resolve(host)
    guard !addresses.isEmpty else { return .failed("\(host): name not found") }
    guard let address = addresses.first(where: policy.allows) else {
      return .failed("\(host) (\(addresses.joined(separator: ", "))): private address; list it in allow_addresses if it is meant")
    }
    var lists: [UnsafeMutablePointer<curl_slist>?] = [nil, nil]
    defer { for l in lists { curl_slist_free_all(l) } }
    let pinned = address.contains(":") ? "[\(address)]" : address
    lists[0] = curl_slist_append(nil, "\(host.contains(":") ? "[\(host)]" : host):\(port):\(pinned)")
    for (name, value) in headers + [("Expect", "")] {
      lists[1] = curl_slist_append(lists[1], value.isEmpty ? "\(name):" : "\(name): \(value)")
    }
    let code = (body ?? []).withUnsafeBytes { bytes in
      configure(curl, url: url, lists: lists, answer: answer)
      if body != nil { HTTPClient.post(curl, bytes) }
      return curl_easy_perform(curl)
    }
    return outcome(curl, code, answer)
  }

  private static func post(_ curl: UnsafeMutableRawPointer, _ body: UnsafeRawBufferPointer) {
    _ = mizumori_curl_set_long(curl, CURLOPT_POST, 1)
    _ = mizumori_curl_set_pointer(curl, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
    _ = mizumori_curl_set_long(curl, CURLOPT_POSTFIELDSIZE, body.count)
  }

  private func configure(_ curl: UnsafeMutableRawPointer, url: String, lists: [UnsafeMutablePointer<curl_slist>?], answer: Answer) {
    _ = mizumori_curl_set_string(curl, CURLOPT_URL, url)
    _ = mizumori_curl_set_string(curl, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = mizumori_curl_set_string(curl, CURLOPT_NOPROXY, "*")
    _ = mizumori_curl_set_string(curl, CURLOPT_USERAGENT, "mizumori")
    _ = mizumori_curl_set_pointer(curl, CURLOPT_RESOLVE, lists[0])
    _ = mizumori_curl_set_pointer(curl, CURLOPT_HTTPHEADER, lists[1])
    _ = mizumori_curl_set_long(curl, CURLOPT_FOLLOWLOCATION, 0)
    _ = mizumori_curl_set_long(curl, CURLOPT_TIMEOUT, timeout)
    _ = mizumori_curl_set_long(curl, CURLOPT_CONNECTTIMEOUT, min(10, timeout))
    // Time-outs without signals: there are threads.
    _ = mizumori_curl_set_long(curl, CURLOPT_NOSIGNAL, 1)
    if let caFile { _ = mizumori_curl_set_string(curl, CURLOPT_CAINFO, caFile) }
    let me = Unmanaged.passUnretained(answer).toOpaque()
    _ = mizumori_curl_set_write(curl) { bytes, size, count, me in Answer.from(me)?.body(bytes, size * count) ?? 0 }
    _ = mizumori_curl_set_pointer(curl, CURLOPT_WRITEDATA, me)
    _ = mizumori_curl_set_header(curl) { bytes, size, count, me in Answer.from(me)?.header(bytes, size * count) ?? 0 }
    _ = mizumori_curl_set_pointer(curl, CURLOPT_HEADERDATA, me)
    _ = mizumori_curl_set_progress(curl) { me, _, _, _, _ in Answer.from(me)?.isGivenUp() ?? false ? 1 : 0 }
    _ = mizumori_curl_set_pointer(curl, CURLOPT_XFERINFODATA, me)
    _ = mizumori_curl_set_long(curl, CURLOPT_NOPROGRESS, 0)
  }

  private func outcome(_ curl: UnsafeMutableRawPointer, _ code: CURLcode, _ answer: Answer) -> HTTPOutcome {
    var status = 0
    _ = mizumori_curl_get_long(curl, CURLINFO_RESPONSE_CODE, &status)
    // An answer longer than we read is an answer all the same: its status counts.
    if code == CURLE_OK || (code == CURLE_WRITE_ERROR && status > 0) { return .answered(status: status, retryAfter: answer.retryAfter) }
    return .failed(String(cString: curl_easy_strerror(code)))
  }

  /// Collects the one header that matters and the beginning of the body, and bounds the rest.
  private final class Answer {
    var retryAfter: String?
    private(set) var said: [UInt8] = []
    private var length = 0
    let isGivenUp: () -> Bool
    private let kept: Int
    private let limit: Int

    /// - Parameters:
    ///   - kept: bytes of the body that are kept.
    ///   - limit: bytes after which the transfer is stopped.
    init(isGivenUp: @escaping () -> Bool, kept: Int, limit: Int) {
      self.isGivenUp = isGivenUp
      self.kept = kept
      self.limit = limit
    }

    var isTooLong: Bool { length > limit }

    static func from(_ p: UnsafeMutableRawPointer?) -> Answer? { p.map { Unmanaged<Answer>.fromOpaque($0).takeUnretainedValue() } }

    func body(_ bytes: UnsafeMutablePointer<CChar>?, _ n: Int) -> Int {
      said.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : min(n, max(0, kept - said.count))))
      length += n
      return length > limit ? 0 : n
    }

    func header(_ bytes: UnsafeMutablePointer<CChar>?, _ n: Int) -> Int {
      guard let bytes else { return n }
      let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: n), as: UTF8.self)
      if line.lowercased().hasPrefix("retry-after:") {
        let value = line.dropFirst("retry-after:".count)
        retryAfter = String(value.drop { $0 == " " }.prefix { !$0.isNewline })
      }
      return n
    }
  }
}
