import CCrypto

/// What libcrypto computes.
public enum Digest {
  /// HMAC-SHA256 (RFC 2104): 32 bytes.
  public static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let done = mizumori_hmac_sha256(key, Int32(key.count), message, message.count, &out)
    precondition(done == 1, "libcrypto has no SHA-256")
    return out
  }

  /// SHA-256 (FIPS 180-4): 32 bytes.
  public static func sha256(_ message: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    let done = mizumori_sha256(message, message.count, &out)
    precondition(done == 1, "libcrypto has no SHA-256")
    return out
  }

  /// scrypt (RFC 7914): 32 bytes that cost time and memory to compute, for passwords.
  ///
  /// - Parameters:
  ///   - logN: binary logarithm of the cost, 10…20; 128 · r · 2^logN bytes of memory for the time of the call.
  ///   - r: block size, 1…32.
  ///   - p: repetitions, 1…32.
  /// - Returns: nil when a parameter is out of range or memory is short.
  public static func scrypt(_ password: [UInt8], salt: [UInt8], logN: Int, r: Int, p: Int) -> [UInt8]? {
    guard (10...20).contains(logN), (1...32).contains(r), (1...32).contains(p) else { return nil }
    var out = [UInt8](repeating: 0, count: 32)
    let memory = UInt64(128 * r) << UInt64(logN) + UInt64(4 << 20)
    let done = password.withUnsafeBytes { bytes in
      mizumori_scrypt(bytes.baseAddress, password.count, salt, salt.count, UInt64(1) << UInt64(logN), UInt64(r), UInt64(p), memory, &out)
    }
    return done == 1 ? out : nil
  }

  /// Whether both are the same, in a time that does not depend on where they differ.
  public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for i in a.indices { difference |= a[i] ^ b[i] }
    return difference == 0
  }
}
