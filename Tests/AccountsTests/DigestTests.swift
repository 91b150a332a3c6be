import Digests
import Testing

/// Against the vectors of the standards.
struct DigestTests {
  private func hex(_ b: [UInt8]?) -> String { (b ?? []).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  @Test func sha256() {
    #expect(hex(Digest.sha256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(hex(Digest.sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  /// RFC 7914, section 12: the first 32 bytes.
  @Test func scrypt() {
    #expect(
      hex(Digest.scrypt(Array("pleaseletmein".utf8), salt: Array("SodiumChloride".utf8), logN: 14, r: 8, p: 1))
        == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    #expect(
      hex(Digest.scrypt(Array("password".utf8), salt: Array("NaCl".utf8), logN: 10, r: 8, p: 16))
        == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    #expect(Digest.scrypt([], salt: [1], logN: 21, r: 8, p: 1) == nil && Digest.scrypt([], salt: [1], logN: 10, r: 1, p: 1)?.count == 32)
  }

  /// RFC 4231, test case 2.
  @Test func hmac() {
    #expect(
      hex(Digest.hmac(Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test func equality() {
    #expect(
      Digest.areEqual([1, 2], [1, 2]) && !Digest.areEqual([1, 2], [1, 3]) && !Digest.areEqual([1], [1, 2]) && Digest.areEqual([], []))
  }
}
