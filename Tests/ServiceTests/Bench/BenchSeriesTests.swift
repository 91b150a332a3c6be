import Codecs
import Readings
import Settings
import TestSupport
import Testing

@testable import Service

/// The readings of a bench, and the moment at which their leak is found.
@Suite struct BenchSeriesTests {
  private let now = Timestamp(milliseconds: 1_795_395_601_000)

  @Test func itEndsBeforeNowAndNeverStandsStill() {
    let s = BenchSeries(now: now, learningDays: 14, leaky: 3)
    #expect(s.time(s.rounds) <= now.milliseconds)
    for round in 1..<s.rounds { #expect(s.time(round) - s.time(round - 1) == (round <= s.hourRounds ? 3_600_000 : 60_000)) }
  }

  @Test func payloadsDecodeToTheirValues() {
    let s = BenchSeries(now: now, learningDays: 14, leaky: 3)
    for round in stride(from: 0, to: s.rounds, by: 101) {
      var decoded: [DecodedReading] = []
      let error = Array(s.payload(7, round).utf8).withUnsafeBufferPointer {
        CanonicalDecoder().decode($0, quantity: .flow, now: now) { decoded.append($0) }
      }
      #expect(error == nil)
      #expect(decoded.first?.value == Double(s.hundredths(7, round)) / 100)
      #expect(decoded.first?.time?.milliseconds == s.time(round))
      #expect(decoded.first?.sequence == Int64(round))
    }
  }

  @Test func metersThatLeakAreAlikeAndOthersAreNot() {
    let s = BenchSeries(now: now, learningDays: 14, leaky: 3)
    #expect((0..<s.rounds).allSatisfy { s.hundredths(0, $0) == s.hundredths(2, $0) })
    #expect((0..<s.rounds).contains { s.hundredths(0, $0) != s.hundredths(3, $0) })
  }

  /// The reading that the detector alone names opens the event in the pipeline too, and none before it.
  @Test(arguments: [0, 7, 14, 30]) func thePipelineAgreesWithTheBrink(learningDays: Int) throws {
    let home = try TemporaryDirectory()
    var settings = MizumoriSettings()
    settings.detection.learningDays = learningDays
    let plan = try BenchPlan(settings: settings, directory: home.path, brokerPort: nil, seconds: 5, fleet: 200)
    var series = BenchSeries(now: Clocks.wall(), learningDays: learningDays, leaky: 2)
    series.leakRound = series.hourRounds + 90
    let id = try #require(SensorID(BenchSeries.id(0)))
    let rounds = try #require(BenchBrink.rounds(series, profiles: ProfileBook(plan.settings), id: id))
    let feed = try BenchFeed(plan.settings, series: series, meters: 3)
    for _ in 0..<(series.leakRound + rounds - 1) { try feed.play(0..<3) }
    #expect(feed.costs.readings == 3 * (series.leakRound + rounds - 1))
    for meter in 0..<3 {
      feed.receive(meter: meter, round: feed.round)
      #expect(feed.pipeline.wantsCommit == (meter < 2))
      #expect(try feed.pipeline.commit())
    }
  }

  @Test func theBackgroundKeepsItsPace() {
    var b = BenchBackground(meters: 5..<7, round: 40, pace: 60)
    var sent: [String] = []
    for now in stride(from: 100.0, to: 103.9, by: 0.01) { if let d = b.due(at: now) { sent.append("\(d.meter) \(d.round)") } }
    #expect(sent == ["5 40", "6 40", "5 41", "6 41"])
  }
}
