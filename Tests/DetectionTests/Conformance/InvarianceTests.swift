import Detection
import Readings
import Testing

/// The unit of flow, the week and the time zone do not matter: exactly, not nearly.
@Suite struct InvarianceTests {
  /// Powers of two scale binary fractions without rounding.
  @Test(arguments: zip(UInt64(1)...8, [0x1p-7, 0.25, 4, 1024, 0x1p-4, 0.5, 64, 1024])) func unitOfFlowDoesNotMatter(
    seed: UInt64, scale: Double
  ) {
    let scenario = Scenario.random(seed)
    let readings = scenario.readings()
    var settings = DetectorSettings()
    var d = scenario.detector(settings: settings)
    let expected = d.run(readings).map { $0.scaled(scale) }
    settings.minimumLeak *= scale
    var scaled = scenario.detector(settings: settings)
    let got = scaled.run(readings.map { Reading(slot: $0.slot, time: $0.time, arrival: $0.arrival, value: $0.value * scale) })
    #expect(!expected.isEmpty)
    #expect(difference(got, expected) == nil)
  }

  /// Before 1973 the calendar knows no holidays, and from 4 January to 12 August no customary rest days: 31 weeks that are alike.
  @Test(arguments: UInt64(1)...8) func weekDoesNotMatter(seed: UInt64) throws {
    var scenario = Scenario.random(seed)
    scenario.start = try #require(Timestamp(iso8601: "1970-01-05T00:00:00+09:00"))
    let readings = scenario.readings()
    let expected = scenario.judge(readings)
    #expect(!expected.isEmpty)
    for weeks in [1, Int64(2 + 3 * seed)] {
      let shift = weeks * 7 * 86_400_000
      let last = try #require(readings.last).time.adding(milliseconds: shift)
      #expect(last < (try #require(Timestamp(iso8601: "1970-08-13T00:00:00+09:00"))))
      let later = scenario.judge(readings.map { $0.shifted(shift) })
      #expect(difference(later, expected.map { $0.shifted(shift) }) == nil, "\(weeks) weeks later")
    }
  }

  @Test(arguments: zip(UInt64(1)...6, [-12, -9, -1, 1, 3, 5])) func timeZoneDoesNotMatter(seed: UInt64, hours: Int) {
    let scenario = Scenario.random(seed)
    let readings = scenario.readings()
    let shift = Int64(-hours) * 3_600_000
    var d = scenario.detector(calendar: LocalCalendar(offset: LocalCalendar.japan.offset + hours * 3600))
    let got = d.run(readings.map { $0.shifted(shift) })
    #expect(difference(got, scenario.judge(readings).map { $0.shifted(shift) }) == nil)
  }
}

extension Reading {
  fileprivate func shifted(_ ms: Int64) -> Reading {
    Reading(slot: slot, time: time.adding(milliseconds: ms), arrival: arrival.adding(milliseconds: ms), value: value)
  }
}

extension Transition {
  fileprivate func shifted(_ ms: Int64) -> Transition {
    var t = self
    t.time = time.adding(milliseconds: ms)
    t.onset = onset.adding(milliseconds: ms)
    t.firstOnset = firstOnset.adding(milliseconds: ms)
    return t
  }

  fileprivate func scaled(_ scale: Double) -> Transition {
    var t = self
    t.expected *= scale
    t.observed *= scale
    t.excess *= scale
    t.volume *= scale
    return t
  }
}
