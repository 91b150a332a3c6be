import Detection
import Readings
import Store
import TestSupport
import Testing

@testable import Service

/// A sender whose clock runs ahead: its readings are quarantined, and the skew is an event that survives a restart.
struct ClockTests {
  private let home: TemporaryDirectory

  init() throws { home = try TemporaryDirectory() }

  private func send(_ p: Pipeline, minute: Int64, ahead: Int64 = 0) {
    // Now, by the wall clock: future is judged against it.
    let t = Clocks.wall().milliseconds / 60_000 * 60_000 - 86_400_000 + minute * 60_000 + ahead
    p.send("water/t/z/m/flow", "{\"ts\":\(t),\"value\":\(10 + minute % 7)}")
  }

  private func events() throws -> [StoredEvent] {
    try StoreReader(directory: home.path).events(.init()).filter { $0.last.kind == .clockSkew }
  }

  @Test func twoHoursAheadIsASkewAndNothingElse() throws {
    var p: Pipeline? = try Pipeline.open(home.path)
    for m in stride(from: Int64(0), to: 1430, by: 15) { send(p!, minute: m) }
    #expect(try p!.commit())
    for m in [1431, 1433] as [Int64] { send(p!, minute: m, ahead: 7_200_000) }
    #expect(try p!.commit())
    #expect(try events().isEmpty)
    send(p!, minute: 1435, ahead: 7_200_000)
    #expect(try p!.commit())
    #expect(try events().map(\.isOpen) == [true])
    let state = p!.engine.snapshot()
    p = nil
    p = try Pipeline.open(home.path)
    #expect(p!.engine.snapshot() == state)
    send(p!, minute: 1437)
    #expect(try p!.commit())
    #expect(try events().map(\.isOpen) == [false])
    #expect(p!.counters.rejected["timestamp_future"] == nil, "counted by the first service")
    let reader = try StoreReader(directory: home.path)
    #expect(try reader.extent(0).map { $0.last.since(Clocks.wall()) < 0 } == true, "quarantined readings are not in the graph")
    #expect(try reader.events(.init()).allSatisfy { $0.last.kind == .clockSkew })
  }
}
