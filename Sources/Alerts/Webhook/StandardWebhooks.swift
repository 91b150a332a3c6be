import Digests

/// Signatures of Standard Webhooks 1.0: `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body`.
public enum StandardWebhooks {
  /// A signing secret: `whsec_` + base64 of 24…64 bytes.
  public struct Secret: Sendable {
    let key: [UInt8]

    /// Nil when the prefix, the base64 or the length is wrong.
    public init?(_ text: String) {
      let prefix = "whsec_"
      guard text.hasPrefix(prefix), let key = Base64.decode(text.dropFirst(prefix.count)), (24...64).contains(key.count) else { return nil }
      self.key = key
    }
  }

  /// The `webhook-signature` header: one signature for each secret, separated by blanks (several while a secret rotates).
  public static func sign(id: String, timestamp: String, body: [UInt8], secrets: [Secret]) -> String {
    let message = Array("\(id).\(timestamp).".utf8) + body
    return secrets.map { "v1," + Base64.encode(Digest.hmac($0.key, message)) }.joined(separator: " ")
  }

  /// Whether one of the signatures in the header was made with one of the secrets. Compares in constant time.
  public static func verify(id: String, timestamp: String, body: [UInt8], signatures: String, secrets: [Secret]) -> Bool {
    let message = Array("\(id).\(timestamp).".utf8) + body
    var found = false
    for signature in signatures.split(separator: " ") where signature.hasPrefix("v1,") {
      guard let given = Base64.decode(signature.dropFirst(3)) else { continue }
      for secret in secrets {
        let expected = Digest.hmac(secret.key, message)
        if Digest.areEqual(given, expected) { found = true }
      }
    }
    return found
  }
}
