import CCrypto

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
    return secrets.map { "v1," + Base64.encode(hmac($0.key, message)) }.joined(separator: " ")
  }

  /// Whether one of the signatures in the header was made with one of the secrets. Compares in constant time.
  public static func verify(id: String, timestamp: String, body: [UInt8], signatures: String, secrets: [Secret]) -> Bool {
    let message = Array("\(id).\(timestamp).".utf8) + body
    var found = false
    for signature in signatures.split(separator: " ") where signature.hasPrefix("v1,") {
      guard let given = Base64.decode(signature.dropFirst(3)) else { continue }
      for secret in secrets {
        let expected = hmac(secret.key, message)
        guard given.count == expected.count else { continue }
        var difference: UInt8 = 0
        for i in expected.indices { difference |= given[i] ^ expected[i] }
        if difference == 0 { found = true }
      }
    }
    return found
  }

  static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let done = mizumori_hmac_sha256(key, Int32(key.count), message, message.count, &out)
    precondition(done == 1, "libcrypto has no SHA-256")
    return out
  }
}

/// Base64 of RFC 4648 with padding.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    var i = 0
    while i < bytes.count {
      let n = min(3, bytes.count - i)
      let v = UInt32(bytes[i]) << 16 | (n > 1 ? UInt32(bytes[i + 1]) << 8 : 0) | (n > 2 ? UInt32(bytes[i + 2]) : 0)
      for k in 0..<4 { out.append(k <= n ? alphabet[Int(v >> UInt32(18 - 6 * k) & 63)] : 61) }
      i += 3
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Nil for anything but whole, padded base64.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bits: UInt32 = 0
    var count = 0
    var out: [UInt8] = []
    let all = Array(text.utf8)
    guard !all.isEmpty, all.count % 4 == 0 else { return nil }
    let body = all.prefix(all.count - all.suffix(2).filter { $0 == 61 }.count)
    for c in body {
      guard let v = alphabet.firstIndex(of: c) else { return nil }
      bits = bits << 6 | UInt32(v)
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return out
  }
}
