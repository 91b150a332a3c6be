import Readings
import Testing

@testable import Detection

/// What the meters of one utility tell about each other.
@Suite struct GroupTests {
  /// Merged by time, members in order.
  private func merged(_ meters: [Meter]) -> [Reading] {
    meters.enumerated().flatMap { n, m in
      var m = m
      m.slot = SensorSlot(n)
      m.seed = UInt64(n + 1)
      return m.readings()
    }.sorted { ($0.time, $0.slot) < ($1.time, $1.slot) }
  }

  private func run(_ meters: [Meter], profile: (Int) -> SensorProfile) -> [Transition] {
    var d = Detector()
    for n in meters.indices { _ = d.addSensor(profile(n)) }
    return d.run(merged(meters))
  }

  /// 8 m³/h behind a meter of 20 m³/h are 4 % of the outlet's 200 m³/h.
  @Test func aLeakThatDrownsInTheOutletsNoiseIsSeenThereThroughTheMeterBelow() throws {
    let leak: (Double) -> Double = { $0 >= 35.1 && $0 < 45 ? 8 : 0 }
    let outlet = Meter(days: 50, mean: 200, noise: 0.04, extra: leak)
    let zone = Meter(days: 50, mean: 20, extra: leak)
    let apart = run([outlet, zone]) { SensorProfile(group: Int32($0)) }
    let together = run([outlet, zone]) { SensorProfile(group: 1, parent: $0 == 1 ? 0 : nil) }
    let alone = apart.openedLeaks.first { $0.slot == 0 }.map { zone.day($0.time) } ?? .infinity
    let seen = try #require(together.openedLeaks.first { $0.slot == 0 })
    #expect(zone.day(seen.time) < min(alone, 37), "alone after day \(alone)")
    #expect(seen.evidence.contains(.parentMeter))
    #expect(abs(seen.excess - 8) < 3 && abs(zone.day(seen.onset) - 35.1) < 0.2)
    #expect(together.leaks.contains { $0.slot == 1 && $0.evidence.contains(.parentMeter) })
  }

  @Test func aLeakOfOneZoneIsNotSeenAtAMeterThatDoesNotFeedIt() {
    let zone = Meter(days: 50, mean: 20, extra: { $0 >= 35.1 && $0 < 45 ? 8 : 0 })
    let out = run([Meter(days: 50, mean: 60), zone]) { SensorProfile(group: 1, parent: $0 == 1 ? 0 : nil) }
    #expect(Set(out.openedLeaks.map(\.slot)) == [1])
  }

  /// Visitors: a third more from day 30 to 35, at all hours, in every zone.
  private var visited: [Meter] {
    (0..<4).map { n in
      var m = Meter(days: 45, mean: 10 + 5 * Double(n))
      let mean = m.mean
      m.extra = { day in day >= 30 && day < 35 ? 0.33 * mean * Meter.shape[Int(day * 24) % 24] : 0 }
      return m
    }
  }

  @Test func whatAllZonesShareIsOneCommonCauseAndNoLeak() throws {
    let apart = run(visited) { SensorProfile(group: Int32($0)) }
    #expect(apart.openedLeaks.count >= 2, "each meter alone takes it for a leak")
    let together = run(visited) { _ in SensorProfile(group: 7) }
    #expect(together.openedLeaks.isEmpty)
    let common = together.opened(.commonCause)
    #expect(common.count == 1)
    #expect((30...35).contains(visited[0].day(try #require(common.first).time)))
  }

  @Test func aLeakInOneOfFourZonesIsStillFound() throws {
    var meters = (0..<4).map { Meter(days: 45, mean: 10 + 5 * Double($0)) }
    meters[2].extra = { $0 >= 30.3 ? 3 : 0 }
    let apart = run(meters) { SensorProfile(group: Int32($0)) }
    let together = run(meters) { _ in SensorProfile(group: 7) }
    #expect(together.openedLeaks.map(\.slot) == [2])
    #expect(together.openedLeaks.map(\.time) == apart.openedLeaks.map(\.time))
  }

  @Test func membersOfAGroupStandInOneRing() {
    var d = Detector()
    for group: Int32 in [1, 2, 1, 3, 2, 1] { _ = d.addSensor(SensorProfile(group: group)) }
    func ring(_ from: Int) -> [Int] {
      var out = [from]
      while let next = out.last.map({ Int(d.states[$0].profile.nextInGroup) }), next != from { out.append(next) }
      return out.sorted()
    }
    #expect(ring(0) == [0, 2, 5] && ring(1) == [1, 4] && ring(3) == [3])
    d.setProfile(2, SensorProfile(group: 2))
    #expect(ring(0) == [0, 5] && ring(1) == [1, 2, 4])
    d.setProfile(0, SensorProfile(group: 3))
    #expect(ring(5) == [5] && ring(3) == [0, 3])
  }
}
