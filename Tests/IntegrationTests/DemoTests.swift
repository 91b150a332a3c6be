import Foundation
import TestSupport
import Testing

/// `mizumori demo` with its real broker, service, receivers and simulator.
@Suite(.serialized)
struct DemoTests {
  /// History alone has a leak that is found, acknowledged and repaired, a month's billed water, and a slow leak that is found too.
  @Test func theTownLeaksPeopleSpeakAndNothingIsLeftBehind() throws {
    let home = try TemporaryDirectory()
    var environment = ProcessInfo.processInfo.environment
    environment["TMPDIR"] = home.path
    let demo = try RunningCommand("mizumori", ["demo", "--seed", "1", "--speed", "14400"], environment: environment)
    let parts = [
      "http://127.0.0.1:", "工事の予定 / planned work: 上手 本通り", "【漏水の疑い・突発】上手配水ブロック（宮ノ上）", "確認 / acknowledged: 宮ノ上",
      "修理済 / repaired: 宮ノ上", "有収水量", "下川原配水ブロック（川原団地）", "確認 / acknowledged: 川原団地",
    ]
    let isDone = eventually(seconds: 180) { parts.allSatisfy { demo.out.contains($0) } }
    #expect(isDone, "missing: \(parts.filter { !demo.out.contains($0) }) in \(demo.output.suffix(3000))")
    demo.stop()
    #expect(try demo.finish() == 0, "\(demo.output.suffix(3000))")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }
}
