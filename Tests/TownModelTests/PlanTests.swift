import Readings
import Testing

@testable import TownModel

/// Scenarios that are drawn from the answers to a few questions.
struct PlanTests {
  @Test(arguments: [false, true], [false, true])
  func givesAScenarioThatRuns(tourism: Bool, cold: Bool) throws {
    var plan = TownPlan()
    (plan.hasTourism, plan.isCold, plan.isLoRaWAN, plan.interval, plan.days) = (tourism, cold, cold, 3600, 60)
    let yaml = plan.yaml(seed: 7)
    #expect(yaml == plan.yaml(seed: 7) && yaml != plan.yaml(seed: 8))
    let s = try Scenario(yaml: yaml, file: "plan.yaml")
    #expect(s.meters.count == plan.meters + plan.largeUsers && Set(s.meters.map(\.zone)).count == plan.zones)
    #expect(s.events.contains { $0.kind == .freeze } == cold && s.events.contains { $0.kind == .tourist } == tourism)
    #expect(s.events.contains { $0.kind.isLeak } && s.dialect == (cold ? .tts : .canonical))
    let town = Town(s, seed: 7)
    // 2500 households use some 20 m³/h, and the large user 2 to 8.
    let use = town.dailyUse.reduce(0, +) / Double(s.days) / 24
    #expect((0.6...2).contains(use / (2500 * Households.meanFlow + 5)), "\(use) m³/h")
    let perMeter = s.days * 24
    #expect(cold ? town.readings.count < perMeter * s.meters.count : town.readings.count == perMeter * s.meters.count)
  }

  @Test func thousandsOfMeters() throws {
    var plan = TownPlan()
    (plan.zones, plan.meters, plan.households, plan.interval, plan.days) = (100, 2000, 100_000, 3600, 28)
    let s = try Scenario(yaml: plan.yaml(seed: 1), file: "plan.yaml")
    let town = Town(s, seed: 1)
    #expect(town.readings.count == s.meters.count * 28 * 24 && s.meters.count == 2001)
    #expect(Set(town.labels.map(\.meter)).count > 100)
  }

  @Test func whatIsOutOfRangeIsSaid() {
    var plan = TownPlan()
    #expect(plan.problem == nil)
    plan.meters = 2
    #expect(plan.problem == "meters: 3…5000")
    (plan.meters, plan.interval, plan.days) = (5000, 60, 730)
    #expect(plan.problem?.contains("readings") == true)
  }
}
