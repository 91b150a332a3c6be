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
}
