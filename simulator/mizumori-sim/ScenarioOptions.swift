import ArgumentParser
import Foundation
import Readings
import TownModel

/// Which town, and with which seed.
struct ScenarioOptions: ParsableArguments {
  @Option(help: "シナリオの YAML（既定は内蔵の町。`mizumori-sim scenario` で見られます） / scenario file; default: the built-in town")
  var scenario: String?

  @Option(help: "乱数の種。同じ種なら同じ町 / the same seed gives the same town")
  var seed: UInt64 = 1

  func town(endingNow: Bool) throws -> Town { Town(try described(endingNow: endingNow), seed: seed) }

  /// - Parameter endingNow: moves the scenario so that it ends at the last local midnight.
  func described(endingNow: Bool) throws -> Scenario {
    var text = Scenario.defaultYAML
    if let scenario {
      guard let data = FileManager.default.contents(atPath: scenario) else { throw Failure.noInput("\(scenario): 読めません / cannot be read") }
      text = String(decoding: data, as: UTF8.self)
    }
    var s: Scenario
    do { s = try Scenario(yaml: text, file: scenario ?? "built-in") } catch { throw Failure.configuration(error.description) }
    if endingNow { s.start = CivilDate(daysSinceEpoch: LocalCalendar.japan.day(of: Timestamp.now) - s.days) }
    return s
  }
}

extension Timestamp {
  /// The wall clock.
  static var now: Timestamp {
    var t = timespec()
    clock_gettime(CLOCK_REALTIME, &t)
    return Timestamp(milliseconds: Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000)
  }
}
