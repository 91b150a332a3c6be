import Readings
import Testing

@testable import Alerts

/// Why a leak was judged so, for the one who has to decide.
struct ReasonWordsTests {
  private static let begin = Timestamp(iso8601: "2026-11-23T02:10:00+09:00")!

  private static func step(
    _ change: EventChange, hours: Int64, excess: Double, _ evidence: Evidence, kind: EventKind = .burst, onset: Int64 = 0,
    action: ActionKind? = nil
  ) -> AlertMessage {
    let t = Transition(
      slot: 0, kind: kind, change: change, severity: .major, evidence: evidence, time: begin.adding(seconds: hours * 3600),
      onset: begin.adding(seconds: onset * 3600), firstOnset: begin, expected: 8.1, observed: 8.1 + excess, excess: excess,
      volume: excess * Double(hours), confidence: 0.87, isGrowing: change == .escalated, action: action)
    let id = SensorID("ina/nishi/m01/flow")!
    return AlertMessage(
      seq: 1, eventKey: "e", transitionKey: "t", sensor: id, names: PlaceNames(municipality: "伊那市", zone: "西町", sensor: "西町入口"),
      transition: t, yenPerCubicMetre: 170, calendar: .japan)
  }

  private static func words(_ steps: [AlertMessage], upstream: String? = nil, _ language: Language) throws -> String {
    let story = try #require(EventStory(steps: steps, upstream: upstream, night: 60..<240))
    return ReasonWords.sentences(story, language).joined(separator: "\n")
  }

  @Test func anOpenLeakSaysSinceWhenHowMuchWhyAndWhatItCosts() throws {
    let steps = [
      Self.step(.opened, hours: 2, excess: 3.2, [.edge]),
      Self.step(.updated, hours: 30, excess: 3.4, [.edge, .nightMinimum, .parentMeter]),
    ]
    let ja = try Self.words(steps, upstream: "配水池出口", .ja)
    for part in [
      "11月23日 02:10 ごろから", "11月23日 04:10", "2時間0分後", "8.1 m³/h", "11.5 m³/h", "約 3.4 m³/h（平常の +42%）", "急な増加", "夜間最小流量", "1:00〜4:00",
      "「配水池出口」", "87%", "102.0 m³", "17,340 円", "170 円", "13,872 円", "416,160 円", "増えてはいません",
    ] { #expect(ja.contains(part), "\(part) in \(ja)") }
    // What did not speak for it is not named, and nothing has ended.
    for part in ["CUSUM", "水圧", "終わり:", "はじめは"] { #expect(!ja.contains(part), "\(part) in \(ja)") }
    let en = try Self.words(steps, upstream: "reservoir outlet", .en)
    for part in ["23 Nov 02:10", "3.4 m³/h (+42% of usual)", "1:00–4:00", "\"reservoir outlet\"", "¥17,340", "at ¥170 a m³", "87%"] {
      #expect(en.contains(part), "\(part) in \(en)")
    }
  }

  /// Each statistic has its reason in words that need no statistics.
  @Test(arguments: [
    (Evidence.cusum, "CUSUM", "CUSUM"), (.sustainedShift, "続く増加", "sustained rise"), (.nightTrend, "夜間流量の上昇", "rising nights"),
    (.pressureDrop, "水圧", "pressure"), (.edge, "階段", "stair"), (.nightMinimum, "夜間最小流量", "minimum night flow"),
    (.parentMeter, "上流・下流", "upstream, downstream"),
  ])
  func everyStatisticIsExplained(mark: Evidence, ja: String, en: String) throws {
    let steps = [Self.step(.opened, hours: 2, excess: 3, mark, kind: .incipient)]
    #expect(try Self.words(steps, .ja).contains(ja) && Self.words(steps, .en).contains(en))
    // And only that one.
    #expect(try Self.words(steps, .ja).ranges(of: "なぜ漏水か").count == 1)
  }

  @Test func aRevisedOnsetASecondStepAndTheEndAreTold() throws {
    let steps = [
      Self.step(.opened, hours: 6, excess: 2, [.cusum]), Self.step(.escalated, hours: 20, excess: 5, [.cusum], onset: -3),
      Self.step(.closed, hours: 50, excess: 0, [], onset: -3, action: .repaired),
    ]
    let ja = try Self.words(steps, .ja)
    for part in ["11月22日 23:10 ごろから", "はじめは 11月23日 02:10", "さらに増えました（1 回", "約 5.0 m³/h", "修理済と記録", "2日5時間"] {
      #expect(ja.contains(part), "\(part) in \(ja)")
    }
    // The cost of a leak that has ended has no rate.
    #expect(!ja.contains("このままだと"))
    #expect(try Self.words(steps, .en).contains("Recorded as repaired"))
  }

  /// A fault of a meter has reasons too, and none of them is a leak.
  @Test(arguments: EventKind.allCases.filter { !$0.isLeak }, [EventChange.opened, .closed])
  func whatIsNoLeakIsExplainedToo(kind: EventKind, change: EventChange) throws {
    for language in Language.allCases {
      let text = try Self.words([Self.step(change, hours: 3, excess: 1, [.health], kind: kind)], language)
      #expect(text.contains(language == .ja ? "なぜ: " : "Why: ") && text.contains(language == .ja ? "いつから" : "Since when"))
      #expect(!text.contains("なぜ漏水か") && !text.contains("nan"))
    }
  }

  @Test func aGapOfALoggerThatSendsSeldomSaysWhyItIsToldOnlyNow() throws {
    let steps = [Self.step(.opened, hours: 13, excess: 0, [.health, .deliveryRhythm], kind: .gap)]
    #expect(try Self.words(steps, .ja).contains("2 回分が届かない") && Self.words(steps, .ja).contains("13時間0分待って"))
    #expect(try Self.words(steps, .en).contains("after 13 h 0 min, when two deliveries were missing"))
    #expect(try !Self.words([Self.step(.opened, hours: 1, excess: 0, .health, kind: .gap)], .ja).contains("2 回分"))
  }

  @Test func withoutAStepThereIsNoStory() { #expect(EventStory(steps: [], upstream: nil, night: 60..<240) == nil) }
}
