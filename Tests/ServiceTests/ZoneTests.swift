import Alerts
import Detection
import Readings
import Series
import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// Zones of the settings as virtual sensors of the service.
struct ZoneTests {
  private let home: TemporaryDirectory
  private let settings: MizumoriSettings
  private let net = SensorID("t/z/net/flow")!

  init() throws {
    home = try TemporaryDirectory()
    var s = MizumoriSettings()
    s.zones["t/z"] = MizumoriSettings.Zone(name: "西町", inlets: [SensorID("t/z/in/flow")!], outlets: [SensorID("t/y/out/flow")!])
    settings = s
  }

  private func send(_ p: Pipeline, hours: Range<Int>, outlet: Bool = true) throws {
    for h in hours {
      for minute in [0, 15, 30, 45] {
        let t = Int64(1_760_000_400_000) + Int64(h * 60 + minute) * 60_000
        p.send("water/t/z/in/flow", "{\"ts\":\(t),\"value\":\(20 + (h * 4 + minute / 15) % 3)}")
        if outlet { p.send("water/t/y/out/flow", "{\"ts\":\(t),\"value\":\(5 + minute / 15 % 2)}") }
      }
    }
    #expect(try p.commit())
  }

  private func zone() throws -> [(time: Timestamp, value: Double)] {
    let reader = try StoreReader(directory: home.path)
    guard let slot = try reader.sensors().first(where: { $0.id == net })?.slot else { return [] }
    return try reader.history(slot, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max))
  }

  @Test func theSumIsKeptAsASensorsHistory() throws {
    let p = try Pipeline.open(home.path, settings: settings)
    try send(p, hours: 0..<30)
    let rows = try zone()
    #expect(rows.count > 100 && rows.allSatisfy { [14, 15, 16, 17].contains($0.value) })
    #expect(p.profiles.names(net).zone == "西町" && p.profiles.names(net).sensor == "区域の純流入量")
    // Its only inlet carries the same water.
    #expect(
      p.profiles.parent(of: net) == SensorID("t/z/in/flow") && p.profiles.parent(of: SensorID("t/y/out/flow")!) == SensorID("t/z/in/flow"))
    // Nobody else may publish under its name.
    p.send("water/t/z/net/flow", "{\"ts\":1760400000000,\"value\":1}")
    #expect(p.counters.rejected["zone_sensor"] == 1)
  }

  @Test func aRestartGoesOnWithoutWritingTwice() throws {
    var p: Pipeline? = try Pipeline.open(home.path, settings: settings)
    try send(p!, hours: 0..<30)
    let before = p!.engine.snapshot()
    p = nil
    p = try Pipeline.open(home.path, settings: settings)
    #expect(p!.engine.snapshot() == before)
    try send(p!, hours: 30..<40)
    let rows = try zone()
    #expect(Set(rows.map(\.time)).count == rows.count)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $1.time.since($0.time) == 900_000 })
  }

  @Test func withoutAllItsMetersAZoneIsNotEvaluated() throws {
    let p = try Pipeline.open(home.path, settings: settings)
    try send(p, hours: 0..<10, outlet: false)
    #expect(try zone().isEmpty)
    try send(p, hours: 10..<20)
    #expect(try zone().count > 20)
  }

  /// A meter that sends flow and register is judged once.
  @Test func aTotalizerBesideItsFlowIsNotJudged() throws {
    let p = try Pipeline.open(home.path)
    for i in 0..<200 {
      let t = Int64(1_760_000_400_000) + Int64(i) * 900_000
      p.send("water/t/z/m/total", "{\"ts\":\(t),\"value\":\(1000 + i * 5 + [0, 1, 3, 0, 2][i % 5]),\"unit\":\"m3\"}")
      p.send("water/t/z/m/flow", "{\"ts\":\(t),\"value\":\(20 + i % 2)}")
      p.send("water/t/z/n/total", "{\"ts\":\(t),\"value\":\(1000 + i * 5 + [0, 1, 3, 0, 2][i % 5]),\"unit\":\"m3\"}")
    }
    #expect(try p.commit())
    let slots = try StoreReader(directory: home.path).sensors().reduce(into: [:]) { $0[$1.id.description] = $1.slot }
    let beside = p.engine.explain(try #require(slots["t/z/m/total"]))
    let alone = p.engine.explain(try #require(slots["t/z/n/total"]))
    #expect(beside.meanFlow == nil)
    #expect(abs(try #require(alone.meanFlow) - 20) < 0.5)
  }
}

extension ZoneTests {
  /// A zone is warmed by the imported records of its meters, also when one of them was there before.
  @Test func importedMetersWarmTheirZone() throws {
    var s = settings
    s.data.directory = home.path
    func rows(_ value: (Int) -> Double) -> [SeriesRow] {
      (0..<480).map { SeriesRow(time: Timestamp(milliseconds: 1_760_000_400_000 + Int64($0) * 900_000), value: value($0)) }
    }
    let history = HistoryImport(settings: s, logger: .quiet)
    _ = try history.write([ImportSeries(id: SensorID("t/z/in/flow")!, rows: rows { 20 + Double($0 % 7) })])
    #expect(try zone().isEmpty)
    _ = try history.write([
      ImportSeries(id: SensorID("t/y/out/flow")!, rows: rows { 5 + Double($0 % 3) })
    ])
    // The inlet's records were judged before the outlet was known: there was no zone then.
    #expect(try zone().isEmpty)
    let fresh = try TemporaryDirectory()
    s.data.directory = fresh.path
    _ = try HistoryImport(settings: s, logger: .quiet).write([
      ImportSeries(id: SensorID("t/z/in/flow")!, rows: rows { 20 + Double($0 % 7) }),
      ImportSeries(id: SensorID("t/y/out/flow")!, rows: rows { 5 + Double($0 % 3) }),
    ])
    let reader = try StoreReader(directory: fresh.path)
    let slot = try #require(try reader.sensors().first { $0.id == net }?.slot)
    #expect(try reader.history(slot, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max)).count > 450)
    let pipeline = try Pipeline.open(fresh.path, settings: s)
    let mean = try #require(pipeline.engine.explain(slot).meanFlow)
    #expect(abs(mean - 17) < 1)
  }
}
