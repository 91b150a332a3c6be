import Foundation
import Logging
import Readings
import Settings
import Store
import TestSupport
import Testing

@testable import Service

enum MizumoriSettingsDefaults {
  static let rollup = MizumoriSettings().rollupSettings
}

/// Hours and days of what meters really send: zones, totalizers, and the thread that folds them.
struct RollupServiceTests {
  /// A meter's register (0.001 m³, each minute) and its flow, for some days; the flow follows the hour of the day.
  private static func messages(days: Int) -> [(topic: String, payload: String, time: Int64)] {
    var out: [(topic: String, payload: String, time: Int64)] = []
    var register = 999_000.0
    for minute in 0..<(days * 1440) {
      let time = 1_790_521_200_000 + Int64(minute) * 60_000
      let flow = 6 + 4 * sin(Double(minute % 1440) / 1440 * 2 * .pi)
      out.append(("water/t/z/a/total", "{\"ts\":\(time),\"value\":\((register * 1000).rounded() / 1000)}", time))
      out.append(("water/t/z/a/flow", "{\"ts\":\(time),\"value\":\(flow)}", time))
      // The register goes round at 1,000,000.
      register = (register + flow / 60).truncatingRemainder(dividingBy: 1_000_000)
    }
    return out
  }

  @Test func aTotalizersHoursAreItsFlowAlsoAfterRestartsAndARollover() throws {
    let home = try TemporaryDirectory()
    let p = try Pipeline.open(home.path)
    var rollup = try RollupStore<RegisterSteps>(directory: home.path, settings: MizumoriSettingsDefaults.rollup)
    for (n, m) in Self.messages(days: 6).enumerated() {
      p.send(m.topic, m.payload)
      if n % 2000 == 1999 {
        #expect(try p.commit())
        while try rollup.step().isBehind {}
        if n % 6000 == 5999 { rollup = try RollupStore(directory: home.path, settings: MizumoriSettingsDefaults.rollup) }
      }
    }
    #expect(try p.commit())
    while try rollup.step().isBehind {}
    let reader = try StoreReader(directory: home.path)
    let (total, flow) = (try reader.hours(0, from: 0, to: .max), try reader.hours(1, from: 0, to: .max))
    #expect(flow.count == 6 * 24 && total.map(\.hour) == flow.map(\.hour))
    // Steps of 10 min that begin in the hour: up to 10 min of the next one are in it.
    for (a, b) in zip(total, flow) { #expect(abs(a.mean - b.mean) < 0.2, "\(a) \(b)") }
    let days = try reader.days(from: 0, to: .max)
    for d in days where d.slot == 0 {
      let other = try #require(days.first { $0.slot == 1 && $0.day == d.day })
      #expect(d.hours == 24 && abs(d.volume - other.volume) < 0.01 * other.volume)
      #expect(abs((d.night ?? 0) - (other.night ?? -9)) < 0.2)
      // 6 + 4 sin: the lowest whole hour of 01:00–04:00 is the first.
      #expect(abs((other.night ?? 0) - 7.53) < 0.05)
    }
  }

  @Test func zonesHaveHoursToo() throws {
    let home = try TemporaryDirectory()
    let settings = try MizumoriSettings.parse(
      "zones:\n  t/z: {inlets: [t/z/a/flow], outlets: [t/z/b/flow]}", name: "s.yaml", directory: home.path)
    let p = try Pipeline.open(home.path, settings: settings)
    for minute in 0..<600 {
      for (s, v) in [("a", 20), ("b", 8)] {
        p.send("water/t/z/\(s)/flow", "{\"ts\":\(1_790_521_200_000 + Int64(minute) * 60_000),\"value\":\(v + minute % 2)}")
      }
    }
    #expect(try p.commit())
    let rollup = try RollupStore<RegisterSteps>(directory: home.path, settings: MizumoriSettingsDefaults.rollup)
    while try rollup.step().isBehind {}
    let slot = try #require(p.directory.slot(of: SensorID("t/z/net/flow")!))
    let hours = try StoreReader(directory: home.path).hours(slot, from: 0, to: .max)
    #expect(hours.count >= 8 && hours.allSatisfy { abs($0.mean - 12) < 0.1 })
  }

  @Test func theThreadFoldsStopsAtOnceAndGoesOn() async throws {
    let home = try TemporaryDirectory()
    let p = try Pipeline.open(home.path)
    for m in Self.messages(days: 3) { p.send(m.topic, m.payload) }
    #expect(try p.commit())
    let reader = try StoreReader(directory: home.path)
    p.batteries.note(0, 40, at: Clocks.wall())
    for round in 0..<2 {
      let rollup = try Rollup(
        directory: home.path, settings: MizumoriSettingsDefaults.rollup, batteries: p.batteries, logger: .quiet)
      let threads = ServiceThreads()
      threads.start("rollup") { rollup.run() }
      async let ended: Void = rollup.ended()
      for _ in 0..<4000 where try reader.hours(1, from: 0, to: .max).count < 72 + round {
        try await Task.sleep(for: .milliseconds(25))
      }
      #expect(try reader.hours(1, from: 0, to: .max).count == 72 + round)
      let begin = Clocks.monotonic()
      rollup.stop()
      threads.join()
      try await ended
      // Not at its next round, which is half an hour away.
      #expect(Clocks.monotonic() - begin < 60_000)
      p.send("water/t/z/a/flow", "{\"ts\":\(1_790_521_200_000 + 3 * 86_400_000),\"value\":10}")
      #expect(try p.commit())
    }
    #expect(try reader.sensorStatus()[0]?.battery == 40)
  }

  /// What it meets in the database that is damaged ends the service.
  @Test func damageEndsIt() async throws {
    let home = try TemporaryDirectory()
    do {
      let store = try Store(directory: home.path)
      var batch = IngestBatch()
      batch.newSensors = [(0, SensorID("t/z/a/flow")!)]
      for n in 0..<20_000 {
        let time = Timestamp(milliseconds: 1_790_521_200_000 + Int64(n) * 60_000)
        batch.entries.append(.reading(Reading(slot: 0, time: time, arrival: time, value: 10)))
      }
      try store.commit(batch)
    }
    let rollup = try Rollup(directory: home.path, settings: MizumoriSettingsDefaults.rollup, batteries: BatteryBook(), logger: .quiet)
    let file = Store.file(in: home.path)
    let handle = try #require(FileHandle(forUpdatingAtPath: file))
    // The second half of the file, where the history lies; its first pages stay whole.
    let pages = Int(try handle.seekToEnd() / 4096)
    try handle.seek(toOffset: UInt64(pages / 2 * 4096))
    try handle.write(contentsOf: Data(repeating: 0xa5, count: 4096 * (pages - pages / 2)))
    try handle.close()
    let threads = ServiceThreads()
    threads.start("rollup") { rollup.run() }
    // One that meets no damage must fail this, not wait for ever.
    let patience = Task {
      try await Task.sleep(for: .seconds(60))
      rollup.stop()
    }
    await #expect(throws: StoreError.self) { try await rollup.ended() }
    patience.cancel()
    threads.join()
  }
}
