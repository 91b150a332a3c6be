import Foundation
import Readings
import TestSupport
import Testing

@testable import Series

/// A file that is read in pieces gives the rows of the file that is read as a whole.
@Suite struct SeriesReaderTests {
  private static let text: String = {
    var out = "timestamp,value\r\n"
    for i in 0..<400 {
      let minute = i * 7 % 1440
      let clock = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
      let day = 10 + i / 60
      out += "2026-03-\(day)T\(clock):00" + ["+09:00", "Z", "", "+09:00"][i / 9 % 4] + ",\(Double(i * 7919 % 1000) / 8)"
      out += i % 31 == 0 ? "\r\n" : "\n"
      if i % 97 == 0 { out += "\n" }
    }
    return out
  }()

  private static func read(_ path: String, capacity: Int, rows size: Int) throws -> [SeriesRow] {
    let reader = try SeriesReader(path: path, offset: 32_400, capacity: capacity)
    let room = UnsafeMutableBufferPointer<SeriesRow>.allocate(capacity: size)
    defer { room.deallocate() }
    var out: [SeriesRow] = []
    while case let count = try reader.read(into: room), count > 0 {
      // A block is full, or it is the last one: its bounds must not depend on the pieces.
      #expect(count == size || out.count + count == 400)
      out += room[..<count]
    }
    #expect(try reader.read(into: room) == 0)
    return out
  }

  @Test(arguments: [48, 64, 100, 1000, 32_768], [1, 3, 1024]) func piecesDoNotShow(capacity: Int, rows: Int) throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    for text in [Self.text, String(Self.text.dropLast())] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let whole = try SeriesFile.read(path: path)
      #expect(whole.count == 400)
      #expect(try Self.read(path, capacity: capacity, rows: rows) == whole)
    }
  }

  @Test(arguments: [64, 32_768]) func aBrokenRowNamesItsLine(capacity: Int) throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try (Self.text + "2026-03-20T00:00:00+09:00,oh\n").write(toFile: path, atomically: true, encoding: .utf8)
    let whole = #expect(throws: SeriesError.self) { try SeriesFile.read(path: path) }
    let pieces = #expect(throws: SeriesError.self) { try Self.read(path, capacity: capacity, rows: 1) }
    #expect(pieces?.line == whole?.line && pieces?.kind == .badRow && pieces?.reason == whole?.reason)
  }

  @Test func aLineWithoutEndIsNoRow() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/x.csv"
    try ("2026-03-20T00:00:00+09:00,1\n" + String(repeating: "1", count: 5000)).write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: SeriesError.self) { try Self.read(path, capacity: 1000, rows: 1) }
    #expect(error?.kind == .badRow && error?.line == 2)
  }
}
