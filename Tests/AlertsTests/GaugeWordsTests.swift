import Foundation
import Readings
import Testing

@testable import Alerts

/// Pressure and cold in words.
struct GaugeWordsTests {
  private static func leak(_ size: Double = 25) -> AlertMessage {
    let m = message()
    var t = m.transition
    t.evidence = [.edge, .pressureDrop]
    t.pressure = PressureFall(slot: 3, time: t.onset.adding(seconds: 120), size: size)
    var out = AlertMessage(
      seq: 1, eventKey: m.eventKey, transitionKey: m.transitionKey, sensor: m.sensor, names: m.names, transition: t, yenPerCubicMetre: 170,
      calendar: .japan)
    out.pressureName = "末端水圧"
    return out
  }

  @Test func aLeakSaysWhenPressureFellAndByHowMuch() throws {
    let m = Self.leak()
    #expect(AlertWords(m, .ja).text.contains("11月23日 02:12 に「末端水圧」の水圧が 25 kPa 下がりました。"))
    #expect(AlertWords(m, .en).text.contains("Pressure at \"末端水圧\" fell by 25 kPa at 23 Nov 02:12."))
    let story = try #require(EventStory(steps: [m], upstream: nil, night: 60..<240))
    #expect(ReasonWords.sentences(story, .ja).contains { $0.hasPrefix("なぜ漏水か（水圧）: 11月23日 02:12 に") })
    #expect(ReasonWords.sentences(story, .en).contains { $0.contains("fell by 25 kPa at 23 Nov 02:12, as it does when") })
    #expect(AlertWords(Self.leak(150), .ja).text.contains("0.15 MPa"))
    // Without it there is no such sentence.
    #expect(!AlertWords(message(), .ja).text.contains("水圧"))
  }

  @Test func receiversGetItInFigures() throws {
    let o = try #require(try JSONSerialization.jsonObject(with: Data(Self.leak().webhookBody.utf8)) as? [String: Any])
    let data = try #require(o["data"] as? [String: Any])
    #expect(data["pressure_drop_kpa"] as? Double == 25 && data["pressure_drop_time"] as? String == "2026-11-23T02:12:00+09:00")
    #expect(data["pressure_gauge"] as? String == "末端水圧")
    let plain = try #require(try JSONSerialization.jsonObject(with: Data(message().webhookBody.utf8)) as? [String: Any])
    #expect((plain["data"] as? [String: Any])?["pressure_drop_kpa"] == nil)
  }

  @Test func aFallAloneAndAFrostAreToldToNobodyAndCalledNoLeak() {
    for kind in [EventKind.pressureFall, .freezing] {
      #expect(message(kind).type == nil && message(kind, .closed).type == nil)
      #expect(AlertWords(message(kind), .ja).title.contains("お知らせ"))
    }
  }

  @Test func aCommonCauseInAFrostHasItsName() throws {
    let m = message(.commonCause)
    var t = m.transition
    t.evidence = .freezing
    let frozen = AlertMessage(
      seq: 1, eventKey: "", transitionKey: "", sensor: m.sensor, names: m.names, transition: t, yenPerCubicMetre: 170, calendar: .japan)
    #expect(AlertWords(frozen, .ja).title.contains("凍結防止の水出し") && AlertWords(frozen, .en).title.contains("trickle"))
    #expect(!AlertWords(m, .ja).title.contains("凍結"))
    let story = try #require(EventStory(steps: [frozen], upstream: nil, night: 60..<240))
    #expect(HealthReasons.sentences(story, .ja).contains { $0.contains("凍結防止の水出し") })
  }
}
