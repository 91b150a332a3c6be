import Readings
import Store
import TestSupport
import Testing

@testable import Service

struct BatteryTests {
  @Test func theNewestLevelOfEachSensorIsKept() throws {
    let home = try TemporaryDirectory()
    let p = try Pipeline.open(home.path)
    func send(_ sensor: String, _ minute: Int64, _ battery: String) {
      p.send("water/t/z/\(sensor)/flow", "{\"ts\":\(1_790_521_200_000 + minute * 60_000),\"value\":10,\"battery\":\(battery)}")
    }
    send("a", 0, "98.7")
    send("b", 0, "null")
    send("a", 10, "97")
    send("a", 5, "98")
    send("a", 11, "3600")
    #expect(try p.commit())
    #expect(p.batteries.status(0)?.battery == 97)
    #expect(p.batteries.status(0)?.batteryTime == Timestamp(milliseconds: 1_790_521_200_000 + 600_000))
    #expect(p.batteries.status(1) == nil && p.batteries.status(99) == nil)

    // Written when it has changed, and not again.
    let rollup = try RollupStore<RegisterSteps>(directory: home.path, settings: MizumoriSettingsDefaults.rollup)
    let due = p.batteries.due()
    #expect(due.map(\.slot) == [0])
    try rollup.record(due)
    p.batteries.wrote(due)
    #expect(p.batteries.due().isEmpty)
    send("a", 20, "96.5")
    #expect(p.batteries.due().isEmpty)
    send("a", 21, "96")
    #expect(p.batteries.due().count == 1)
    // Unchanged, but a day later.
    let book = BatteryBook()
    book.load(try StoreReader(directory: home.path).sensorStatus())
    #expect(book.status(0)?.battery == 97 && book.due().isEmpty)
    book.note(0, 97, at: Timestamp(milliseconds: 1_790_521_200_000 + 87_000_000))
    #expect(book.due().count == 1)
  }

  @Test func aRestartKnowsTheLevels() throws {
    let home = try TemporaryDirectory()
    do {
      let p = try Pipeline.open(home.path)
      p.send("water/t/z/a/flow", "{\"ts\":1790521200000,\"value\":10,\"battery\":55}")
      #expect(try p.commit())
      try RollupStore<RegisterSteps>(directory: home.path, settings: MizumoriSettingsDefaults.rollup).record(p.batteries.due())
    }
    #expect(try Pipeline.open(home.path).batteries.status(0)?.battery == 55)
  }
}
