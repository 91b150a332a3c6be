import Foundation
import TestSupport
import Testing

/// `mizumori-sim new` and `score`, as a user runs them.
@Suite(.serialized)
struct SimulatorTests {
  private static let scenario = """
    municipality: t
    start: 2026-04-06
    days: 32
    interval_s: 1800
    meters:
      - { id: a, zone: z, mean_m3h: 12, lost: 0.02, late: 0.02, doubled: 0.02 }
      - { id: b, zone: z, mean_m3h: 8, parent: a }
      - { id: c, zone: y, mean_m3h: 6, register: true }
    gauges:
      - { kind: temperature, id: g, zone: z, mean: 12, swing: 5 }
    events:
      - { kind: burst, meter: b, day: 24.3, hours: 50, flow_m3h: 5 }
      - { kind: gap, meter: a, day: 20.3, hours: 12 }
      - { kind: pool, meter: b, day: 18.3, hours: 30, flow_m3h: 6 }
    people:
      - { action: planned_work, meter: b, day: 17, begins: 18.2, hours: 32 }
      - { action: planned_work, meter: a, day: 17, begins: 18.2, hours: 32 }
    """

  private func figures(_ arguments: [String]) throws -> (answer: [String: Any], error: String) {
    let command = try RunningCommand("mizumori-sim", arguments)
    _ = eventually(seconds: 150) { !command.out.isEmpty }
    #expect(try command.finish() == 0, "\(command.output)")
    let object = try JSONSerialization.jsonObject(with: Data(command.out.utf8)) as? [String: Any]
    return (try #require(object, "\(command.output)"), command.error)
  }

  /// What the real service tells is what the detector tells, the times of silence included; nothing is refused.
  @Test func theServiceScoresAsTheDetectorDoes() throws {
    let home = try TemporaryDirectory()
    let file = home.path + "/t.yaml"
    try Self.scenario.write(toFile: file, atomically: true, encoding: .utf8)
    let offline = try figures(["score", "--scenario", file, "--json"]).answer
    let served = try figures(["score", "--scenario", file, "--json", "--service", "--dialect", "tts"])
    #expect(served.error.contains("refused 0"), "\(served.error)")
    #expect(served.answer["found"] as? Int == 1, "\(served)")
    for key in ["found", "events", "false_alarms"] { #expect(served.answer[key] as? Int == offline[key] as? Int, "\(key): \(served)") }
    func told(_ s: [String: Any]) -> Double? { ((s["faults"] as? [String: Any])?["gap"] as? [String: Any])?["longest_hours"] as? Double }
    let (a, b) = (try #require(told(offline)), try #require(told(served.answer)))
    // The service's clock goes on by the second that it needs to notice.
    #expect(b >= a && b < a + 0.01, "\(a) \(b)")
  }

  @Test func aTownOfOnesOwnIsTheSameForTheSameAnswers() throws {
    func new(_ more: [String]) throws -> RunningCommand {
      let c = try RunningCommand("mizumori-sim", ["new", "--zones", "2", "--meters", "5", "--lorawan", "yes", "--days", "30"] + more)
      _ = try c.finish()
      return c
    }
    let (a, b, other) = (try new([]), try new([]), try new(["--seed", "2"]))
    #expect(a.out == b.out && a.out != other.out && a.out.contains("dialect: tts"))
    let home = try TemporaryDirectory()
    #expect(try new(["--out", home.path + "/a.yaml"]).finish() == 0)
    #expect(try String(contentsOfFile: home.path + "/a.yaml", encoding: .utf8) == a.out)
    // What is there is not written over, and what cannot be is refused.
    #expect(try new(["--out", home.path + "/a.yaml"]).finish() == 74)
    #expect(try new(["--meters", "1"]).finish() == 78)
    #expect(try figures(["score", "--scenario", home.path + "/a.yaml", "--json"]).answer["events"] != nil)
  }
}
