import Readings
import Testing
import TownModel
import TownTrial

/// The detector over a town, in memory.
struct OfflineTrialTests {
  private func town(_ yaml: String) throws -> Town {
    let head = "municipality: t\nstart: 2026-04-06\ndays: 40\ninterval_s: 600\n"
    return Town(try Scenario(yaml: head + yaml, file: "t.yaml"), seed: 4)
  }

  private static let burst = """
    meters: [{ id: a, zone: z, mean_m3h: 12 }, { id: b, zone: y, mean_m3h: 9 }]
    events: [{ kind: burst, meter: a, day: 30.2, hours: 60, flow_m3h: 6 }]

    """

  @Test func aBurstIsFoundAndTheSameTownIsToldTheSame() throws {
    let town = try town(Self.burst)
    let alerts = OfflineTrial(town).run()
    let score = TownScore(town, alerts: alerts)
    #expect(score.found == 1 && score.falseAlarms == 0, "\(alerts)")
    #expect(alerts == OfflineTrial(town).run())
  }

  @Test func plannedWorkHidesWhatPeopleKnowOf() throws {
    let known = try town(
      Self.burst + "people: [{ action: planned_work, meter: a, day: 20, begins: 30, hours: 72 }]")
    let alerts = OfflineTrial(known).run()
    let leaks = alerts.filter { $0.kind.isLeak && $0.place == .meter(0) }
    #expect(leaks.isEmpty, "\(alerts)")
    #expect(alerts.contains { $0.kind == .plannedWork && $0.place == .meter(0) })
  }

  @Test func aTotalizerIsJudgedByWhatItCounts() throws {
    let town = try town(
      """
      meters: [{ id: a, zone: z, mean_m3h: 12, register: true }]
      events: [{ kind: burst, meter: a, day: 30.2, hours: 60, flow_m3h: 6 }, { kind: replaced, meter: a, day: 22, hours: 1 }]
      """)
    let alerts = OfflineTrial(town).run()
    let score = TownScore(town, alerts: alerts)
    #expect(score.found == 1 && score.falseAlarms == 0 && score.faults["replaced"]?.found == 1, "\(alerts)")
  }

  /// The service refuses flow below 0 and tells of it: the meter is not silent.
  @Test func aMeterTheWrongWayRoundIsReverseFlow() throws {
    let town = try town(
      "meters: [{ id: a, zone: z, mean_m3h: 12 }, { id: b, zone: y, mean_m3h: 9 }]\n"
        + "events: [{ kind: reverse, meter: a, day: 30.2, hours: 10 }]")
    let told = OfflineTrial(town).run().filter { $0.place == .meter(0) && $0.kind.isHealth }
    #expect(told.map(\.kind) == [.reverseFlow], "\(told)")
  }

  @Test func doubledMessagesChangeNothing() throws {
    let plain = try town(Self.burst)
    let doubled = try town(
      Self.burst.replacing("events: [", with: "events: [{ kind: duplicate, meter: a, day: 5, hours: 600 }, "))
    #expect(doubled.readings.count > plain.readings.count)
    #expect(OfflineTrial(doubled).run() == OfflineTrial(plain).run())
  }

  @Test func aZoneIsJudgedByItsNetInflow() throws {
    let town = try town(
      """
      meters:
        - { id: a, zone: z, mean_m3h: 8 }
        - { id: b, zone: z, mean_m3h: 6 }
      events: [{ kind: burst, meter: a, day: 30.2, hours: 60, flow_m3h: 7 }]
      """)
    #expect(OfflineTrial(town).run().contains { $0.kind.isLeak && $0.place == .zone("z") })
  }
}
