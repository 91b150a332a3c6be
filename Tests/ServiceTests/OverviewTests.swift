import Foundation
import Readings
import Settings
import Store
import TestSupport
import Testing
import Web

@testable import Service

/// The utility at a glance, nights, events and their reasons, over a real data directory.
struct OverviewTests {
  private static let yaml = """
    utility: {name: 上伊那, towns: {ina: 伊那市}}
    detection: {learning_days: 7}
    sensors:
      ina/nishi/in/flow: {name: 西町入口, zone_name: 西町}
      ina/nishi/sub/flow: {parent: ina/nishi/in/flow}
    """
  private static let meters = ["ina/nishi/in/flow", "ina/nishi/sub/flow", "ina/higashi/m/flow", "minowa/a/m/flow"]

  /// Ten days; on the last a step of 12 m³/h at the inlet of 西町 and below it.
  private static func bench(_ home: TemporaryDirectory) throws -> DeskBench {
    let bench = try DeskBench(home, yaml)
    try bench.feed(meters, hours: 0..<240) { meter, h in h >= 225 && meter.hasPrefix("ina/nishi/") ? 12 : 0 }
    let rollup = try RollupStore<RegisterSteps>(directory: bench.settings.data.directory, settings: bench.settings.rollupSettings)
    while try rollup.step().isBehind {}
    return bench
  }

  @Test func theOverviewAddsUpWaterOnce() throws {
    let home = try TemporaryDirectory()
    let page = try Self.bench(home).page
    let all = try page.overview([])
    #expect(all.towns.map(\.id) == ["ina", "minowa"] && all.towns.map(\.name) == ["伊那市", "minowa"])
    #expect(all.towns.map(\.totals.leaks) == [1, 0] && all.towns[0].totals.leakM3h == all.totals.leakM3h)
    #expect(all.towns.map(\.totals.states).map { $0.leak + $0.attention + $0.normal } == [3, 1])
    #expect(all.towns.allSatisfy { $0.newest == all.meters[0].time }, "all were fed to the same hour")
    #expect(all.meters.count == 4 && all.totals.states.leak + all.totals.states.normal + all.totals.states.attention == 4)
    // Of the inlet and the two other zones: the meter below the inlet shows the same water.
    let flows = all.meters.filter { $0.id != "ina/nishi/sub/flow" }.compactMap(\.value)
    #expect(flows.count == 3 && abs((all.totals.flow ?? 0) - flows.reduce(0, +)) < 0.01)
    #expect(all.totals.leaks == 1)
    let zone = try #require(all.zones.first)
    #expect(zone.id == "ina/nishi" && zone.name == "西町" && zone.meters == 2)
    #expect(zone.state == .leak && zone.event != nil)
    let inlet = try #require(all.meters.first { $0.id == "ina/nishi/in/flow" })
    #expect(zone.flow == inlet.value.map { ($0 * 1000).rounded() / 1000 })
    #expect(abs(zone.leakM3h - 12) < 2 && zone.leakM3h == all.totals.leakM3h && zone.yenPerDay > 40_000)
    #expect(all.totals.yenSoFar > 0)
    // Nights: 14 shown, the first of them before there were readings; 20…22 m³/h, hourly means between.
    #expect(inlet.nights.count == 14 && inlet.nights.compactMap { $0 }.count == 10 && inlet.nights[0] == nil)
    #expect((20...22).contains(inlet.nightReference ?? 0) && inlet.zone == "nishi" && inlet.quantity == "flow" && !inlet.isNet)
    #expect(inlet.nights == zone.nights, "the inlet stands for its zone")
    let own = try page.overview(["minowa"])
    #expect(own.meters.map(\.id) == ["minowa/a/m/flow"] && own.zones.map(\.id) == ["minowa/a"] && own.towns.map(\.id) == ["minowa"])
    #expect(own.totals.leaks == 0 && own.totals.leakM3h == 0)
    #expect(page.utility().utility == "上伊那")
  }

  @Test func nightsByZoneAndMeter() throws {
    let home = try TemporaryDirectory()
    let page = try Self.bench(home).page
    let last = page.newestDay()
    let zones = try page.nights(last - 4..<last + 1, by: .zone, municipalities: ["ina"])
    #expect(zones.rows.map(\.id) == ["ina/higashi", "ina/nishi"] && zones.window == "01:00–04:00")
    #expect(zones.days == ["2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"])
    #expect(zones.rows.allSatisfy { $0.values.count == 5 && $0.references.count == 5 && $0.reference == $0.references[4] })
    let meters = try page.nights(last - 4..<last + 1, by: .meter, municipalities: [])
    #expect(meters.rows.map(\.id) == Self.meters.sorted())
    #expect(meters.rows.first { $0.id == "ina/nishi/in/flow" }?.values == zones.rows[1].values)
  }

  @Test func anEventExplainsItself() throws {
    let home = try TemporaryDirectory()
    let bench = try Self.bench(home)
    let page = bench.page
    let key = try #require(try page.overview([]).zones.first?.event)
    let detail = try #require(try page.event(key))
    #expect(detail.summary.isLeak && detail.history.first?.change == "opened" && !detail.isAcknowledged)
    let ja = try #require(detail.reasons["ja"])
    #expect(ja.first?.hasPrefix("いつから: 10月7日 ") == true && ja.contains { $0.hasPrefix("どれだけ") } && ja.contains { $0.hasPrefix("なぜ漏水か") })
    #expect(ja.count == detail.reasons["en"]?.count)
    #expect(detail.upstream == (detail.summary.sensor == "ina/nishi/sub/flow" ? "ina/nishi/in/flow" : nil))
    #expect(try page.event("none") == nil)
  }

  @Test func whatWasSaidIsSeenInTheEventTheSeriesAndTheChanges() async throws {
    let home = try TemporaryDirectory()
    let bench = try Self.bench(home)
    let page = bench.page
    let key = try #require(try page.overview([]).zones.first?.event)
    let event = try #require(try page.event(key))
    let sensor = event.summary.sensor
    let before = Clocks.wall().milliseconds - 1000
    _ = try await page.act(sensor, Self.command("acknowledged", event: event.summary.key))
    _ = try await page.act(sensor, Self.command("planned_work", from: DeskBench.time(250), to: DeskBench.time(252)))
    _ = try await page.act(sensor, Self.command("planned_work", from: DeskBench.time(260), to: DeskBench.time(261)))
    _ = try await page.act(sensor, Self.command("cancel_work", from: DeskBench.time(260), to: DeskBench.time(261)))
    // In part: an hour of two is left.
    _ = try await page.act(sensor, Self.command("planned_work", from: DeskBench.time(270), to: DeskBench.time(272)))
    _ = try await page.act(sensor, Self.command("cancel_work", from: DeskBench.time(271), to: DeskBench.time(272)))
    let told = try #require(try page.overview([]).meters.first { $0.id == sensor }?.event)
    #expect(told.handling == "acknowledged" && event.summary.handling == nil)
    let again = try #require(try page.event(event.summary.key))
    #expect(again.isAcknowledged && again.actions.map(\.action) == ["acknowledged"])
    let start = DeskBench.start.milliseconds
    let series = try #require(try page.series(sensor, from: start, to: start + 300 * 3_600_000, points: 100))
    #expect(series.works.map(\.from) == [250, 270].map { start + $0 * 3_600_000 }, "the cancelled window is gone")
    #expect(series.works.map(\.to) == [252, 271].map { start + $0 * 3_600_000 })
    #expect(Set(series.actions.map(\.action)) == ["acknowledged", "planned_work", "cancel_work"])
    // Ten days in 100 rows.
    #expect(series.step > 2 * 3_600_000 && (90...101).contains(series.rows.count))
    let changes = try page.changes(since: before, municipalities: [])
    #expect(changes.actions.count == 6 && changes.until >= before)
    // Meters are new at the time of their readings.
    #expect(try page.changes(since: start, municipalities: []).sensors.count == 4 && changes.sensors.isEmpty)
    #expect(try page.changes(since: before, municipalities: ["minowa"]).actions.isEmpty)
    // Events happen in the time of the readings.
    #expect(try page.changes(since: start, municipalities: []).opened.contains { $0.key == event.summary.key })
  }

  @Test func listsPage() throws {
    let home = try TemporaryDirectory()
    let page = try Self.bench(home).page
    var (after, ids): (String?, [String]) = (nil, [])
    repeat {
      let part = try page.meters(limit: 3, after: after, municipalities: [])
      ids += part.items.map(\.id)
      after = part.next
    } while after != nil
    #expect(ids == Self.meters.sorted())
    var query = EventQuery()
    query.limit = 1000
    let all = try page.events(query).items
    query.limit = 1
    var keys: [String] = []
    repeat {
      let part = try page.events(query)
      keys += part.items.map(\.key)
      query.after = part.next
    } while query.after != nil
    #expect(keys == all.map(\.key) && !keys.isEmpty)
    for (kind, sensor, after) in [("nothing", nil, nil), (nil, "ina/nishi", nil), (nil, nil, "x")] as [(String?, String?, String?)] {
      (query.kind, query.sensor, query.after) = (kind, sensor, after)
      #expect(throws: PageRefusal.self) { try page.events(query) }
    }
    (query.kind, query.sensor, query.after) = ("burst", "ina/higashi/m/flow", nil)
    #expect(try page.events(query).items.isEmpty)
    query.sensor = "ina/none/m/flow"
    #expect(try page.events(query).items.isEmpty)
  }

  private static func command(_ action: String, event: String? = nil, from: String? = nil, to: String? = nil) throws -> ActionCommand {
    var body: [String: String] = ["action": action, "by": "山田"]
    (body["event"], body["from"], body["to"]) = (event, from, to)
    return try JSONDecoder().decode(ActionCommand.self, from: JSONEncoder().encode(body))
  }
}
