import Alerts
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// A webhook receiver: verifies the signature and hands on what arrived. For the demo and for trying out one's own settings.
struct Receiver {
  let port: Int
  /// `whsec_…`; nil accepts unsigned posts and says so.
  let secret: StandardWebhooks.Secret?
  let onEvent: @Sendable (ReceivedEvent) async -> Void

  func run() async throws {
    let router = Router()
    let receive = { @Sendable (request: Request, _: BasicRequestContext) async throws -> HTTPResponse.Status in
      let body = try await request.body.collect(upTo: 64 * 1024)
      let event = ReceivedEvent(
        body: Data(body.readableBytesView), id: request.headers[.webhookID] ?? "", timestamp: request.headers[.webhookTimestamp] ?? "",
        signature: request.headers[.webhookSignature] ?? "", secret: secret)
      guard event.isAuthentic else { return .unauthorized }
      await onEvent(event)
      return .noContent
    }
    // Any path; the wildcard does not stand for the root.
    router.post("/", use: receive)
    router.post("/**", use: receive)
    var logger = Logger(label: "receiver")
    logger.logLevel = .critical
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "mizumori-receive"), logger: logger)
    try await application.run()
  }
}

/// One webhook as it came in.
struct ReceivedEvent: Sendable {
  let type: String
  /// The Japanese words, headline first.
  let words: String
  let englishWords: String
  let id: String
  let isAuthentic: Bool

  init(body: Data, id: String, timestamp: String, signature: String, secret: StandardWebhooks.Secret?) {
    self.id = id
    let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
    type = object?["type"] as? String ?? "?"
    let data = object?["data"] as? [String: Any]
    let text = data?["text"] as? [String: Any]
    words = text?["ja"] as? String ?? "?"
    englishWords = text?["en"] as? String ?? "?"
    if let secret {
      isAuthentic = StandardWebhooks.verify(id: id, timestamp: timestamp, body: [UInt8](body), signatures: signature, secrets: [secret])
    } else {
      isAuthentic = true
    }
  }
}

extension HTTPField.Name {
  static let webhookID = Self("webhook-id")!
  static let webhookTimestamp = Self("webhook-timestamp")!
  static let webhookSignature = Self("webhook-signature")!
}
