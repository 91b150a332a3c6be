import Foundation
import Readings
import TownModel
import TownTrial

/// What must hold of one scenario file: bounds on the score of the detector.
struct ScenarioRow: Sendable {
  let name: String
  /// Leaks found, at least, by kind; the others of the file are not asked for here.
  var leaks: [String: Int] = [:]
  /// Hours until the slowest of a kind is found, at most.
  var within: [String: Double] = [:]
  /// False leak alerts in all, at most.
  var falseAlarms = 0
  /// Faults told as events of their own, at least, by kind.
  var faults: [String: Int] = [:]
  /// Cold and heat told as a common cause, at least.
  var common: [String: Int] = [:]
  /// What of this the detector does not do yet, in words, and in which of the checks that shows.
  var known: String?
  var knownIn: Set<Check> = [.falseAlarms]

  enum Check: CaseIterable, Sendable { case falseAlarms, leaks, within, faults, common }

  /// Plays the file with a seed.
  func score(seed: UInt64) throws -> TownScore {
    let file = ScenarioRow.folder.appendingPathComponent("\(name).yaml")
    let town = Town(try Scenario(yaml: String(contentsOf: file, encoding: .utf8), file: name), seed: seed)
    return TownScore(town, alerts: OfflineTrial(town).run())
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../simulator/scenarios")
    .standardized
}
