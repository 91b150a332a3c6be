import Foundation
import TestSupport
import Testing

@testable import Compression

@Suite struct GzipTests {
  /// What was packed in memory is read back as a file, by another part of zlib.
  @Test(arguments: [0, 1, 1023, 70_000, 3_000_000], [1, 4, 9]) func whatIsPackedIsReadAgain(count: Int, level: Int) throws {
    var state: UInt64 = 88_172_645_463_325_252
    // Half of it repeats, half of it does not.
    let bytes = (0..<count).map { n -> UInt8 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return n % 2 == 0 ? 65 : UInt8(truncatingIfNeeded: state)
    }
    let packed = try #require(bytes.withUnsafeBytes { Gzip.pack($0, level: level) })
    #expect(packed.starts(with: [0x1f, 0x8b]))
    if count > 1000 { #expect(packed.count < count) }
    let home = try TemporaryDirectory()
    let path = home.path + "/a.gz"
    try Data(packed).write(to: URL(fileURLWithPath: path))
    #expect(try GzipFile.read(path) == bytes)
  }
}
