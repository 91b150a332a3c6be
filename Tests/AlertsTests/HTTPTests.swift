import Foundation
import TestSupport
import Testing

@testable import Alerts

/// The client and the sender against a real receiver.
struct HTTPTests {
  private func client(_ timeout: Int = 5) -> HTTPClient { HTTPClient(timeout: timeout, policy: AddressPolicy(listed: ["127.0.0.1"])) }

  @Test func aSignedPostArrives() throws {
    let receiver = try HTTPReceiver()
    let secret = try #require(StandardWebhooks.Secret("whsec_" + Data(repeating: 9, count: 32).base64EncodedString()))
    let sink = WebhookSink(name: "a", url: "http://127.0.0.1:\(receiver.port)/hook?x=1", secrets: [secret], client: client())
    #expect(sink.send(.alert(message()), now: 1_760_000_000_123) == .delivered(status: 204))
    let r = try #require(receiver.requests.first)
    #expect(r.path == "/hook?x=1")
    #expect(r.headers["content-type"] == "application/json")
    #expect(r.headers["webhook-id"] == message().transitionKey)
    #expect(r.headers["webhook-timestamp"] == "1760000000")
    #expect(String(decoding: r.body, as: UTF8.self) == message().webhookBody)
    #expect(
      StandardWebhooks.verify(
        id: message().transitionKey, timestamp: "1760000000", body: r.body, signatures: r.headers["webhook-signature"] ?? "",
        secrets: [secret]))
  }

  @Test func redirectsAreNotFollowed() throws {
    let target = try HTTPReceiver()
    let receiver = try HTTPReceiver([.init(302, headers: ["Location": "http://127.0.0.1:\(target.port)/"])])
    #expect(client().post("http://127.0.0.1:\(receiver.port)/", headers: [], body: [1]) == .answered(status: 302, retryAfter: nil))
    #expect(target.requests.isEmpty)
  }

  @Test func retryAfterIsReadAndSlownessIsBounded() throws {
    let receiver = try HTTPReceiver([.init(429, headers: ["Retry-After": "17"]), .init(204, delay: 4)])
    #expect(client().post("http://127.0.0.1:\(receiver.port)/", headers: [], body: []) == .answered(status: 429, retryAfter: "17"))
    guard case .failed = client(1).post("http://127.0.0.1:\(receiver.port)/", headers: [], body: []) else {
      Issue.record("a slow answer must fail")
      return
    }
  }

  @Test(arguments: [
    "http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://169.254.169.254/", "file:///etc/passwd", "ftp://127.0.0.1/",
  ])
  func whatIsNotListedIsRefused(url: String) {
    guard case .failed = HTTPClient(timeout: 2).post(url, headers: [], body: []) else {
      Issue.record("\(url) must be refused")
      return
    }
  }

  @Test(arguments: [
    ("8.8.8.8", true), ("10.1.2.3", false), ("172.16.0.1", false), ("172.32.0.1", true), ("192.168.0.1", false), ("127.0.0.1", false),
    ("169.254.169.254", false), ("100.64.0.1", false), ("0.0.0.0", false), ("224.0.0.1", false), ("255.255.255.255", false), ("::1", false),
    ("::", false), ("2002:7f00:1::", false), ("2001::1", false), ("::ffff:127.0.0.1", false),
    ("::ffff:8.8.8.8", true), ("64:ff9b::10.0.0.1", false), ("fe80::1", false),
    ("fd00::1", false),
    ("ff02::1", false), ("2001:4860:4860::8888", true), ("nonsense", false),
  ])
  func addresses(address: String, isOpen: Bool) { #expect(AddressPolicy().allows(address) == isOpen) }

  @Test func listsAndNetworks() {
    let policy = AddressPolicy(listed: ["192.168.1.0/25", "fd00:1::/32"])
    #expect(policy.allows("192.168.1.127") && !policy.allows("192.168.1.128"))
    #expect(policy.allows("fd00:1:2::3") && !policy.allows("fd00:2::3"))
    #expect(AddressPolicy(allowsPrivate: true).allows("10.0.0.1") && !AddressPolicy(allowsPrivate: true).allows("127.0.0.1"))
  }

  /// What is not shown cannot hide a secret from the search for it.
  @Test(arguments: ["/s3cretK3y", "/s3cre\u{0}\u{0}tK3y", "/s3c\u{200B}retK3y", "/S3CRE\ntk3y", "/s3cre\u{7f}tK3y", "/s3cr\u{2028}etK3y"])
  func repeatedSecretsAreNotShown(text: String) {
    #expect(SaidText.line(Array(("Cannot POST " + text).utf8), hiding: ["s3cretK3y"]) == "")
  }

  @Test(arguments: [("\n \nline\nmore", "line"), ("a\u{202E}b\u{FEFF}\u{1B}[31m", "ab[31m"), ("水が来ない", "水が来ない"), ("", "")])
  func oneLineIsShown(text: String, shown: String) { #expect(SaidText.line(Array(text.utf8), hiding: ["s3cretK3y"]) == shown) }
}
