import Detection
import Readings
import Settings
import Store
import Synchronization
import TestSupport
import Testing

@testable import Service

/// Flow below 0 of a meter that is not allowed any: refused as every bad message, and told as 逆流.
@Suite struct ReverseFlowTests {
  private let home: TemporaryDirectory
  private static let topic = "water/t/z/a/flow"

  init() throws { home = try TemporaryDirectory() }

  private static func time(_ n: Int) -> Timestamp { Timestamp(seconds: 1_790_521_200 + Int64(n) * 300) }
  private static func payload(_ n: Int, _ value: Double) -> String {
    "{\"ts\":\(time(n).seconds),\"value\":\(value),\"seq\":\(n)}"
  }

  private func send(_ p: Pipeline, _ range: Range<Int>, sign: Double = 1) {
    for n in range { p.send(Self.topic, Self.payload(n, sign * (5 + Double(n % 7) / 4))) }
  }

  private func events(_ p: Pipeline) throws -> [StoredEvent] {
    try StoreReader(directory: home.path).events(StoreReader.EventFilter()).filter { $0.last.kind != .commonCause }
  }

  private func entries() throws -> [HistoryEntry] {
    var out: [HistoryEntry] = []
    try StoreReader(directory: home.path).replay(after: 0, through: .max) { out.append($0) }
    return out
  }

  private func refused() throws -> [Reading] { try entries().compactMap { if case .reverse(let r) = $0 { r } else { nil } } }

  @Test func itIsRefusedKeptAndTold() throws {
    let p = try Pipeline.open(home.path)
    send(p, 0..<40)
    send(p, 40..<52, sign: -1)
    #expect(try p.commit())
    #expect(p.counters.rejected == ["negative_flow": 12] && p.counters.readings.load(ordering: .relaxed) == 40)
    #expect(p.engine.explain(0).state == .fault(.reverseFlow))
    let reader = try StoreReader(directory: home.path)
    let all = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: .max)
    #expect(try reader.history(0, from: all.lowerBound, to: all.upperBound).count == 40)
    let kept = try refused()
    #expect(kept.map(\.time) == (40..<52).map(Self.time) && kept.allSatisfy { $0.slot == 0 && $0.value < 0 })
    #expect(try reader.position(of: 0, at: Self.time(45)) == 46 && reader.extent(0)?.last == Self.time(39))

    send(p, 52..<60)
    #expect(try p.commit())
    let told = try events(p)
    #expect(told.map(\.last.kind) == [.reverseFlow] && told.map(\.last.change) == [.closed])
    #expect(told.first?.last.onset == Self.time(42))
  }

  /// The broker delivers again what was not acknowledged: before and after a restart nothing is taken twice.
  @Test(arguments: [true, false]) func aRestartGoesOnAndNothingCountsTwice(savesState: Bool) throws {
    do {
      let p = try Pipeline.open(home.path)
      send(p, 0..<40)
      if savesState {
        #expect(try p.commit())
        p.checkpoint()
      }
      send(p, 40..<46, sign: -1)
      send(p, 44..<46, sign: -1)
      #expect(try p.commit())
      #expect(p.engine.explain(0).state == .fault(.reverseFlow))
      p.store.close()
    }
    let p = try Pipeline.open(home.path)
    #expect(p.engine.explain(0).state == .fault(.reverseFlow))
    send(p, 41..<50, sign: -1)
    send(p, 50..<56)
    #expect(try p.commit())
    #expect(try refused().map(\.time) == (40..<50).map(Self.time))
    #expect(try events(p).map(\.last.change) == [.closed])
    // As if nothing had happened to the service.
    let other = try TemporaryDirectory()
    let plain = try Pipeline.open(other.path)
    send(plain, 0..<40)
    send(plain, 40..<50, sign: -1)
    send(plain, 50..<56)
    #expect(try plain.commit())
    #expect(plain.engine.snapshot() == p.engine.snapshot())
  }

  /// The rows of a part that has been laid by sensors are found, too.
  @Test func refusedFlowIsFoundInSegments() throws {
    do {
      let p = try Pipeline.open(home.path)
      send(p, 0..<40)
      send(p, 40..<46, sign: -1)
      #expect(try p.commit())
      // 65,536 rows make a segment.
      for n in 0..<66_000 { p.send("water/t/z/\(n % 2)/flow", Self.payload(n / 2, 5 + Double(n % 11))) }
      #expect(try p.commit())
      p.store.close()
    }
    let p = try Pipeline.open(home.path)
    send(p, 40..<47, sign: -1)
    #expect(try p.commit())
    #expect(try refused().map(\.time) == (40..<47).map(Self.time))
    #expect(try StoreReader(directory: home.path).position(of: 0, at: Self.time(43)) == 44)
  }

  /// Of a refused array the flow below 0 is heard, the rest stays refused; a message with another fault says nothing.
  @Test func batchesAndDevices() throws {
    let settings = try MizumoriSettings.parse(
      """
      utility: {municipality: t}
      topics:
        - { pattern: "gw/{zone}/{sensor}", codec: mapping, fields: {flow: f, pressure: p, time: t} }
        - pattern: water/{municipality}/{zone}/{sensor}/{quantity}

      """, name: "test.yaml", directory: home.path)
    let p = try Pipeline.open(home.path, settings: settings, inputs: settings.inputs)
    send(p, 0..<10)
    p.send(Self.topic, "[\((10..<16).map { Self.payload($0, $0 < 12 ? 4 : -4) }.joined(separator: ","))]")
    p.send(Self.topic, "[\(Self.payload(16, -3)),{\"ts\":\(Self.time(17).seconds),\"value\":\"x\"}]")
    for n in 0..<6 { p.send("gw/z/m", "{\"t\":\(Self.time(n).seconds),\"f\":-2,\"p\":300}") }
    #expect(try p.commit())
    #expect(p.counters.rejected == ["negative_flow": 8])
    let kept = try refused()
    #expect(kept.filter { $0.slot == 0 }.map(\.time) == (12..<16).map(Self.time))
    #expect(p.directory.all.map(\.description) == ["t/z/a/flow", "t/z/m/flow"] && kept.filter { $0.slot == 1 }.count == 6)
    #expect(p.engine.explain(1).state == .fault(.reverseFlow))
  }

  @Test func aMeterThatMayRunBackIsReadAsBefore() throws {
    let settings = try MizumoriSettings.parse(
      "utility: {municipality: t}\nsensors: { t/z/a/flow: { reverse_flow: true } }\n", name: "test.yaml", directory: home.path)
    let p = try Pipeline.open(home.path, settings: settings)
    send(p, 0..<40)
    send(p, 40..<52, sign: -1)
    #expect(try p.commit())
    #expect(p.counters.rejected.isEmpty && p.counters.readings.load(ordering: .relaxed) == 52)
    #expect(try refused().isEmpty && events(p).isEmpty)
  }
}
