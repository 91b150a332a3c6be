import Readings
import Testing

@testable import Store

/// Entries come back as they were appended, one by one or many readings at once.
struct HistoryEntriesTests {
  private static let t = StoreTests.t0

  private static func reading(_ slot: SensorSlot, _ n: Int) -> Reading {
    var r = StoreTests.reading(n)
    r.slot = slot
    return r
  }

  @Test func entriesComeBack() {
    let action = ActionRecord(
      action: OperatorAction(slot: 3, kind: .acknowledged, time: HistoryEntriesTests.t), eventKey: "e", person: "p", note: "n",
      said: HistoryEntriesTests.t.adding(seconds: 1))
    var refused = HistoryEntriesTests.reading(2, 7)
    (refused.value, refused.sequence) = (-1.5, Reading.reverse)
    var derived = HistoryEntriesTests.reading(4, 8)
    derived.sequence = Reading.derived
    let all: [HistoryEntry] = [
      .reading(HistoryEntriesTests.reading(1, 0)), .tick(HistoryEntriesTests.t), .action(action),
      .ahead(5, arrival: HistoryEntriesTests.t.adding(seconds: 2)), .reverse(refused), .reading(derived), .action(action),
    ]
    var entries = HistoryEntries(all)
    #expect(Array(entries) == all)
    entries.removeAll(keepingCapacity: true)
    #expect(entries.isEmpty && entries.runs == 0 && entries.actions.isEmpty)
  }

  /// Runs are what decides whether a batch does without the journal.
  @Test func readingsAtOnceAreAsOneByOne() {
    let slots: [SensorSlot] = [1, 1, 1, 2, 2, 1, 0, 0]
    let readings = slots.indices.map { HistoryEntriesTests.reading(slots[$0], $0) }
    let single = HistoryEntries(readings.map { .reading($0) })
    for cut in 0...readings.count {
      var entries = HistoryEntries()
      readings[..<cut].withUnsafeBufferPointer { entries.append($0) }
      readings[cut...].withUnsafeBufferPointer { entries.append($0) }
      #expect(entries.rows == single.rows)
      #expect(entries.runs == 4)
    }
  }

  @Test func aSensorBeginsWithItsFirstReading() {
    var refused = HistoryEntriesTests.reading(2, 0)
    (refused.sequence, refused.arrival) = (Reading.reverse, HistoryEntriesTests.t.adding(seconds: 10))
    var later = HistoryEntriesTests.reading(1, 1)
    later.arrival = HistoryEntriesTests.t.adding(seconds: 20)
    let first = HistoryEntries([.reading(HistoryEntriesTests.reading(1, 0)), .reverse(refused), .reading(later)]).firstArrivals()
    #expect(first(1) == HistoryEntriesTests.t)
    #expect(first(2) == HistoryEntriesTests.t.adding(seconds: 10))
    #expect(first(3) == HistoryEntriesTests.t)
    #expect(HistoryEntries([.tick(HistoryEntriesTests.t)]).firstArrivals()(1) == Timestamp(milliseconds: 0))
  }
}
