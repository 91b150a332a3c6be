import Readings

/// Leaks in words.
enum LeakWords {
  static func japanese(_ m: AlertMessage) -> (String, [String]) {
    let t = m.transition
    let kind = t.kind == .burst ? "突発" : "漸増"
    let place = "\(m.names.zone)（\(m.names.sensor)）"
    let onset = Figures.time(t.onset, m.calendar, .ja)
    let lost = "これまでの推定損失 \(Figures.decimal(t.volume)) m³（約 \(Figures.grouped(m.yen)) 円）"
    let flow = "平常 \(Figures.decimal(t.expected)) m³/h のところ、実測 \(Figures.decimal(t.observed)) m³/h"
    switch t.change {
    case .opened:
      return (
        "【漏水の疑い・\(kind)】\(place)",
        [
          "\(onset) ごろから、約 \(Figures.decimal(t.excess)) m³/h 増えています。", flow + percent(t, "（+", "%）") + "。",
          lost + "。このままだと 1 日に約 \(Figures.grouped(m.yenPerDay)) 円です。", evidence(t, .ja), m.fallSentence(.ja), nextStep(t, .ja),
        ].compactMap { $0 }
      )
    case .escalated:
      return (
        "【漏水の拡大】\(place)",
        ["さらに増え、約 \(Figures.decimal(t.excess)) m³/h になりました。", flow + "。", lost + "（\(onset) ごろから）。", nextStep(t, .ja)]
      )
    case .updated:
      return (
        "【漏水の続報】\(place)",
        [
          "\(onset) ごろから続いています。いま約 \(Figures.decimal(t.excess)) m³/h"
            + (t.isGrowing ? "、増えています。" : "、増えてはいません。"),
          flow + "。", lost + "。",
        ]
      )
    case .closed:
      return (
        "【漏水の終わり】\(place)",
        [
          ending(t, .ja) + "（\(Figures.time(t.time, m.calendar, .ja))）。",
          "始まり \(onset) ごろ、続いた時間 \(Figures.duration(t.time.since(t.onset), .ja))、" + lost + "。",
        ]
      )
    }
  }

  static func english(_ m: AlertMessage) -> (String, [String]) {
    let t = m.transition
    let kind = t.kind == .burst ? "burst" : "slow leak"
    let place = "\(m.names.zone) (\(m.names.sensor))"
    let onset = Figures.time(t.onset, m.calendar, .en)
    let lost = "Lost so far: \(Figures.decimal(t.volume)) m³ (about ¥\(Figures.grouped(m.yen)))"
    let flow = "Expected \(Figures.decimal(t.expected)) m³/h, observed \(Figures.decimal(t.observed)) m³/h"
    switch t.change {
    case .opened:
      return (
        "[Suspected \(kind)] \(place)",
        [
          "About \(Figures.decimal(t.excess)) m³/h more than usual since about \(onset).", flow + percent(t, " (+", "%)") + ".",
          lost + "; at this rate ¥\(Figures.grouped(m.yenPerDay)) a day.", evidence(t, .en),
          m.fallSentence(.en), nextStep(t, .en),
        ].compactMap { $0 }
      )
    case .escalated:
      return (
        "[Leak has grown] \(place)",
        ["A further step: now about \(Figures.decimal(t.excess)) m³/h.", flow + ".", lost + " (since about \(onset)).", nextStep(t, .en)]
      )
    case .updated:
      return (
        "[Leak goes on] \(place)",
        [
          "Since about \(onset); now about \(Figures.decimal(t.excess)) m³/h" + (t.isGrowing ? " and growing." : ", not growing."),
          flow + ".", lost + ".",
        ]
      )
    case .closed:
      return (
        "[Leak has ended] \(place)",
        [
          ending(t, .en) + " (\(Figures.time(t.time, m.calendar, .en))).",
          "Began about \(onset), lasted \(Figures.duration(t.time.since(t.onset), .en)). " + lost + ".",
        ]
      )
    }
  }

  /// Why an event ended: by itself, or since somebody said so.
  static func ending(_ t: Transition, _ language: Language) -> String {
    switch (t.action, language) {
    case (.repaired, .ja): "修理済と記録されました"
    case (.repaired, .en): "Recorded as repaired"
    case (.falseAlarm, .ja): "誤報と記録されました。このメーターのしきい値を少し上げます"
    case (.falseAlarm, .en): "Recorded as a false alarm; this meter's thresholds rise a little"
    case (.acceptAsNormal, .ja): "いまの流量を正常として学習します"
    case (.acceptAsNormal, .en): "The present flow is taken as the new normal"
    case (.plannedWork, .ja): "工事によるものと記録されました"
    case (.plannedWork, .en): "Recorded as caused by planned work"
    case (_, .ja): "流量が平常に戻りました"
    case (_, .en): "Flow is back to usual"
    }
  }

  private static func percent(_ t: Transition, _ before: String, _ after: String) -> String {
    guard t.expected > 0, t.excess.isFinite, t.excess / t.expected < 100 else { return "" }
    return before + String(Int((t.excess / t.expected * 100).rounded())) + after
  }

  private static func evidence(_ t: Transition, _ language: Language) -> String {
    let words: [(Evidence, String, String)] = [
      (.edge, "急な増加", "abrupt rise"), (.cusum, "急な増加（CUSUM）", "abrupt rise (CUSUM)"), (.sustainedShift, "増加が続いている", "sustained rise"),
      (.nightMinimum, "夜間最小流量が高い", "night minimum is high"), (.nightTrend, "夜間流量が日ごとに上昇", "night flow rises from night to night"),
      (.pressureDrop, "水圧の低下", "pressure fell"), (.parentMeter, "上流・下流のメーターにも同じ増加", "the meter above or below shows the same"),
    ]
    let found = words.filter { t.evidence.contains($0.0) }.map { language == .ja ? $0.1 : $0.2 }
    let confidence = Int((max(0, min(1, t.confidence)) * 100).rounded())
    switch language {
    case .ja: return "根拠: \(found.isEmpty ? "平常からの外れ" : found.joined(separator: "、"))（確からしさ \(confidence)%）。"
    case .en: return "Evidence: \(found.isEmpty ? "departure from usual" : found.joined(separator: ", ")) (confidence \(confidence)%)."
    }
  }

  private static func nextStep(_ t: Transition, _ language: Language) -> String {
    switch (t.kind, language) {
    case (.burst, .ja): "次にすること: 消火栓の使用・工事・断水作業がないかを確かめ、なければ区域内の巡視を。"
    case (.burst, .en): "Next: rule out hydrant use and works; otherwise send somebody to look in the zone."
    case (_, .ja): "次にすること: 夜間に区域の仕切弁ごとの流量を比べ、音聴調査の範囲を絞ってください。"
    case (_, .en): "Next: compare night flows valve by valve and narrow down the acoustic survey."
    }
  }
}
