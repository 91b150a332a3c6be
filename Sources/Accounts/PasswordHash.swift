import Digests

/// A password as it is kept: scrypt with a salt of its own, in the PHC string format `$scrypt$ln=14,r=8,p=5$salt$hash`.
///
/// 16 MB and some 0.2 s a time: the cost that OWASP's Password Storage Cheat Sheet (2024) names for scrypt with so little memory.
struct PasswordHash: Sendable {
  private static let (logN, r, p) = (14, 8, 5)

  let text: String

  init(of password: String) throws(AccountError) {
    var random = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    guard let hash = Digest.scrypt(Array(password.utf8), salt: salt, logN: Self.logN, r: Self.r, p: Self.p) else { throw .noMemory }
    text = "$scrypt$ln=\(Self.logN),r=\(Self.r),p=\(Self.p)$\(Base64.encode(salt))$\(Base64.encode(hash))"
  }

  init(stored: String) { text = stored }

  /// - Returns: false also for a text that is no hash.
  func matches(_ password: String) throws(AccountError) -> Bool {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[1] == "scrypt", let salt = Base64.decode(parts[3]), let hash = Base64.decode(parts[4]) else {
      return false
    }
    var cost: [Substring: Int] = [:]
    for pair in parts[2].split(separator: ",") {
      let half = pair.split(separator: "=")
      if half.count == 2 { cost[half[0]] = Int(half[1]) }
    }
    guard let n = cost["ln"], let r = cost["r"], let p = cost["p"] else { return false }
    guard let found = Digest.scrypt(Array(password.utf8), salt: salt, logN: n, r: r, p: p) else { throw .noMemory }
    return Digest.areEqual(found, hash)
  }
}

/// Random texts that nobody guesses.
enum RandomText {
  /// Of 5 bits a character, without letters that look like digits (Crockford's base 32).
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// - Parameter bits: a multiple of 5.
  static func make(bits: Int) -> String {
    var random = SystemRandomNumberGenerator()
    return String((0..<bits / 5).map { _ in alphabet[Int.random(in: 0..<32, using: &random)] })
  }
}
