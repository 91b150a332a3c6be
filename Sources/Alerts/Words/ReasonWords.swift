import Readings

/// Why something was judged as it was: sentences for the one who has to decide what to do, with the figures that stood behind it.
public enum ReasonWords {
  public static func sentences(_ story: EventStory, _ language: Language) -> [String] {
    let kind = story.last.transition.kind
    guard kind.isLeak else { return HealthReasons.sentences(story, language) }
    return beginning(story, language) + size(story, language) + story.evidence.compactMap { EvidenceWords.why($0.mark, story, language) }
      + judgement(story, language) + cost(story, language) + course(story, language)
  }

  /// いつから
  private static func beginning(_ s: EventStory, _ language: Language) -> [String] {
    let (first, last) = (s.first.transition, s.last.transition)
    let calendar = s.last.calendar
    let (onset, told) = (Figures.time(last.onset, calendar, language), Figures.time(first.time, calendar, language))
    let after = Figures.duration(first.time.since(last.onset), language)
    var out = [
      language == .ja
        ? "いつから: \(onset) ごろから流量が平常より多くなりました（流量の変わり目からの推定）。\(told)、始まりから \(after)後に漏水の疑いと判断しました。"
        : "Since when: flow has been above usual since about \(onset), estimated from where the flow changed. It was judged a suspected leak at \(told), \(after) later."
    ]
    if abs(last.onset.since(last.firstOnset)) >= 3_600_000 {
      let old = Figures.time(last.firstOnset, calendar, language)
      out.append(
        language == .ja
          ? "はじめは \(old) ごろからと見ましたが、その後の値を加えて改めました。" : "The first estimate was about \(old); later readings corrected it.")
    }
    return out
  }

  /// どれだけ
  private static func size(_ s: EventStory, _ language: Language) -> [String] {
    let m = s.isOpen ? s.last : s.largest
    let t = m.transition
    let (expected, observed, excess) = (Figures.decimal(t.expected), Figures.decimal(t.observed), Figures.decimal(t.excess))
    let share = t.expected > 0 && t.excess / t.expected < 100 ? Int((t.excess / t.expected * 100).rounded()) : nil
    let percent = share.map { language == .ja ? "（平常の +\($0)%）" : " (+\($0)% of usual)" } ?? ""
    return [
      language == .ja
        ? "どれだけ: このメーターの、同じ曜日の種類・同じ時刻の平常は \(expected) m³/h ですが、\(observed) m³/h 流れています。差から見た漏水量は約 \(excess) m³/h\(percent)です。"
        : "How much: this meter usually shows \(expected) m³/h at this time of this kind of day; \(observed) m³/h flowed. The leak is about \(excess) m³/h\(percent)."
    ]
  }

  /// How sure it is.
  private static func judgement(_ s: EventStory, _ language: Language) -> [String] {
    let confidence = Int((max(0, min(1, s.last.transition.confidence)) * 100).rounded())
    return [
      language == .ja
        ? "確からしさ: \(confidence)%。使用の増加なら、時間とともに増減し夜には減ります。減らずに続くほど、また根拠が重なるほど、この値は高くなります。"
        : "Confidence: \(confidence)%. Use goes up and down and falls at night; the longer the excess stays, and the more evidence agrees, the higher this is."
    ]
  }

  /// 費用
  private static func cost(_ s: EventStory, _ language: Language) -> [String] {
    let m = s.last
    let (volume, yen) = (Figures.decimal(m.transition.volume), Figures.grouped(m.yen))
    let rate = m.yenPerCubicMetre
    let price = rate == rate.rounded() && abs(rate) < 1e9 ? Figures.grouped(Int(rate)) : Figures.decimal(rate)
    let lost =
      language == .ja
      ? "費用: これまでに失われた水は約 \(volume) m³、約 \(yen) 円です（1 m³ あたり \(price) 円で計算）。"
      : "Cost: some \(volume) m³ lost so far, about ¥\(yen) (at ¥\(price) a m³)."
    guard s.isOpen else { return [lost] }
    let (day, month) = (Figures.grouped(m.yenPerDay), Figures.grouped(m.yenPerDay * 30))
    return [
      lost + (language == .ja ? "このままだと 1 日に約 \(day) 円、30 日で約 \(month) 円になります。" : " At this rate ¥\(day) a day, ¥\(month) in 30 days.")
    ]
  }

  /// How it went on, and how it ended.
  private static func course(_ s: EventStory, _ language: Language) -> [String] {
    var out: [String] = []
    let steps = s.steps.filter { $0.transition.change == .escalated }
    if let step = steps.last {
      let when = Figures.time(step.transition.time, step.calendar, language)
      let size = Figures.decimal(step.transition.excess)
      out.append(
        language == .ja
          ? "拡大: 途中でさらに増えました（\(steps.count) 回、最後は \(when) に約 \(size) m³/h）。"
          : "It has grown by a further step (\(steps.count)×, last at \(when) to about \(size) m³/h).")
    }
    let t = s.last.transition
    if s.isOpen {
      out.append(
        t.isGrowing
          ? (language == .ja ? "この 1 日でさらに増えています。早めの対応をお勧めします。" : "It has grown over the last day: act soon.")
          : (language == .ja ? "この 1 日で増えてはいません。" : "It has not grown over the last day."))
    } else {
      let when = Figures.time(t.time, s.last.calendar, language)
      let lasted = Figures.duration(t.time.since(t.onset), language)
      out.append(
        language == .ja
          ? "終わり: \(LeakWords.ending(t, .ja))（\(when)、続いた時間 \(lasted)）。" : "End: \(LeakWords.ending(t, .en)) (\(when), after \(lasted)).")
    }
    return out
  }
}
