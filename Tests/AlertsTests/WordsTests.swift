import Foundation
import Readings
import Testing

@testable import Alerts

struct WordsTests {
  @Test func aLeakSaysWhereSinceWhenHowMuchAndWhatItCosts() {
    let ja = AlertWords(message(), .ja).text
    for part in ["漏水の疑い", "西町入口", "11月23日 02:10", "3.2 m³/h", "8.1 m³/h", "11.3 m³/h", "12.4 m³", "2,108 円", "次にすること"] {
      #expect(ja.contains(part), "\(part) in \(ja)")
    }
    let en = AlertWords(message(), .en).text
    for part in ["burst", "23 Nov 02:10", "3.2 m³/h", "¥2,108", "Next"] { #expect(en.contains(part), "\(part) in \(en)") }
  }

  @Test(arguments: EventKind.allCases, [EventChange.opened, .updated, .escalated, .closed])
  func everyTransitionHasWordsInBothLanguagesAndValidJSON(kind: EventKind, change: EventChange) throws {
    let m = message(kind, change)
    for language in Language.allCases {
      let w = AlertWords(m, language)
      #expect(!w.title.isEmpty && !w.lines.isEmpty)
      // A fault of a meter is never called a leak.
      if kind.isHealth { #expect(!w.title.contains("漏水") && !w.title.contains("leak")) }
    }
    for text in [m.logLine, m.webhookBody] {
      #expect(text.utf8.count < 20_000 && !text.contains("\n"))
      let o = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect((o["data"] as? [String: Any])?["zone"] as? String == "西町\"配水\"\\\n")
    }
  }

  /// A full table of sensors is no fault of a meter, and there is no meter to look at.
  @Test func whatTheServiceSaysOfItself() {
    let m = message(.sensorLimit, sensor: .service)
    #expect(AlertWords(m, .ja).title.hasPrefix("【お知らせ・センサー数の上限】") && AlertWords(m, .en).title.hasPrefix("[Notice: sensor limit reached]"))
    #expect(!AlertWords(m, .ja).text.contains("漏水") && !AlertWords(m, .en).text.contains("leak"))
    #expect(Notice.alert(m).link("http://box") == "http://box" && Notice.alert(message()).link("http://box") != "http://box")
    #expect(m.type == "sensor.fault" && message(.sensorLimit, .closed, sensor: .service).type == "sensor.recovered")
  }

  @Test func typesOfStandardWebhooks() {
    #expect(message(.burst, .opened).type == "leak.opened")
    #expect(message(.incipient, .escalated).type == "leak.updated")
    #expect(message(.burst, .closed).type == "leak.closed")
    #expect(message(.gap, .opened).type == "sensor.fault")
    #expect(message(.gap, .closed).type == "sensor.recovered")
    #expect(message(.highUse, .opened).type == nil)
  }

  @Test(arguments: [(0.0, "0.00"), (0.456, "0.46"), (-0.5, "-0.50"), (12.34, "12.3"), (9.96, "10.0"), (1e300, "–"), (.nan, "–")])
  func decimals(value: Double, text: String) { #expect(Figures.decimal(value) == text) }
}
