import Foundation
import TownModel
import TownTrial

/// What is sought of one scenario file, as Tests/trial/rows.json says it.
struct ScenarioRow: Decodable {
  /// Leaks found, at least, by kind; the others of the file are not asked for here.
  var leaks: [String: Int]?
  /// Hours until the slowest of a kind is found, at most.
  var within: [String: Double]?
  /// Faults told as events of their own, at least, by kind.
  var faults: [String: Int]?
  /// Events of sensor health where the scenario has no fault, at most, by code.
  var stray: [String: Int]?
  /// What the detector does not reach yet.
  var why: String?

  static func all() throws -> [String: ScenarioRow] {
    try JSONDecoder().decode([String: ScenarioRow].self, from: Data(contentsOf: tests.appendingPathComponent("trial/rows.json")))
  }

  /// Plays the scenario of a name with a seed.
  static func score(_ name: String, seed: UInt64) throws -> TownScore {
    let file = tests.appendingPathComponent("../simulator/scenarios/\(name).yaml").standardized
    let town = Town(try Scenario(yaml: String(contentsOf: file, encoding: .utf8), file: name), seed: seed)
    return TownScore(town, alerts: OfflineTrial(town).run())
  }

  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
}
