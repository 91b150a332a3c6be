import Foundation
import TestSupport
import Testing

@testable import Alerts

struct StandardWebhooksTests {
  /// The example of the Standard Webhooks specification's libraries.
  @Test func knownVector() throws {
    let secret = try #require(StandardWebhooks.Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let signature = StandardWebhooks.sign(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", body: Array("{\"test\": 2432232314}".utf8), secrets: [secret])
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func openSSLMakesTheSame() throws {
    let home = try TemporaryDirectory()
    let body = Array("{\"zone\":\"西町\"}".utf8)
    let secret = try #require(StandardWebhooks.Secret("whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString()))
    try Data(Array("id.1.".utf8) + body).write(to: URL(fileURLWithPath: home.path + "/m"))
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    p.arguments = [
      "dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:" + (0..<32).map { String(format: "%02x", $0) }.joined(), "-binary", "-out",
      home.path + "/s", home.path + "/m",
    ]
    try p.run()
    p.waitForEnd()
    let theirs = try Data(contentsOf: URL(fileURLWithPath: home.path + "/s")).base64EncodedString()
    #expect(StandardWebhooks.sign(id: "id", timestamp: "1", body: body, secrets: [secret]) == "v1," + theirs)
  }

  @Test func verifiesAnyOfSeveralAndNothingElse() throws {
    let a = try #require(StandardWebhooks.Secret("whsec_" + Data(repeating: 1, count: 24).base64EncodedString()))
    let b = try #require(StandardWebhooks.Secret("whsec_" + Data(repeating: 2, count: 64).base64EncodedString()))
    let both = StandardWebhooks.sign(id: "i", timestamp: "2", body: [1, 2], secrets: [a, b])
    for s in [a, b] { #expect(StandardWebhooks.verify(id: "i", timestamp: "2", body: [1, 2], signatures: both, secrets: [s])) }
    #expect(!StandardWebhooks.verify(id: "i", timestamp: "3", body: [1, 2], signatures: both, secrets: [a, b]))
    #expect(!StandardWebhooks.verify(id: "i", timestamp: "2", body: [1, 3], signatures: both, secrets: [a, b]))
    #expect(!StandardWebhooks.verify(id: "i", timestamp: "2", body: [1, 2], signatures: "v1,AAAA", secrets: [a, b]))
    let otherVersion = both.replacingOccurrences(of: "v1,", with: "v2,")
    #expect(!StandardWebhooks.verify(id: "i", timestamp: "2", body: [1, 2], signatures: otherVersion, secrets: [a, b]))
  }

  @Test(arguments: [
    "", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!",
  ])
  func badSecrets(text: String) { #expect(StandardWebhooks.Secret(text) == nil) }
}
