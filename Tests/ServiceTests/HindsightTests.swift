import Detection
import Readings
import Settings
import Store
import TestSupport
import Testing
import TownModel

@testable import Service

/// A look back shows what the detector thought then, from whichever checkpoint it starts.
struct HindsightTests {
  private static let town = """
    days: 30
    interval_s: 1800
    meters: [{ id: a, zone: z, mean_m3h: 12 }, { id: b, zone: z, mean_m3h: 6 }]
    events: [{ kind: burst, meter: a, day: 24.2, hours: 100, flow_m3h: 6 }]
    """

  private let home: TemporaryDirectory
  private let readings: [Reading]
  private let ids: [SensorID]

  init() throws {
    home = try TemporaryDirectory()
    let town = Town(try Scenario(yaml: Self.town, file: "t.yaml"), seed: 2)
    readings = town.readings.map { Reading(slot: SensorSlot($0.meter), time: $0.time, arrival: $0.arrival, value: $0.value) }
    ids = ["a", "b"].compactMap { SensorID("t/z/\($0)/flow") }
  }

  /// The detector that has seen the first `count` readings.
  private func detector(_ count: Int) -> Detector {
    let profiles = ProfileBook(MizumoriSettings())
    var d = Detector(settings: profiles.detector, calendar: profiles.calendar)
    for id in ids { _ = d.addSensor(profiles.profile(id) { _ in nil }) }
    readings[..<count].withUnsafeBufferPointer { d.process($0) { _ in } }
    return d
  }

  private func fill(checkpointAt count: Int?) throws -> StoreReader {
    let store = try Store(directory: home.path)
    var batch = IngestBatch()
    batch.newSensors = ids.enumerated().map { (SensorSlot($0.offset), $0.element) }
    batch.entries = HistoryEntries(readings.map { .reading($0) })
    try store.commit(batch)
    // Rows are numbered from 1.
    if let count { try store.saveCheckpoint(detector(count).snapshot(), position: Int64(count)) }
    return try StoreReader(directory: home.path)
  }

  private func same(_ a: Explanation, _ b: Explanation) -> Bool {
    a.lastTime == b.lastTime && a.expected == b.expected && a.state == b.state && a.leakExcess == b.leakExcess
      && a.statistics.map(\.value) == b.statistics.map(\.value) && a.statistics.map(\.threshold) == b.statistics.map(\.threshold)
  }

  @Test(arguments: [nil, 700, 2000]) func isWhatWasThoughtThen(checkpoint: Int?) throws {
    let reader = try fill(checkpointAt: checkpoint)
    for (count, isLeak) in [(1000, false), (2500, true)] {
      let last = try #require(readings[..<count].last { $0.slot == 0 })
      let seen = (readings.firstIndex { $0 == last } ?? 0) + 1
      let h = try #require(try Hindsight(of: ids[0], at: last.time, store: reader, settings: MizumoriSettings()))
      #expect(same(h.explanation, detector(seen).explain(0)))
      #expect((h.explanation.leakExcess != nil) == isLeak)
      let from = checkpoint.map { $0 <= seen ? $0 : 0 } ?? 0
      #expect(h.replayed == seen - from)
    }
  }

  @Test func nothingBeforeTheFirstReadingOrOfAnUnknownSensor() throws {
    let reader = try fill(checkpointAt: nil)
    let early = try #require(readings.first).time.adding(seconds: -1)
    #expect(try Hindsight(of: ids[0], at: early, store: reader, settings: MizumoriSettings()) == nil)
    let other = try #require(SensorID("t/z/c/flow"))
    #expect(try Hindsight(of: other, at: nil, store: reader, settings: MizumoriSettings()) == nil)
    #expect(try Hindsight(of: ids[1], at: nil, store: reader, settings: MizumoriSettings())?.replayed == readings.count)
  }
}
