import Foundation
import Readings
import TestSupport
import Testing

@testable import Store

struct DeskStoreTests {
  private let home: TemporaryDirectory
  private let store: Store
  private let desk: DeskStore
  private let reader: StoreReader
  private let now = Timestamp(seconds: 1_760_000_000)

  init() throws {
    home = try TemporaryDirectory()
    store = try Store(directory: home.path)
    desk = try DeskStore(directory: home.path)
    reader = try StoreReader(directory: home.path)
  }

  @Test func cardsAreKeptAsEntered() throws {
    var card = MeterCard()
    card.name = "西第1"
    card.zoneName = "西区"
    card.minimumLeak = 0.4
    card.intervalSeconds = 600
    card.range = -1...250
    card.allowsReverseFlow = false
    card.parent = "ina/nishi/m02/flow"
    card.note = "坂の上\n鍵は事務所"
    try desk.setCard(StoreTests.id, card, by: "山田", at: now)
    #expect(try reader.meterCards() == [StoreTests.id: card])
    #expect(try store.meterCards() == [StoreTests.id: card])
    // One that says less takes the place of the other.
    var less = MeterCard()
    less.allowsReverseFlow = true
    try desk.setCard(StoreTests.id, less, by: "", at: now)
    #expect(try reader.meterCards() == [StoreTests.id: less])
    try desk.setCard(StoreTests.id, MeterCard(), by: "", at: now)
    #expect(try reader.meterCards().isEmpty)
    try desk.setCard(StoreTests.id, less, by: "", at: now)
    try desk.setCard(StoreTests.id, nil, by: "", at: now)
    #expect(try reader.meterCards().isEmpty)
  }

  @Test func worksAreKeptUntilTheyAreEnded() throws {
    var r = Recurrence(start: 1380, length: 120)
    r.weekdays = [0, 6]
    r.weeks = [1, 5]
    r.days = [1, 31]
    r.first = 20_000
    r.last = 20_100
    var work = StoredWork(name: "洗管", zones: ["ina/nishi", "ina/kita"], sensors: [StoreTests.id], recurrence: r, person: "山田")
    let plain = StoredWork(name: "清掃", zones: [], sensors: [StoreTests.id], recurrence: Recurrence(start: 0, length: 1440), person: "")
    work.id = try desk.addWork(work, at: now)
    work.added = now
    let second = try desk.addWork(plain, at: now)
    #expect(second > work.id)
    #expect(try reader.recurringWorks().first == work)
    #expect(try store.recurringWorks().map(\.recurrence) == [r, plain.recurrence])
    #expect(try desk.endWork(work.id))
    #expect(try !desk.endWork(work.id) && !desk.endWork(99))
    #expect(try reader.recurringWorks().map(\.id) == [second])
    // A number is not given twice.
    #expect(try desk.endWork(second) && desk.addWork(plain, at: now) > second)
  }

  @Test func billedWaterByTownAndMonth() throws {
    let april = 2026 * 12 + 3
    try desk.setBilled(municipality: "ina", month: april, volume: 1234.5, by: "山田", at: now)
    try desk.setBilled(municipality: "ina", month: april + 1, volume: 1, by: "山田", at: now)
    try desk.setBilled(municipality: "ina", month: april + 1, volume: 2000, by: "山田", at: now)
    try desk.setBilled(municipality: "suwa", month: april, volume: 7, by: "", at: now)
    try desk.setBilled(municipality: "ina", month: april + 12, volume: 3, by: "", at: now)
    #expect(try reader.billed(municipality: "ina", months: april..<april + 12) == [april: 1234.5, april + 1: 2000])
    try desk.setBilled(municipality: "ina", month: april, volume: nil, by: "", at: now)
    #expect(try reader.billed(municipality: "ina", months: april..<april + 12) == [april + 1: 2000])
  }

  @Test func actionsByKindWindowAndMomentSaid() throws {
    func record(_ kind: ActionKind, _ from: Int64, _ to: Int64, said: Int64) -> HistoryEntry {
      let action = OperatorAction(
        slot: 0, kind: kind, time: now.adding(seconds: from), from: now.adding(seconds: from), to: now.adding(seconds: to))
      return .action(ActionRecord(action: action, eventKey: nil, person: "p\(said)", note: "", said: now.adding(seconds: said)))
    }
    var batch = StoreTests.batch(0..<1, isNew: true)
    for action in [
      record(.plannedWork, 100, 200, said: 1), record(.acknowledged, 150, 150, said: 2), record(.plannedWork, 300, 400, said: 3),
      record(.workCancelled, 100, 200, said: 4),
    ] {
      batch.entries.append(action)
    }
    try store.commit(batch)
    func people(_ kind: ActionKind?, _ from: Int64? = nil, _ to: Int64? = nil, since: Int64? = nil) throws -> [String] {
      try reader.actions(
        kind: kind, from: from.map { now.adding(seconds: $0) }, to: to.map { now.adding(seconds: $0) },
        since: since.map { now.adding(seconds: $0) }
      ).map(\.person)
    }
    #expect(try people(nil) == ["p4", "p3", "p2", "p1"])
    #expect(try people(.plannedWork) == ["p3", "p1"])
    #expect(try people(.plannedWork, 199, 300) == ["p1"])
    #expect(try people(.plannedWork, 200, 301) == ["p3"])
    #expect(try people(nil, 150, 151) == ["p4", "p2", "p1"])
    #expect(try people(nil, 151, 300) == ["p4", "p1"])
    #expect(try people(nil, since: 3) == ["p4", "p3"])
    // The cancelled one is not planned again, but by a work that was entered after it.
    let window = now.adding(seconds: 100)..<now.adding(seconds: 200)
    #expect(try store.hasWork(0, window) && store.hasWork(0, window, since: now))
    #expect(try !store.hasWork(0, window, since: now.adding(seconds: 2)))
    #expect(try store.hasWork(0, now.adding(seconds: 300)..<now.adding(seconds: 400), since: now.adding(seconds: 9)))
  }
}
