import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

/// A data directory of every schema that was released opens, with all that was in it.
struct OldSchemaTests {
  private static let tests = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  static let versions = Array(1..<Schema.version)

  @Test(arguments: versions) func opens(version: Int) throws {
    let home = try TemporaryDirectory()
    do {
      let old = try Database(path: Store.file(in: home.path), readOnly: false)
      // Each version's rows before the next version's tables: so they lie in a database that has been migrated on its way.
      for n in 1...version {
        for file in ["faults/fixtures/schema\(n).sql", "StoreTests/schemas/rows\(n).sql"] {
          try old.execute(String(contentsOfFile: "\(Self.tests)/\(file)", encoding: .utf8))
        }
      }
    }
    let store = try Store(directory: home.path)
    #expect(try store.sensors().count == 2)
    let reader = try StoreReader(directory: home.path)
    let all = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: .max)
    #expect(try reader.history(0, from: all.lowerBound, to: all.upperBound).count == 60)
    #expect(try reader.outbox(after: 0, limit: 10).map(\.transitionKey) == ["msg_a1", "msg_a2", "msg_b1"])
    let deliveries = try DeliveryStore(directory: home.path)
    #expect(try deliveries.endpoints().map { [$0.pending, $0.failed] } == [[1, 1]])
    #expect(try deliveries.nextDue(endpoint: "hook", now: .max)?.attempts == 2)
    #expect(try deliveries.replay(2, now: 0))
    #expect(try reader.events(StoreReader.EventFilter()).count == (version < 5 ? 2 : 3))
    #expect(try reader.actions().map(\.person) == (version < 3 ? [] : ["山田"]))
    // What belongs to the new schema works on it.
    try deliveries.join([2], to: 3)
    #expect(try deliveries.members(of: 3).map(\.id) == [2, 3])
    #expect(try reader.days(from: 0, to: .max).isEmpty)
    let rollup = try RollupStore<Difference>(directory: home.path, settings: .japan)
    while try rollup.step().isBehind {}
    #expect(try reader.days(from: 0, to: .max).map(\.hours) == [2, 2])
    try DeskStore(directory: home.path).setBilled(municipality: "t", month: 24_000, volume: 5, by: "", at: all.lowerBound)
    #expect(try reader.billed(municipality: "t", months: 23_999..<24_001) == [24_000: 5])
  }
}
