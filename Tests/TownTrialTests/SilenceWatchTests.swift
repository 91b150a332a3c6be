import Readings
import Testing
import TownModel
import TownTrial

/// Where a scenario must stop so that a service that looks once a second notices silence.
struct SilenceWatchTests {
  private func stops(_ events: String) throws -> [TownReading] {
    let yaml = """
      municipality: t
      start: 2026-04-06
      days: 8
      interval_s: 600
      meters: [{ id: a, zone: z, mean_m3h: 12 }, { id: b, zone: y, mean_m3h: 9 }]
      events: [\(events)]
      """
    let town = Town(try Scenario(yaml: yaml, file: "t.yaml"), seed: 4)
    var watch = SilenceWatch(town)
    return town.readings.filter { watch.stops(before: $0) }
  }

  @Test func whereAllReportNothingStops() throws { #expect(try stops("").isEmpty) }

  /// Who sends what is refused is not silent; a clock that is ahead would make everybody else silent.
  @Test func neitherRefusedFlowNorAClockAheadStopsAnything() throws {
    #expect(try stops("{ kind: reverse, meter: a, day: 3.01, hours: 9 }").isEmpty)
    #expect(try stops("{ kind: gap, meter: a, day: 2, hours: 30 }, { kind: clock, meter: b, day: 5, hours: 9, minutes: 60 }").isEmpty)
  }

  @Test func eachSilenceStopsOnceAtAFullHour() throws {
    let gaps = [(meter: "a", day: 2.0, hours: 30.0), ("b", 5.01, 2), ("b", 6, 0.4)]
      .map { "{ kind: gap, meter: \($0.meter), day: \($0.day), hours: \($0.hours) }" }.joined(separator: ", ")
    let found = try stops(gaps)
    let start = try #require(Timestamp(iso8601: "2026-04-06T00:00:00+09:00"))
    #expect(found.map { $0.arrival.since(start) / 3_600_000 } == [49, 122], "\(found)")
  }
}
