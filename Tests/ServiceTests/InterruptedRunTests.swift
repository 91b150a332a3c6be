import Foundation
import Readings
import Settings
import Store
import TestSupport
import Testing
import TownModel

@testable import Service

/// A run that is broken off at random readings and taken up again gives the same events as one that was not.
struct InterruptedRunTests {
  private static let scenario = """
    municipality: t
    days: 40
    interval_s: 900
    meters:
      - { id: a, zone: z, mean_m3h: 12, noise: 0.06 }
      - { id: b, zone: z, mean_m3h: 6, noise: 0.08 }
    events:
      - { kind: gap, meter: b, day: 18, hours: 8 }
      - { kind: burst, meter: a, day: 22.3, hours: 120, flow_m3h: 4 }
      - { kind: incipient, meter: b, day: 24, hours: 360, flow_m3h: 3 }
      - { kind: stuck, meter: a, day: 35, hours: 12 }
    """

  /// A pipeline over a data directory, which can be killed and opened again.
  fileprivate final class Bench {
    let directory: String
    var pipeline: Pipeline

    init(_ directory: String) throws {
      self.directory = directory
      pipeline = try Pipeline.open(directory)
    }
  }

  private func play(_ town: Town, interruptedBy seed: UInt64?) throws -> [OutboxRow] {
    let home = try TemporaryDirectory()
    let bench = try Bench(home.path)
    var random = seed ?? 1
    func next(_ n: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((random >> 33) % UInt64(n))
    }
    var acknowledged = 0
    var i = 0
    var nextKill = seed == nil ? Int.max : next(town.readings.count / 4)
    while i < town.readings.count {
      let r = town.readings[i]
      bench.pipeline.send(town.topic(r.meter), r.payload(offset: 32_400))
      i += 1
      if next(50) == 0 {
        #expect(try bench.pipeline.commit())
        acknowledged = i
        if next(20) == 0 { bench.pipeline.checkpoint() }
      }
      if i >= nextKill {
        // Killed: what was not committed is gone from here, and the broker sends it again, perhaps with some that had been acknowledged.
        bench.pipeline = try Bench.reopen(bench)
        i = max(0, acknowledged - next(30))
        nextKill = i + 1 + next(town.readings.count / 4)
      }
    }
    #expect(try bench.pipeline.commit())
    let rows = try StoreReader(directory: home.path).outbox(after: 0, limit: 100_000)
    #expect(try StoreReader(directory: home.path).figures().readings == town.readings.count)
    return rows
  }

  @Test(arguments: [3, 14, 159] as [UInt64])
  func theSameEvents(seed: UInt64) throws {
    let town = Town(try Scenario(yaml: InterruptedRunTests.scenario, file: "t"), seed: 2)
    let whole = try play(town, interruptedBy: nil)
    #expect(whole.contains { $0.transition.kind.isLeak })
    let broken = try play(town, interruptedBy: seed)
    #expect(broken.map(\.transition) == whole.map(\.transition), "seed \(seed)")
    #expect(broken.map(\.transitionKey) == whole.map(\.transitionKey))
  }
}

extension InterruptedRunTests.Bench {
  /// The old pipeline must let go of the directory's lock before the new one takes it.
  fileprivate static func reopen(_ bench: InterruptedRunTests.Bench) throws -> Pipeline {
    let placeholder = try TemporaryDirectory()
    bench.pipeline = try Pipeline.open(placeholder.path)
    return try Pipeline.open(bench.directory)
  }
}
