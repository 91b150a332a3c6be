import Foundation
import TestSupport
import Testing

/// `mizumori bench`, as short as it goes, with the real broker where there is one.
@Suite(.serialized)
struct BenchTests {
  private func bench(_ home: TemporaryDirectory, _ arguments: [String]) throws -> RunningCommand {
    try RunningCommand("mizumori", ["bench", "--seconds", "5", "--most", "20", "--dir", home.path] + arguments)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func end(_ command: RunningCommand) throws -> Int32 {
    _ = eventually(seconds: 150) { !command.output.isEmpty }
    return try command.finish()
  }

  @Test func figuresAgreeWithEachOtherAndNothingIsLeftBehind() throws {
    let home = try TemporaryDirectory()
    let kept = try TemporaryDirectory()
    let first = try bench(home, ["--json", "--out", kept.path + "/first.json"])
    #expect(try end(first) == 0, "\(first.output)")
    let report = try object(first.out)
    let figures = try #require(report["figures"] as? [String: Any])
    let capacity = try #require(report["capacity"] as? [String: Any])
    let limits = try #require(capacity["limits"] as? [[String: Any]])
    for name in [
      "decodeCPU", "judgeCPU", "commitFixed", "memoryPerMeter", "bytesPerReading", "latencyP50", "socketCPU", "brokerRate", "alertRate",
    ] {
      #expect((figures[name] as? Double).map { $0 >= 0 } == true, "\(name): \(figures)")
    }
    let p50 = try #require(figures["latencyP50"] as? Double)
    let p99 = try #require(figures["latencyP99"] as? Double)
    #expect(p50 > 0 && p99 >= p50 && figures["latencyWorst"] as? Double ?? 0 >= p99)
    #expect(report["hasBroker"] as? Bool == true)
    // No step is full before the meters that are carried, and the one that limits is among them.
    let meters = try #require(capacity["meters"] as? Int)
    #expect(Set(limits.compactMap { $0["step"] as? String }).contains(try #require(capacity["limitingStep"] as? String)))
    for l in limits where l["step"] as? String != "deliveries" { #expect(l["meters"] as? Int ?? meters >= meters, "\(l)") }
    #expect((report["largest"] as? [String: Any])?["meters"] as? Int == meters)
    #expect(try object(String(contentsOfFile: kept.path + "/first.json", encoding: .utf8))["time"] as? String == report["time"] as? String)

    // Compared with a run that is out of reach, in words, without a broker.
    let second = try bench(
      home, ["--lang", "en", "--no-broker", "--compare", kept.path + "/first.json", "--fail-below", "1000000"])
    #expect(try end(second) == 1, "\(second.output)")
    for words in ["meters carried", "with 50 % headroom", "limited by", "time to alert, p99", "no broker", "× ", "written a day"] {
      #expect(second.out.contains(words), "\(words) in \(second.out)")
    }
    #expect(second.error.contains("worse than before"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test func anInterruptCleansUp() throws {
    let home = try TemporaryDirectory()
    let command = try RunningCommand("mizumori", ["bench", "--seconds", "300", "--dir", home.path])
    let begun = eventually(seconds: 60) { (try? FileManager.default.contentsOfDirectory(atPath: home.path)) != [] }
    #expect(begun)
    usleep(500_000)
    command.stop()
    #expect(command.error.contains("interrupted"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  /// Killed, it can clean up nothing: the next one does, its broker as well.
  @Test func whatAKilledOneLeftIsRemovedByTheNext() throws {
    let home = try TemporaryDirectory()
    let killed = try RunningCommand("mizumori", ["bench", "--seconds", "300", "--dir", home.path])
    func brokers() -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { process in
        let words = String(decoding: FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data(), as: UTF8.self)
        return words.contains(home.path) && words.contains("mosquitto.conf")
      }
    }
    #expect(eventually(seconds: 60) { !brokers().isEmpty })
    killed.stop(signal: SIGKILL)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).count == 1)
    let next = try bench(home, ["--no-broker"])
    #expect(try end(next) == 0, "\(next.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
    #expect(eventually(seconds: 10) { brokers().isEmpty })
  }

  private static let mistakes: [([String], Int32)] = [
    (["--seconds", "4"], 64), (["--headroom", "96"], 64), (["--fail-below", "1"], 64), (["--compare", "/nonexistent"], 66),
    (["--dir", "/nonexistent"], 66),
  ]

  @Test(arguments: mistakes) func mistakesHaveTheirCodes(arguments: [String], code: Int32) throws {
    let command = try RunningCommand("mizumori", ["bench"] + arguments)
    #expect(try command.finish() == code, "\(command.output)")
  }
}
