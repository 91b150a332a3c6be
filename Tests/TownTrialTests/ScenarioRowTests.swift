import Foundation
import Testing
import TownModel

/// Some scenarios that are quick in a debug build, so that a detector that finds nothing is seen early. `make trial` plays all of them.
@Suite(.serialized) struct ScenarioRowTests {
  @Test(arguments: ["young", "clock", "lorawan", "faults", "batches"]) func holds(_ name: String) throws {
    let row = try #require(try ScenarioRow.all()[name])
    #expect(row.why == nil, "a row that is reached in full")
    let s = try ScenarioRow.score(name, seed: 1)
    let told = Comment(rawValue: "\(name): \(s)")
    #expect(s.falseAlarms == 0, told)
    for (kind, n) in row.leaks ?? [:] { #expect((s.leaks[kind]?.found ?? 0) >= n, told) }
    for (kind, hours) in row.within ?? [:] { #expect(((s.leaks[kind] ?? s.faults[kind])?.hours.last ?? .infinity) <= hours, told) }
    for (kind, n) in row.faults ?? [:] { #expect((s.faults[kind]?.found ?? 0) >= n, told) }
    for (code, n) in row.stray ?? [:] { #expect(s.strayFaults[code] ?? 0 <= n, told) }
  }
}
