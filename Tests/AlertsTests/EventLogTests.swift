import Foundation
import TestSupport
import Testing

@testable import Alerts

struct EventLogTests {
  @Test func appendsOnceAndKnowsWhereItStands() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/events.jsonl"
    do {
      let log = try EventLog(path: path)
      #expect(log.lastSeq == 0)
      try log.append([message(seq: 3), message(seq: 7)])
      try log.append([message(seq: 7)])
    }
    let log = try EventLog(path: path)
    #expect(log.lastSeq == 7)
    #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 2)
  }

  /// A crash may cut the last line at any byte: the whole lines stay, the torn one is written again.
  @Test func aTornLastLineIsCutAndWrittenAgain() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/events.jsonl"
    try EventLog(path: path).append([message(seq: 1), message(seq: 2)])
    let whole = try #require(FileManager.default.contents(atPath: path))
    let first = try #require(whole.firstIndex(of: 10)) + 1
    for cut in stride(from: first, to: whole.count, by: 7) {
      try whole.prefix(cut).write(to: URL(fileURLWithPath: path))
      let log = try EventLog(path: path)
      #expect(log.lastSeq == 1)
      try log.append([message(seq: 2)])
      #expect(FileManager.default.contents(atPath: path) == whole)
    }
  }

  @Test func reopensAfterRotation() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/events.jsonl"
    let log = try EventLog(path: path)
    try log.append([message(seq: 1)])
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try log.append([message(seq: 2)])
    try log.reopen()
    try log.append([message(seq: 2), message(seq: 3)])
    let old = try String(contentsOfFile: path + ".1", encoding: .utf8).split(separator: "\n").count
    let new = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
    #expect((old, new) == (2, 1))
  }
}

/// Rotation: what was written before is not written again, whether the service was told or started anew.
struct EventLogRotationTests {
  @Test(arguments: [true, false]) func nothingIsWrittenTwice(isTold: Bool) throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/events.jsonl"
    var log = try EventLog(path: path)
    try log.append((1...3).map { message(seq: $0) })
    for n in 0..<3 {
      #expect(rename(path, "\(path).\(n)") == 0)
      if isTold { try log.reopen() } else { log = try EventLog(path: path) }
      #expect(log.lastSeq == Int64(3 + n))
      try log.append((1...Int64(4 + n)).map { message(seq: $0) })
      #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 1)
    }
  }

  /// The file itself is the truth where it says something.
  @Test func aMarkThatLagsBehindDoesNotMatter() throws {
    let home = try TemporaryDirectory()
    let path = home.path + "/events.jsonl"
    try EventLog(path: path).append((1...3).map { message(seq: $0) })
    try "1\n".write(toFile: path + ".seq", atomically: true, encoding: .utf8)
    #expect(try EventLog(path: path).lastSeq == 3)
    try "x".write(toFile: path + ".seq", atomically: true, encoding: .utf8)
    #expect(rename(path, path + ".1") == 0)
    #expect(try EventLog(path: path).lastSeq == 0)
  }
}
