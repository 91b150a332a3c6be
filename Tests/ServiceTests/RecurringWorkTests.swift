import Detection
import Readings
import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// Recurring works of the settings become planned windows, each once, and end with what they hid.
struct RecurringWorkTests {
  private let home: TemporaryDirectory
  private let settings: MizumoriSettings

  init() throws {
    home = try TemporaryDirectory()
    settings = try MizumoriSettings.parse(
      """
      works:
        - {name: 洗管, zones: [t/z], from: "01:00", to: "04:00", weekdays: [火]}
      """, name: "s.yaml", directory: home.path)
  }

  /// Monday the 28th of September 2026, 00:00 in Japan.
  private static let start: Int64 = 1_790_521_200_000

  /// Quarter-hourly readings, with a tick after each hour as the ingest thread has them; in the works from the third week on much more water flows.
  private func send(_ p: Pipeline, hours: Range<Int>, sensors: [String] = ["t/z/a", "t/y/b"]) throws {
    for h in hours {
      for minute in [0, 15, 30, 45] {
        let t = Self.start + Int64(h * 60 + minute) * 60_000
        let isWork = h >= 15 * 24 && h / 24 % 7 == 1 && (1..<4).contains(h % 24)
        for s in sensors {
          p.send("water/\(s)/flow", "{\"ts\":\(t),\"value\":\(20 + (h * 4 + minute / 15) % 3 + (isWork && s == "t/z/a" ? 60 : 0))}")
        }
      }
      p.planWorks(at: Timestamp(milliseconds: Self.start + Int64(h + 1) * 3_600_000))
    }
    #expect(try p.commit())
  }

  private func windows() throws -> [(SensorID, Range<Timestamp>)] {
    let reader = try StoreReader(directory: home.path)
    let ids = try reader.sensors()
    return try reader.actions(limit: 1000).reversed().map { r in
      (try #require(ids.first { $0.slot == r.action.slot }).id, r.action.from..<r.action.to)
    }
  }

  @Test func eachWindowIsPlannedOnceAndSaysWhatItHid() throws {
    var p: Pipeline? = try Pipeline.open(home.path, settings: settings)
    try send(p!, hours: 0..<(23 * 24))
    #expect(try windows().map(\.0.description) == Array(repeating: "t/z/a/flow", count: 4))
    #expect(try windows()[1].1.lowerBound == Timestamp(milliseconds: Self.start + (8 * 24 + 1) * 3_600_000))
    p = nil
    let again = try Pipeline.open(home.path, settings: settings)
    try send(again, hours: (23 * 24)..<(24 * 24))
    #expect(try windows().count == 4)

    let reader = try StoreReader(directory: home.path)
    let rows = try reader.outbox(after: 0, limit: 1000)
    let ends = rows.filter { $0.transition.kind == .plannedWork && $0.transition.change == .closed }
    #expect(ends.count == 4)
    // 60 m³/h for three hours.
    #expect(ends.dropFirst(2).allSatisfy { (150...200).contains($0.transition.volume) })
    #expect(!rows.contains { $0.transition.kind.isLeak })
  }

  @Test func withoutThemTheSameFlowIsAnEvent() throws {
    var none = settings
    none.works = []
    let p = try Pipeline.open(home.path, settings: none)
    try send(p, hours: 0..<(24 * 24))
    let rows = try StoreReader(directory: home.path).outbox(after: 0, limit: 1000)
    #expect(rows.contains { $0.transition.kind == .burst || $0.transition.kind == .highUse })
  }

  /// Works that were entered on the page are planned as those of the settings; ended, their windows are taken back.
  @Test func worksOfThePageArePlannedAndEnded() throws {
    var none = settings
    none.works = []
    var p: Pipeline? = try Pipeline.open(home.path, settings: none)
    let desk = try DeskStore(directory: home.path)
    // Tuesdays from 01:00 to 04:00, as in the file.
    var r = Recurrence(start: 60, length: 180)
    r.weekdays = [1]
    var work = StoredWork(name: "洗管", zones: ["t/z"], sensors: [], recurrence: r, person: "山田")
    func add() throws {
      work.added = Clocks.wall()
      work.id = try desk.addWork(work, at: work.added)
    }
    try send(p!, hours: 0..<12)
    #expect(try windows().isEmpty)
    try add()
    p!.works.add(work)
    p!.planWorks(at: Timestamp(milliseconds: Self.start + 12 * 3_600_000))
    #expect(try p!.commit())
    #expect(try windows().map(\.0.description) == ["t/z/a/flow"])
    // Known after a restart, and not planned twice.
    p = nil
    p = try Pipeline.open(home.path, settings: none)
    #expect(p!.works.all.map(\.id) == [work.id])
    try send(p!, hours: 12..<20)
    #expect(try windows().count == 1)
    // Ended in the evening before: the night's window is taken back.
    #expect(try desk.endWork(work.id))
    p!.works.end(work.id)
    p!.planWorks(at: Timestamp(milliseconds: Self.start + 20 * 3_600_000))
    #expect(try p!.commit())
    let reader = try StoreReader(directory: home.path)
    let planned = try windows()[0].1
    let cancelled = try #require(try reader.actions(kind: .workCancelled).first)
    #expect(cancelled.person == "洗管" && cancelled.action.from == planned.lowerBound && cancelled.action.to == planned.upperBound)
    #expect(p!.engine.explain(0).work == nil)
    // Entered anew, it is planned anew.
    try add()
    p!.works.add(work)
    p!.planWorks(at: Timestamp(milliseconds: Self.start + 21 * 3_600_000))
    #expect(try p!.commit())
    #expect(p!.engine.explain(0).work == planned)
    #expect(try reader.actions(kind: .plannedWork).count == 2)
    // Cancelled by hand, it stays cancelled.
    _ = try p!.apply(
      ActionRequest(sensor: SensorID("t/z/a/flow")!, kind: .workCancelled, person: "山田", window: planned))
    #expect(try p!.commit())
    try send(p!, hours: 21..<26)
    #expect(p!.engine.explain(0).work == nil)
    #expect(try reader.actions(kind: .plannedWork).count == 2)
    #expect(try !reader.outbox(after: 0, limit: 1000).contains { $0.transition.kind == .plannedWork })
  }

  @Test func impossibleWorksAreRefused() throws {
    var r = Recurrence(start: 60, length: 180)
    func refused(_ change: (inout StoredWork) -> Void) -> WorkError? {
      var work = StoredWork(name: "洗管", zones: ["t/z"], sensors: [], recurrence: r, person: "")
      change(&work)
      do throws(WorkError) {
        try work.check()
        return nil
      } catch {
        return error
      }
    }
    #expect(refused { _ in } == nil)
    #expect(refused { $0.name = "" } == .badText && refused { $0.name = "一\n二" } == .badText)
    #expect(
      refused { $0.zones = [] } == .badPlace && refused { $0.zones = ["t"] } == .badPlace && refused { $0.zones = ["t/ z"] } == .badPlace)
    #expect(refused { $0.sensors = [SensorID("t/z/a/pressure")!] } == .badPlace)
    #expect(refused { $0.recurrence.weekdays = [7] } == .badTime && refused { $0.recurrence.length = 0 } == .badTime)
    r.first = 10
    r.last = 9
    #expect(refused { _ in } == .badTime)
  }
}
