import Foundation
import Readings
import Settings
import Store
import TestSupport
import Testing
import Web

@testable import Service

/// Pressure, level and temperature through the service: settings, judgement, record, page, restart.
struct GaugeTests {
  private static let yaml = """
    utility: {name: 上伊那, towns: {ina: 伊那市}}
    detection: {learning_days: 7}
    sensors:
      ina/nishi/p/pressure: {name: 西町水圧}
    tanks:
      ina/nishi/ike:
        name: 西町配水池
        level: ina/nishi/ike/level
        area_m2: 100
        inlets: [ina/nishi/in/flow]
        outlets: [ina/nishi/out/flow]
    """

  /// A course without any library's randomness: the same on every machine.
  private struct Dice {
    var state: UInt64
    /// −1 … 1
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 30) - 1
    }
  }

  /// Ten-minute readings: two meters of a town elsewhere, the outlet of a tank with its gauge of pressure, its inlet and level, the air.
  /// A burst of 6 m³/h behind the outlet at `burst`, and a leak of 5 m³/h of the tank itself from `leak` on, days.
  private static func feed(
    _ p: Pipeline, days: Range<Int>, state: inout (dice: UInt64, volume: Double), burst: Double = .infinity, leak: Double = .infinity,
    frost: ClosedRange<Int>? = nil
  ) throws {
    var dice = Dice(state: state.dice)
    for step in days.lowerBound * 144..<days.upperBound * 144 {
      let day = Double(step) / 144
      let hour = (day - day.rounded(.down)) * 24
      let t = DeskBench.start.milliseconds + Int64(step) * 600_000
      let shape = 0.5 + 0.5 * max(0, 1 - abs(hour - 8) / 3) + 0.6 * max(0, 1 - abs(hour - 19) / 3) + (hour > 6 && hour < 22 ? 0.5 : 0)
      let night = Int((day + 4.0 / 24).rounded(.down))
      let isCold = frost?.contains(night) ?? false && (hour >= 20 || hour < 9)
      func send(_ sensor: String, _ value: Double) {
        p.send("water/ina/\(sensor)", "{\"ts\":\(t),\"value\":\((value * 1000).rounded() / 1000)}")
      }
      let out = 20 * shape * (1 + 0.03 * dice.next()) + (day >= burst ? 6 : 0) + (isCold ? 5 : 0)
      let inflow = 19.4 * (1 + 0.01 * dice.next())
      send("nishi/out/flow", out)
      send("nishi/in/flow", inflow)
      send("nishi/ike/level", ((state.volume + 0.4 * dice.next()).rounded() / 100))
      send("nishi/p/pressure", 400 - 12 * shape + dice.next() - (day >= burst ? 30 : 0))
      for (n, mean) in [("higashi/a", 9.0), ("minami/b", 14.0)] {
        send("\(n)/flow", mean * shape * (1 + 0.03 * dice.next()) + (isCold ? 0.25 * mean : 0))
      }
      send("yakuba/kion/temperature", isCold ? -6 + 0.3 * dice.next() : 4 + 3 * dice.next())
      state.volume += (inflow - out - (day >= leak ? 5 : 0)) / 6
      if step % 36 == 0 { p.tick() }
    }
    state.dice = dice.state
    #expect(try p.commit())
  }

  private static func settings(_ home: TemporaryDirectory) throws -> MizumoriSettings {
    try MizumoriSettings.parse("data: {directory: data}\n" + yaml, name: "s.yaml", directory: home.path)
  }

  @Test func aBurstIsToldWithItsPressureAlsoOnThePage() throws {
    let home = try TemporaryDirectory()
    let bench = try DeskBench(home, Self.yaml)
    var state: (dice: UInt64, volume: Double) = (7, 300)
    try bench.ingest { try Self.feed($0, days: 0..<16, state: &state, burst: 14.6) }
    let meter = try #require(try bench.page.meter("ina/nishi/out/flow"))
    #expect(meter.meter.pressure == ["ina/nishi/p/pressure"])
    let event = try #require(meter.meter.event)
    let fall = try #require(event.pressure)
    #expect(fall.sensor == "ina/nishi/p/pressure" && abs(fall.kPa - 30) < 6 && event.evidence.contains("pressure_drop"))
    let detail = try #require(try bench.page.event(event.key))
    #expect(detail.reasons["ja"]?.contains { $0.hasPrefix("なぜ漏水か（水圧）") && $0.contains("「西町水圧」の水圧が") } == true)
    #expect(detail.history.first?.pressure == fall)
    // The gauge itself: what it usually shows, its own event, and no leak.
    let gauge = try #require(try bench.page.meter("ina/nishi/p/pressure"))
    #expect(gauge.meter.expected.map { abs($0 - 390) < 15 } == true)
    #expect(gauge.events.contains { $0.kind == "pressure" && $0.pressure?.sensor == "ina/nishi/p/pressure" } && gauge.meter.event == nil)
  }

  @Test func aTanksBalanceIsAMeterOfItsOwn() throws {
    let home = try TemporaryDirectory()
    let bench = try DeskBench(home, Self.yaml)
    var state: (dice: UInt64, volume: Double) = (3, 300)
    try bench.ingest { try Self.feed($0, days: 0..<4, state: &state) }
    let id = "ina/nishi/ike-balance/flow"
    let meter = try #require(try bench.page.meter(id))
    #expect(meter.meter.isBalance && !meter.meter.isNet && meter.meter.name == "西町配水池の水収支")
    #expect(meter.meter.value.map { abs($0) < 4 } == true)
    let reader = try StoreReader(directory: bench.settings.data.directory)
    let slot = try #require(try reader.sensors().first { $0.id.description == id }?.slot)
    let rows = try reader.history(slot, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max))
    #expect(rows.count > 80 && abs(rows.map(\.value).reduce(0, +) / Double(rows.count)) < 2)
    // It is no water that is supplied, and nobody may publish it.
    let overview = try bench.page.overview([])
    #expect(overview.meters.contains { $0.id == id })
    let flows = overview.meters.filter { $0.quantity == "flow" && !$0.isBalance }.compactMap(\.value).reduce(0, +)
    #expect(overview.totals.flow.map { abs($0 - flows) < 0.01 } == true)
    try bench.ingest { p in
      p.send("water/\(id)", "{\"ts\":\(DeskBench.start.milliseconds),\"value\":1}")
      #expect(p.counters.rejected["zone_sensor"] == 1)
    }
  }

  @Test func freezeModeStandsOnThePageAndInTheNights() throws {
    let home = try TemporaryDirectory()
    let bench = try DeskBench(home, Self.yaml)
    var state: (dice: UInt64, volume: Double) = (5, 300)
    try bench.ingest { try Self.feed($0, days: 0..<16, state: &state, frost: 12...14) }
    let rollup = try RollupStore<RegisterSteps>(directory: bench.settings.data.directory, settings: bench.settings.rollupSettings)
    while try rollup.step().isBehind {}
    let overview = try bench.page.overview([])
    #expect(overview.totals.leaks == 0)
    #expect(overview.notices.contains { $0["ja"]?.hasPrefix("解けたあとの見張り（伊那市）") == true }, "\(overview.notices)")
    let last = bench.page.newestDay()
    let nights = try bench.page.nights(last - 9..<last + 1, by: .meter, municipalities: [])
    let row = try #require(nights.rows.first { $0.id == "ina/nishi/out/flow" })
    #expect(row.frozen.count == 10 && row.frozen.filter(\.self).count == 3)
    // The reference of the last night is that of the mild ones.
    let mild = zip(row.values, row.frozen).filter { !$1 }.compactMap(\.0)
    let cold = zip(row.values, row.frozen).filter { $1 }.compactMap(\.0)
    #expect(cold.min() ?? 0 > (mild.max() ?? .infinity) + 2)
    #expect(try #require(row.reference) <= mild.max() ?? 0)
    var query = EventQuery()
    query.kind = "event"
    let common = try bench.page.events(query).items
    #expect(common.count == 1 && common.first?.text["ja"]?.contains("凍結防止の水出し") == true)
    // While it is on it stands there too.
    let other = try TemporaryDirectory()
    let now = try DeskBench(other, Self.yaml)
    try now.ingest { try Self.feed($0, days: 0..<13, state: &state, frost: 12...14) }
    #expect(try now.page.overview([]).notices.contains { $0["ja"]?.hasPrefix("凍結モード（伊那市）") == true })
  }

  /// No checkpoint: the whole history is judged anew. With one: from there on. Both end where the service stood.
  @Test(arguments: [false, true]) func aRestartEndsWhereItStood(hasCheckpoint: Bool) throws {
    let home = try TemporaryDirectory()
    let settings = try Self.settings(home)
    var state: (dice: UInt64, volume: Double) = (11, 300)
    var p: Pipeline? = try Pipeline.open(settings.data.directory, settings: settings)
    try Self.feed(p!, days: 0..<9, state: &state, frost: 8...9)
    if hasCheckpoint {
      p!.checkpoint()
      // Between them: a night of frost under way, a fall of pressure, half a bin of the tank.
    }
    try Self.feed(p!, days: 9..<12, state: &state, burst: 11.4, leak: 10, frost: 8...9)
    let (before, count) = (p!.engine.snapshot(), try StoreReader(directory: settings.data.directory).figures())
    p = nil
    p = try Pipeline.open(settings.data.directory, settings: settings)
    #expect(p!.engine.snapshot() == before)
    let after = try StoreReader(directory: settings.data.directory).figures()
    #expect(after.readings == count.readings && after.events == count.events)
    // And goes on as one that never stopped.
    var copy = state
    try Self.feed(p!, days: 12..<13, state: &state, burst: 11.4, leak: 10)
    let whole = try TemporaryDirectory()
    let wholeSettings = try Self.settings(whole)
    let q = try Pipeline.open(wholeSettings.data.directory, settings: wholeSettings)
    var fresh: (dice: UInt64, volume: Double) = (11, 300)
    try Self.feed(q, days: 0..<9, state: &fresh, frost: 8...9)
    try Self.feed(q, days: 9..<12, state: &fresh, burst: 11.4, leak: 10, frost: 8...9)
    #expect(fresh.dice == copy.dice && fresh.volume == copy.volume)
    try Self.feed(q, days: 12..<13, state: &copy, burst: 11.4, leak: 10)
    #expect(q.engine.snapshot() == p!.engine.snapshot())
  }

  @Test func checkSaysWhatIsMissing() throws {
    let home = try TemporaryDirectory()
    let settings = try Self.settings(home)
    var state: (dice: UInt64, volume: Double) = (1, 300)
    let p = try Pipeline.open(settings.data.directory, settings: settings)
    try Self.feed(p, days: 0..<1, state: &state)
    let now = DeskBench.start.adding(seconds: 86_400)
    #expect(BoxCheck(settings, now: now).gauges().map(\.level) == [.ok])
    let wrong = Self.yaml.replacing("ina/nishi/ike/level", with: "ina/nishi/other/level").replacing(
      "  ina/nishi/p/pressure: {name: 西町水圧}", with: "  ina/nishi/out/flow: {pressure: [ina/nishi/none/pressure]}")
    let frost = "\nfrost: {sensors: [ina/yakuba/kion/temperature, ina/yakuba/no/temperature]}"
    let other = try MizumoriSettings.parse("data: {directory: data}\n" + wrong + frost, name: "s.yaml", directory: home.path)
    let found = BoxCheck(other, now: now).gauges()
    #expect(found.map(\.level) == [.warning, .warning, .warning])
    #expect(found[0].detail?.contains("ina/nishi/other/level") == true && found[2].detail?.contains("yakuba/no") == true)
  }
}
