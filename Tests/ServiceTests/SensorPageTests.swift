import Readings
import Settings
import Store
import TestSupport
import Testing
import Web

@testable import Service

/// Sensors as devices, and what people enter of them.
struct SensorPageTests {
  private let home: TemporaryDirectory
  private let bench: DeskBench

  init() throws {
    home = try TemporaryDirectory()
    bench = try DeskBench(
      home,
      """
      sensors:
        t/z/b/flow: {parent: t/z/a/flow, name: 下流, zone_name: 西町, minimum_leak_m3h: 0.7, interval_s: 600, range: [0, 90]}
      """)
    try bench.feed(["t/z/a/flow", "t/z/b/flow", "u/y/c/flow", "t/z/a/pressure"], hours: 0..<30)
  }

  private func refusal(_ id: String, _ towns: Set<String> = [], _ change: (inout CardCommand) -> Void) -> PageRefusal? {
    var card = CardCommand()
    change(&card)
    do {
      _ = try bench.page.setCard(id, card, by: "山田", municipalities: towns)
      return nil
    } catch {
      return error as? PageRefusal
    }
  }

  @Test func eachSensorSaysHowItDoes() throws {
    // One falls silent, one is impossible: worst first.
    try bench.feed(["t/z/a/flow", "t/z/a/pressure"], hours: 30..<60)
    try bench.ingest { p in
      for minute in 0..<12 {
        p.send("water/t/z/b/flow", "{\"ts\":\(DeskBench.start.milliseconds + Int64(60 * 60 + minute * 5) * 60_000),\"value\":5000}")
      }
    }
    let all = try bench.page.sensors(municipalities: [])
    #expect(all.count == 4)
    let silent = try #require(all.first { $0.id == "u/y/c/flow" })
    #expect(
      silent.state == .offline && silent.faults.contains("gap")
        && silent.lastSeen == DeskBench.start.adding(seconds: 30 * 3600 - 900).iso8601(offset: 32_400))
    let wrong = try #require(all.first { $0.id == "t/z/b/flow" })
    #expect(wrong.state == .attention && wrong.faults.contains("fault") && wrong.invalid > 0, "\(wrong)")
    #expect(wrong.name == "下流" && wrong.zoneName == "西町" && wrong.quantity == "flow" && wrong.unit == "m3/h")
    var file = CardSummary()
    (file.name, file.zoneName, file.minimumLeakM3h, file.intervalS, file.range, file.parent) = (
      "下流", "西町", 0.7, 600, [0, 90], "t/z/a/flow"
    )
    file.reverseFlow = false
    #expect(wrong.file == file && wrong.card == CardSummary())
    let good = try #require(all.first { $0.id == "t/z/a/flow" })
    #expect(good.intervalS == 900 && good.firstSeen != nil && good.lastValue != nil && good.battery == nil && good.faults.isEmpty)
    let ranks = all.map { MeterState.allCases.firstIndex(of: $0.state) ?? 9 }
    #expect(ranks == ranks.sorted())
    #expect(try bench.page.sensors(municipalities: ["u"]).map(\.id) == ["u/y/c/flow"])
  }

  @Test func aCardIsKeptAndShown() throws {
    var card = CardCommand()
    (card.name, card.zoneName, card.minimumLeakM3h, card.intervalS, card.range) = ("本管", "東町", 0.4, 900, [0, 120])
    (card.reverseFlow, card.parent, card.note) = (true, "t/z/b/flow", "弁室の中\n鍵は役場")
    // Around in a circle with what the file says of b.
    #expect(refusal("t/z/a/flow") { $0 = card }?.code == "parent")
    card.parent = ""
    let set = try #require(try bench.page.setCard("t/z/a/flow", card, by: "山田", municipalities: ["t"]))
    #expect(set.name == "本管" && set.range == [0, 120] && set.parent == nil && set.reverseFlow == true && set.note == "弁室の中\n鍵は役場")
    let shown = try #require(try bench.page.sensors(municipalities: []).first { $0.id == "t/z/a/flow" })
    #expect(shown.card.name == "本管" && shown.card.minimumLeakM3h == 0.4 && shown.card.parent == "" && shown.card.note == set.note)
    #expect(shown.file.name == nil && shown.file.minimumLeakM3h == 0.2 && shown.name == "本管" && shown.zoneName == "東町")
    // Everything gone again.
    #expect(try bench.page.setCard("t/z/a/flow", CardCommand(), by: "", municipalities: []) == shown.file)
    #expect(try bench.page.sensors(municipalities: []).first { $0.id == "t/z/a/flow" }?.card == CardSummary())
    #expect(try bench.page.sensors(municipalities: []).first { $0.id == "t/z/a/flow" }?.name == "a")
    #expect(try bench.page.setCard("t/z/x/flow", card, by: "", municipalities: []) == nil)
    #expect(try bench.page.setCard("nonsense", card, by: "", municipalities: []) == nil)
  }

  typealias Change = @Sendable (inout CardCommand) -> Void
  static let wrong: [(String, Change)] = [
    ("text", { $0.name = String(repeating: "a", count: 101) }), ("text", { $0.name = "a\nb" }), ("text", { $0.name = "a\u{0}" }),
    ("text", { $0.zoneName = "a\u{85}b" }), ("text", { $0.note = String(repeating: "あ", count: 1001) }),
    ("text", { $0.note = "a\u{1b}[31m" }), ("minimum_leak", { $0.minimumLeakM3h = -0.1 }),
    ("minimum_leak", { $0.minimumLeakM3h = 100_001 }), ("interval", { $0.intervalS = -1 }), ("interval", { $0.intervalS = 86_401 }),
    ("range", { $0.range = [] }), ("range", { $0.range = [1] }), ("range", { $0.range = [1, 1] }), ("range", { $0.range = [2, 1] }),
    ("range", { $0.range = [0, 1, 2] }), ("parent", { $0.parent = "t/z/a/flow" }),
    ("parent", { $0.parent = "t/z/none/flow" }), ("parent", { $0.parent = "t/z/a/pressure" }), ("parent", { $0.parent = "up" }),
    ("parent", { $0.parent = "u/y/c/flow" }),
  ]

  @Test(arguments: 0..<wrong.count)
  func whatCannotBeIsNamed(n: Int) throws {
    let (field, change) = Self.wrong[n]
    let refused = refusal("t/z/a/flow", ["t"], change)
    #expect(refused?.code == field && refused?.status == 422)
    #expect(try bench.page.reader.meterCards().isEmpty)
  }

  /// The command writes by itself while no service runs.
  @Test func theCommandSetsPartsOfACard() throws {
    var settings = MizumoriSettings()
    settings.data.directory = home.path + "/other"
    let id = try #require(SensorID("t/z/a/flow"))
    do {
      let p = try Pipeline.open(settings.data.directory, settings: settings)
      p.send("water/t/z/a/flow", "{\"ts\":\(DeskBench.start.milliseconds),\"value\":5}")
      #expect(try p.commit())
    }
    let client = CardClient(settings: settings)
    #expect(try client.set(id, by: "a") { $0.name = "本管" }.name == "本管")
    let both = try client.set(id, by: "a") { $0.minimumLeakM3h = 0.3 }
    #expect(both.name == "本管" && both.minimumLeakM3h == 0.3)
    #expect(throws: CardError.self) { try client.set(id, by: "a") { $0.parent = "t/z/b/flow" } }
    #expect(throws: ActionError.unknownSensor) { try client.set(try #require(SensorID("t/z/x/flow")), by: "a") { $0.name = "x" } }
    let view = try #require(try DirectoryView(settings))
    #expect(try view.sensorLines().map(\.card) == [both])
    #expect(try client.set(id, by: "a") { $0 = CardSummary() } == CardSummary())
  }
}
