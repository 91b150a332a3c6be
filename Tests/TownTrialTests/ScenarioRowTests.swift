import Foundation
import Testing
import TownModel

/// Every scenario of the repository, each for a row of what flow really looks like or of what a good detector does.
/// One after the other: each keeps a core busy for seconds.
@Suite(.serialized) struct ScenarioRowTests {
  @Test(arguments: ScenarioRow.all) func holds(_ row: ScenarioRow) throws {
    let s = try row.score(seed: 1)
    let told = Comment(rawValue: "\(row.name): \(s)")
    for check in ScenarioRow.Check.allCases {
      guard let known = row.known, row.knownIn.contains(check) else {
        expect(check, row, s, told)
        continue
      }
      // What the detector does not do yet is asked for all the same; docs/simulator.md tells of it.
      withKnownIssue(Comment(rawValue: known), isIntermittent: true) { expect(check, row, s, told) }
    }
  }

  private func expect(_ check: ScenarioRow.Check, _ row: ScenarioRow, _ s: TownScore, _ told: Comment) {
    switch check {
    case .falseAlarms: #expect(s.falseAlarms <= row.falseAlarms, told)
    case .leaks: for (kind, n) in row.leaks { #expect((s.leaks[kind]?.found ?? 0) >= n, told) }
    case .within: for (kind, hours) in row.within { #expect((s.leaks[kind]?.hours.last ?? .infinity) <= hours, told) }
    case .faults: for (kind, n) in row.faults { #expect((s.faults[kind]?.found ?? 0) >= n, told) }
    case .common: for (kind, n) in row.common { #expect((s.common[kind]?.found ?? 0) >= n, told) }
    }
  }

  @Test func noFileIsForgotten() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: ScenarioRow.folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(Set(files.map { String($0.dropLast(5)) }) == Set(ScenarioRow.all.map(\.name)))
  }
}
