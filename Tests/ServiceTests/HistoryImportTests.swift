import Detection
import Foundation
import Logging
import Readings
import Series
import Settings
import TestSupport
import Testing
import TownModel

@testable import Service
@testable import Store

/// What is imported leaves the detector as if it had come live, and nobody is told of it.
struct HistoryImportTests {
  private static let scenario = """
    municipality: t
    days: 40
    interval_s: 900
    meters:
      - { id: a, zone: z, mean_m3h: 12, noise: 0.06 }
      - { id: b, zone: z, mean_m3h: 6, noise: 0.08 }
    events:
      - { kind: gap, meter: b, day: 10, hours: 8 }
      - { kind: burst, meter: a, day: 18.3, hours: 60, flow_m3h: 5 }
      - { kind: burst, meter: b, day: 32.3, hours: 72, flow_m3h: 4 }
    """

  private static func town() throws -> [Reading] {
    let town = Town(try Scenario(yaml: scenario, file: "t"), seed: 2)
    return town.readings.map {
      Reading(slot: SensorSlot($0.meter), time: $0.time, arrival: $0.time, value: $0.value)
    }.sorted { ($0.time, $0.slot) < ($1.time, $1.slot) }
  }

  private static let ids = ["a", "b"].map { SensorID("t/z/\($0)/flow")! }

  private func settings(_ home: TemporaryDirectory) -> MizumoriSettings {
    var s = MizumoriSettings()
    s.data.directory = home.path
    return s
  }

  private func importer(_ home: TemporaryDirectory) -> HistoryImport {
    HistoryImport(settings: settings(home), logger: .quiet)
  }

  private func series(_ readings: [Reading]) -> [ImportSeries] {
    HistoryImportTests.ids.enumerated().map { n, id in
      ImportSeries(id: id, rows: readings.filter { $0.slot == SensorSlot(n) }.map { SeriesRow(time: $0.time, value: $0.value) })
    }
  }

  private func open(_ home: TemporaryDirectory) throws -> Pipeline { try Pipeline.open(home.path, settings: settings(home)) }

  /// Sends readings as messages and returns the state of the detector at the end.
  private func live(_ home: TemporaryDirectory, _ readings: ArraySlice<Reading>) throws -> [UInt8] {
    let pipeline = try open(home)
    for r in readings {
      pipeline.send(
        "water/\(HistoryImportTests.ids[Int(r.slot)])", "{\"ts\":\"\(r.time.iso8601(offset: 32_400))\",\"value\":\(r.value)}")
      if pipeline.wantsCommit { #expect(try pipeline.commit()) }
    }
    #expect(try pipeline.commit())
    return pipeline.engine.snapshot()
  }

  @Test func asIfItHadComeLive() throws {
    let all = try HistoryImportTests.town()
    let cut = all.count * 30 / 40
    let (straight, warmed) = (try TemporaryDirectory(), try TemporaryDirectory())
    let expected = try live(straight, all[...])
    let result = try importer(warmed).write(series(Array(all[..<cut])))
    #expect(result.written == cut && result.events[.burst] ?? 0 > 0)
    #expect(result.sensors.map(\.learnedDays) == [14, 14])
    // What the import found is in the list of events and not in the outbox.
    let reader = try StoreReader(directory: warmed.path)
    #expect(try reader.outbox(after: 0, limit: 10).isEmpty)
    #expect(try reader.events(.init()).contains { $0.last.kind.isLeak && !$0.isOpen })
    #expect(try live(warmed, all[cut...]) == expected, "the same state, bit for bit")
    let told = try reader.outbox(after: 0, limit: 1000)
    let wanted = try StoreReader(directory: straight.path).outbox(after: 0, limit: 1000).filter { $0.transition.time > all[cut - 1].time }
    #expect(told.map(\.transition) == wanted.map(\.transition) && told.contains { $0.transition.kind.isLeak })
    #expect(try reader.events(.init()).map(\.eventKey) == StoreReader(directory: straight.path).events(.init()).map(\.eventKey))
  }

  @Test func replayWithoutCheckpointTellsNobodyEither() throws {
    let all = try HistoryImportTests.town()
    let home = try TemporaryDirectory()
    _ = try importer(home).write(series(all))
    let before = try open(home).engine.snapshot()
    // As after an update whose checkpoints have another format and whose events have other keys.
    try Database(path: Store.file(in: home.path), readOnly: false).execute(
      "DELETE FROM checkpoint; DELETE FROM event; DELETE FROM transition")
    #expect(try open(home).engine.snapshot() == before)
    let reader = try StoreReader(directory: home.path)
    #expect(try reader.outbox(after: 0, limit: 10).isEmpty && !reader.events(.init()).isEmpty)
  }

  @Test func againAddsNothing() throws {
    let all = try HistoryImportTests.town()
    let home = try TemporaryDirectory()
    let half = Array(all[..<(all.count / 2)])
    #expect(try importer(home).write(series(half)).written == half.count)
    let again = try importer(home).write(series(half))
    #expect(again.written == 0 && again.alreadyStored == half.count)
    // A longer export of the same meters adds only what is new.
    #expect(try importer(home).write(series(all)).written == all.count - half.count)
    #expect(try StoreReader(directory: home.path).figures().readings == all.count)
    #expect(try importer(home).survey(series(all)).allSatisfy { $0.fresh.isEmpty && $0.older == 0 })
  }

  @Test func olderRowsLeaveTheDetectorAlone() throws {
    let all = try HistoryImportTests.town()
    let home = try TemporaryDirectory()
    let cut = all.count / 4
    let state = try live(home, all[cut...])
    let old = series(Array(all[..<cut]))
    #expect(throws: ImportError.self) { try importer(home).write(old) }
    let skipped = try importer(home).write(old, older: .skip)
    #expect(skipped.written == 0 && skipped.leftOut == cut)
    #expect(try StoreReader(directory: home.path).figures().readings == all.count - cut)
    #expect(try open(home).engine.snapshot() == state)
    let told = try StoreReader(directory: home.path).outbox(after: 0, limit: 1000).count
    let kept = try importer(home).write(old, older: .history)
    #expect(kept.written == cut && kept.events.isEmpty)
    let pipeline = try open(home)
    for n in 0..<2 {
      let e = pipeline.engine.explain(SensorSlot(n))
      #expect(e.lateReadings == Int64(all[..<cut].count { $0.slot == SensorSlot(n) }) && e.learnedDays == 14)
    }
    #expect(try StoreReader(directory: home.path).outbox(after: 0, limit: 1000).count == told)
  }

  @Test func silenceAfterTheFileIsNoFault() throws {
    let all = try HistoryImportTests.town()
    let home = try TemporaryDirectory()
    _ = try importer(home).write(series(all))
    let pipeline = try open(home)
    let later = try #require(all.last).time.adding(seconds: 3 * 86_400)
    // The service starts three days after the export; meter a reports first, the tick comes before b does.
    pipeline.advance(to: later)
    #expect(try pipeline.commit())
    let reader = try StoreReader(directory: home.path)
    #expect(try reader.events(.init()).contains { $0.last.kind == .gap && $0.isOpen })
    func send(_ n: Int, _ t: Timestamp) throws {
      var topic = "water/\(HistoryImportTests.ids[n])"
      var payload = "{\"ts\":\"\(t.iso8601(offset: 32_400))\",\"value\":6}"
      topic.withUTF8 { t in payload.withUTF8 { p in pipeline.receive(topic: t, payload: p, isRetained: false) } }
      #expect(try pipeline.commit())
    }
    for n in 0..<2 { try send(n, later) }
    #expect(try reader.events(.init()).allSatisfy { $0.last.kind != .gap || !$0.isOpen })
    #expect(try reader.outbox(after: 0, limit: 10).isEmpty)
    // Silence after a live reading is told as ever.
    pipeline.advance(to: later.adding(seconds: 86_400))
    #expect(try pipeline.commit())
    #expect(try reader.outbox(after: 0, limit: 10).map(\.transition.kind) == [.gap, .gap])
  }

  @Test func sensorLimitAndLock() throws {
    let all = try HistoryImportTests.town()
    let home = try TemporaryDirectory()
    var s = settings(home)
    s.limits.maximumSensors = 1
    #expect(throws: ImportError.self) { try HistoryImport(settings: s, logger: .quiet).write(series(all)) }
    #expect(try StoreReader(directory: home.path).sensors().isEmpty)
    let running = try Store(directory: home.path)
    #expect(throws: StoreError.self) { try importer(home).write(series(all)) }
    _ = running.position
  }
}
