import CCrypto

/// The first certificate of a PEM file.
public struct CertificateFile: Hashable, Sendable {
  /// Unix seconds.
  public let begins: Int64
  public let ends: Int64
  /// One line, as `/CN=mizumori`.
  public let subject: String

  /// Nil when the file cannot be read or holds no certificate.
  public init?(path: String) {
    var (begins, ends) = (Int64(0), Int64(0))
    var subject = [CChar](repeating: 0, count: 256)
    guard mizumori_certificate(path, &begins, &ends, &subject, Int32(subject.count)) == 1 else { return nil }
    self.begins = begins
    self.ends = ends
    self.subject = String(decoding: subject.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a private key (PEM, without passphrase) belongs to the certificate of that file; nil when one of them cannot be read.
  public static func matches(certificate: String, key: String) -> Bool? {
    switch mizumori_key_matches(certificate, key) {
    case 1: true
    case 0: false
    default: nil
    }
  }
}
