import Readings
import TestSupport
import Testing

@testable import Store

/// Rows are handed over by sensor, those of one in their order, whether they come in runs or not.
struct RowsBySensorTests {
  @Test(arguments: [0...0, -4...3, 0...900, -2...4_000_000], [1, 3, 60]) func partsAreInOrder(slots: ClosedRange<Int64>, run: Int) {
    var g = SeededGenerator(seed: UInt64(run))
    for count in [0, 1, 2, 500] {
      var rows: [HistoryRow] = []
      while rows.count < count {
        let slot = Int64.random(in: slots, using: &g)
        for _ in 0..<Int.random(in: 1...run, using: &g) {
          rows.append(.mark(slot, time: 0, arrival: 0, sequence: 0, at: Int64(rows.count)))
        }
      }
      var (parts, places): ([Int64], [(Int64, Int64)]) = ([], [])
      rows.withUnsafeBufferPointer { rows in
        for part in RowsBySensor(rows) {
          parts.append(part.slot)
          let before = places.count
          part.forEach { places.append(($0.slot, $0.ordinal)) }
          #expect(places.count - before == part.count)
        }
      }
      #expect(parts == Set(rows.map(\.slot)).sorted())
      #expect(places.elementsEqual(rows.map { ($0.slot, $0.ordinal) }.sorted { $0 < $1 }) { $0 == $1 })
    }
  }
}
