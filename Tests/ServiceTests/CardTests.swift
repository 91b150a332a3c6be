import Alerts
import Detection
import Readings
import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// Cards of meters go before the settings file, at once and after a restart.
struct CardTests {
  private let home: TemporaryDirectory
  private let settings: MizumoriSettings
  private let a = SensorID("t/z/a/flow")!
  private let b = SensorID("t/z/b/flow")!

  init() throws {
    home = try TemporaryDirectory()
    settings = try MizumoriSettings.parse(
      """
      zones:
        t/z: {name: 西区}
      sensors:
        t/z/a/flow: {name: 西第1, minimum_leak_m3h: 0.5, reverse_flow: false, range: [0, 100]}
        t/z/b/flow: {parent: t/z/a/flow, interval_s: 900}
      """, name: "s.yaml", directory: home.path)
  }

  private func send(_ p: Pipeline, _ id: SensorID, _ n: Int, _ value: Double) {
    p.send("water/\(id)", "{\"ts\":\(1_790_521_200_000 + Int64(n) * 900_000),\"value\":\(value)}")
  }

  private func put(_ card: MeterCard, _ id: SensorID, _ p: Pipeline) throws {
    try p.profiles.check(card, of: id)
    try DeskStore(directory: home.path).setCard(id, card, by: "山田", at: Clocks.wall())
    p.profiles.cards.put(id, card)
  }

  @Test func cardsGoBeforeTheSettings() throws {
    let profiles = ProfileBook(settings)
    #expect(profiles.names(a).sensor == "西第1" && profiles.names(a).zone == "西区")
    #expect(profiles.parent(of: b) == a && profiles.related(to: a) == [b, a.sibling(.total)])
    let file = profiles.cardInForce(a)
    #expect(file == profiles.fileCard(a) && file.minimumLeak == 0.5 && file.range == 0...100 && file.allowsReverseFlow == false)

    var card = MeterCard()
    card.name = "本管"
    card.zoneName = "東区"
    card.minimumLeak = 2
    card.intervalSeconds = 60
    card.range = -50...50
    card.allowsReverseFlow = true
    card.note = "弁は北側"
    profiles.cards.put(a, card)
    #expect(profiles.names(a).sensor == "本管" && profiles.names(a).zone == "東区" && profiles.names(b).zone == "西区")
    let profile = profiles.profile(a) { _ in nil }
    #expect(profile.minimumLeak == 2 && profile.expectedInterval == 60_000 && profile.range == -50...50 && profile.allowsReverseFlow)
    #expect(profiles.cardInForce(a) == card)
    // The other way round: b is above a.
    var upstream = MeterCard()
    upstream.parent = ""
    profiles.cards.put(b, upstream)
    #expect(profiles.parent(of: b) == nil && profiles.related(to: a) == [a.sibling(.total)])
    card.parent = b.description
    profiles.cards.put(a, card)
    #expect(profiles.parent(of: a) == b && profiles.related(to: b) == [a, b.sibling(.total)])
    #expect(profiles.profile(a, slot: { $0 == b ? 7 : nil }).parent == 7)
    profiles.cards.put(a, MeterCard())
    #expect(profiles.names(a).sensor == "西第1" && profiles.cards.all.keys.sorted() == [b])
  }

  @Test func aChangeIsInForceAtTheNextTickAndAfterARestart() throws {
    var pipeline: Pipeline? = try Pipeline.open(home.path, settings: settings)
    for n in 0..<40 { for id in [a, b] { send(pipeline!, id, n, 10) } }
    // Not allowed yet.
    send(pipeline!, a, 40, -3)
    #expect(try pipeline!.commit())
    #expect(pipeline!.counters.rejected["negative_flow"] == 1)

    var card = MeterCard()
    card.allowsReverseFlow = true
    card.minimumLeak = 3
    card.range = -5...12
    try put(card, a, pipeline!)
    pipeline!.tick()
    send(pipeline!, a, 41, -3)
    // Beyond the new range.
    for n in 42..<48 { send(pipeline!, a, n, 13) }
    #expect(try pipeline!.commit())
    #expect(pipeline!.counters.rejected["negative_flow"] == 1)
    let reader = try StoreReader(directory: home.path)
    var filter = StoreReader.EventFilter()
    filter.slot = 0
    #expect(try reader.events(filter).contains { $0.last.kind == .outOfRange })
    #expect(try reader.history(0, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max)).contains { $0.value == -3 })

    pipeline = nil
    let again = try Pipeline.open(home.path, settings: settings)
    #expect(again.profiles.cards.card(a) == card)
    send(again, a, 50, -2)
    #expect(try again.commit())
    #expect(again.counters.rejected["negative_flow"] == nil)
    // What is looked back at knows it, too.
    let h = try #require(try Hindsight(of: a, at: nil, store: reader, settings: settings))
    #expect(h.explanation.lastValue == again.engine.explain(0).lastValue)
  }

  @Test func whatCannotBeIsRefusedWithItsReason() throws {
    let profiles = ProfileBook(settings)
    func refused(_ id: SensorID, _ change: (inout MeterCard) -> Void) -> CardError? {
      var card = MeterCard()
      change(&card)
      do throws(CardError) {
        try profiles.check(card, of: id)
        return nil
      } catch {
        return error
      }
    }
    #expect(refused(a) { $0.name = "" } == .badText)
    #expect(refused(a) { $0.name = String(repeating: "水", count: 101) } == .badText)
    #expect(refused(a) { $0.zoneName = "西\n区" } == .badText)
    #expect(refused(a) { $0.note = "一\n二" } == nil && refused(a) { $0.note = "\u{7}" } == .badText)
    #expect(refused(a) { $0.minimumLeak = -1 } == .badLeak && refused(a) { $0.minimumLeak = .nan } == .badLeak)
    #expect(refused(a) { $0.intervalSeconds = 86_401 } == .badInterval)
    #expect(refused(a) { $0.range = 3...3 } == .badRange && refused(a) { $0.range = 0...Double.infinity } == .badRange)
    #expect(refused(a) { $0.parent = "t/z/a" } == .badParent && refused(a) { $0.parent = "t/z/a/flow" } == .badParent)
    #expect(refused(a) { $0.parent = "t/z/p/pressure" } == .badParent)
    // b is downstream of a.
    #expect(refused(a) { $0.parent = "t/z/b/flow" } == .badParent)
    #expect(refused(b) { $0.parent = "t/z/c/flow" } == nil)
  }
}
