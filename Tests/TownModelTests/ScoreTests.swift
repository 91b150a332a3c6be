import Foundation
import Readings
import Testing

@testable import TownModel

/// Alerts against the truth of a town.
struct ScoreTests {
  private func town() throws -> Town {
    let yaml = """
      days: 60
      interval_s: 3600
      meters:
        - { id: top, zone: z, mean_m3h: 10 }
        - { id: low, zone: z, mean_m3h: 5, parent: top }
        - { id: big, zone: y, mean_m3h: 500 }
      events:
        - { kind: burst, meter: low, day: 20, hours: 48, flow_m3h: 3 }
        - { kind: incipient, meter: top, day: 30, hours: 240, flow_m3h: 2 }
        - { kind: burst, meter: big, day: 30, hours: 48, flow_m3h: 1 }
        - { kind: flushing, meter: top, day: 50, hours: 2, flow_m3h: 9 }
        - { kind: freeze, meter: low, day: 55, hours: 10, flow_m3h: 4 }
      """
    return Town(try Scenario(yaml: yaml, file: "t.yaml"), seed: 1)
  }

  private func score(_ alerts: [(Int, Double)]) throws -> TownScore {
    let town = try town()
    return TownScore(town, alerts: alerts.map { TownScore.Alert(meter: $0.0, time: town.time(day: $0.1)) })
  }

  @Test func aLeakIsFoundOnceAtAnyMeterThatShowsIt() throws {
    // The meter above comes first, the other is the same leak again.
    let s = try score([(1, 20.5), (0, 20.25), (0, 31), (0, 38)])
    #expect(s.events == 2 && s.found == 2 && s.detectionRate == 1 && s.falseAlarms == 0)
    #expect(s.leaks["burst"]?.hours == [6] && s.leaks["incipient"]?.medianHours == 24)
  }

  @Test func whatIsNoLeakIsAFalseAlarm() throws {
    let s = try score([(0, 3), (2, 40), (0, 50.1), (1, 22.2), (1, 23), (1, 55.1)])
    #expect(s.found == 0 && s.events == 2)
    // Not those while the baseline settles, up to six hours after a leak and in a freezing night.
    #expect(s.falseAlarms == 3 && s.causes == ["none": 2, "flushing": 1])
    #expect(s.falseAlarmsPerSensorYear == 3 / (46 * 3 / 365.25))
  }

  @Test func nothingFound() throws {
    let s = try score([])
    #expect(s.detectionRate == 0 && s.leaks["burst"]?.medianHours == nil)
    let json = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(s)) as? [String: Any])
    #expect(json["events"] as? Int == 2 && json["detection_rate"] as? Double == 0)
    #expect((json["kinds"] as? [String: [String: Any]])?["burst"]?["events"] as? Int == 1)
  }
}
