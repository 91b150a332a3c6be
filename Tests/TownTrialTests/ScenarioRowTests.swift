import Foundation
import Testing
import TownModel

/// Every scenario of the repository, each for a row of what flow really looks like or of what a good detector does.
struct ScenarioRowTests {
  static let rows: [ScenarioRow] = [
  ]

  @Test(arguments: rows, [1] as [UInt64]) func holds(_ row: ScenarioRow, seed: UInt64) throws {
    let s = try row.score(seed: seed)
    let told = Comment(rawValue: "\(row.name), seed \(seed): \(s)")
    #expect(s.falseAlarms <= row.falseAlarms, told)
    for (kind, n) in row.leaks { #expect((s.leaks[kind]?.found ?? 0) >= n, told) }
    for (kind, hours) in row.within { #expect((s.leaks[kind]?.hours.last ?? .infinity) <= hours, told) }
    for (kind, n) in row.faults { #expect((s.faults[kind]?.found ?? 0) >= n, told) }
    for (kind, n) in row.common { #expect((s.common[kind]?.found ?? 0) >= n, told) }
  }

  @Test func noFileIsForgotten() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: ScenarioRow.folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(Set(files.map { String($0.dropLast(5)) }) == Set(Self.rows.map(\.name)))
  }
}
