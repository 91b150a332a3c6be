import Foundation
import Readings
import Testing

@testable import TownModel

/// The scenario files of the repository.
struct ScenarioFileTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "../../simulator/scenarios"
  ).standardized.path

  private static func read(_ name: String) throws -> Scenario {
    let text = try String(contentsOfFile: "\(folder)/\(name).yaml", encoding: .utf8)
    return try Scenario(yaml: text, file: name)
  }

  @Test(arguments: ["fire", "tourism", "freeze", "pump", "lorawan", "faults", "hamlet", "quiet"])
  func eachOneRuns(_ name: String) throws {
    let s = try Self.read(name)
    let town = Town(s, seed: 2)
    #expect(Set(town.readings.map(\.meter)).count == s.sensors)
    // Everything that it tells of happens within it, and is seen.
    for e in s.events where e.kind.isLabelled {
      let meter = try #require(s.meters.firstIndex { $0.id == e.meter })
      #expect(town.labels.contains { $0.meter == meter && $0.kind == e.kind && $0.start == town.time(day: e.day) }, "\(name): \(e)")
    }
  }

  @Test func noFileIsForgotten() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".yaml") }
    for name in names { #expect(throws: Never.self, "\(name)") { try Self.read(String(name.dropLast(5))) } }
    #expect(names.count >= 9)
  }

  @Test func aPumpIsOnOrOffAndMovesWhatIsUsed() throws {
    let town = Town(try Self.read("pump"), seed: 2)
    let before = town.readings.filter { $0.time < town.time(day: 40) }
    let pump = before.filter { $0.meter == 0 }.map(\.value)
    #expect(Set(pump).count == 2 && pump.contains(0))
    let used = before.filter { $0.meter == 1 }.map(\.value).reduce(0, +)
    #expect(abs(pump.reduce(0, +) / used - 1.025) < 0.02, "\(pump.reduce(0, +) / used)")
  }

  @Test func aReversedMeterShowsItsFlowBelowZero() throws {
    let town = Town(try Self.read("faults"), seed: 2)
    let below = town.readings.filter { $0.value < 0 }
    #expect(below.count == 120 && below.allSatisfy { $0.meter == 1 && $0.time >= town.time(day: 35.2) })
  }
}
