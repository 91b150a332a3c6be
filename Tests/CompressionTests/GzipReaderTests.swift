import Foundation
import TestSupport
import Testing

@testable import Compression

@Suite struct GzipReaderTests {
  private static let text = Array((0..<20_000).map { "row \($0 * 7919 % 10_007)\n" }.joined().utf8)

  private static func packed(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    try #require(bytes.withUnsafeBytes { Gzip.pack($0) })
  }

  /// Everything that comes out, asked for `size` bytes at a time.
  private static func read(_ path: String, size: Int) throws -> [UInt8] {
    let reader = try GzipReader(path)
    var out: [UInt8] = []
    let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    defer { room.deallocate() }
    while case let count = try reader.read(into: room), count > 0 { out += room[..<count] }
    #expect(try reader.read(into: room) == 0, "the end stays the end")
    return out
  }

  private static func file(_ bytes: [UInt8], _ home: TemporaryDirectory) throws -> String {
    let path = home.path + "/a"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: [1, 7, 16_384, 1_000_000]) func piecesMakeTheWhole(size: Int) throws {
    let home = try TemporaryDirectory()
    #expect(try Self.read(try Self.file(Self.text, home), size: size) == Self.text)
    #expect(try Self.read(try Self.file(try Self.packed(Self.text[...]), home), size: size) == Self.text)
    #expect(try Self.read(try Self.file([], home), size: size).isEmpty)
    #expect(try Self.read(try Self.file([0x1f], home), size: size) == [0x1f])
  }

  /// As `cat a.gz b.gz` and some loggers make it; what else stands behind the end is passed over, as `gzip` does.
  @Test(arguments: [0, 1, 5_000, 33_333, 100_000]) func gzipMayFollowGzip(cut: Int) throws {
    let home = try TemporaryDirectory()
    let both = try Self.packed(Self.text[..<cut]) + Self.packed(Self.text[cut...])
    #expect(try Self.read(try Self.file(both, home), size: 999) == Self.text)
    #expect(try Self.read(try Self.file(both + [0, 0, 0], home), size: 999) == Self.text)
    #expect(try Self.read(try Self.file(both + [0x1f], home), size: 999) == Self.text)
  }

  @Test(arguments: [1, 8, 30, 5_000]) func whatWasCutOffIsRefused(missing: Int) throws {
    let home = try TemporaryDirectory()
    let path = try Self.file(Array(try Self.packed(Self.text[...]).dropLast(missing)), home)
    #expect(throws: GzipFile.Failure.self) { try Self.read(path, size: 4096) }
  }

  @Test func damageMissingFilesAndDirectoriesAreRefused() throws {
    let home = try TemporaryDirectory()
    var bytes = try Self.packed(Self.text[...])
    bytes[bytes.count / 2] ^= 0xff
    let path = try Self.file(bytes, home)
    #expect(throws: GzipFile.Failure.self) { try Self.read(path, size: 4096) }
    #expect(throws: GzipFile.Failure.self) { try Self.read(home.path + "/none", size: 4096) }
    #expect(throws: GzipFile.Failure.self) { try Self.read(home.path, size: 4096) }
  }

  /// `backtest <(zcat …)`: a pipe cannot be opened anew for each piece.
  @Test func aPipeIsReadToItsEnd() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/pipe"
    try #require(mkfifo(path, 0o600) == 0)
    let bytes = try Self.packed(Self.text[...])
    let writer = Thread { try? Self.send(bytes, to: path) }
    writer.start()
    #expect(try Self.read(path, size: 4096) == Self.text)
  }

  private static func send(_ bytes: [UInt8], to path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }
}
