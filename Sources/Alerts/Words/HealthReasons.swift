import Readings

/// Why something that is no leak was noted.
enum HealthReasons {
  static func sentences(_ s: EventStory, _ language: Language) -> [String] {
    let t = s.last.transition
    let onset = Figures.time(t.onset, s.last.calendar, language)
    var out = [language == .ja ? "いつから: \(onset) から。" : "Since when: \(onset).", why(t.kind, language)]
    if [.highUse, .plannedWork, .commonCause].contains(t.kind), t.excess.isFinite, t.excess > 0 {
      let (excess, volume) = (Figures.decimal(t.excess), Figures.decimal(t.volume))
      out.append(
        language == .ja
          ? "どれだけ: 平常より約 \(excess) m³/h 多く、合わせて約 \(volume) m³ でした。"
          : "How much: about \(excess) m³/h above usual, some \(volume) m³ in all.")
    }
    let (name, advice) = language == .ja ? HealthWords.text(t.kind).ja : HealthWords.text(t.kind).en
    if s.isOpen {
      out.append(advice)
    } else {
      let (when, lasted) = (Figures.time(t.time, s.last.calendar, language), Figures.duration(t.time.since(t.onset), language))
      out.append(language == .ja ? "終わり: \(name)は \(when) に終わりました（\(lasted)）。" : "End: \(name) ended at \(when), after \(lasted).")
    }
    return out.filter { !$0.isEmpty }
  }

  private static func why(_ kind: EventKind, _ language: Language) -> String {
    let (ja, en) = words(kind)
    return language == .ja ? "なぜ: " + ja : "Why: " + en
  }

  private static func words(_ kind: EventKind) -> (ja: String, en: String) {
    switch kind {
    case .gap:
      ("いつもの間隔を大きく過ぎても値が届きません。漏水の判定もできない状態です。", "no reading came for much longer than its usual interval; nothing can be judged meanwhile.")
    case .stuck:
      ("値が長い間まったく変わりません。このメーターの刻みの粗さでは説明できません。", "the value has not changed at all for longer than the meter's resolution explains.")
    case .outOfRange:
      ("メーターが示せる範囲の外の値が届きました。学習にも判定にも使っていません。", "values outside what the meter can show came; they are neither learnt nor judged.")
    case .spike:
      ("1 回だけ大きく外れた値で、前後は平常でした。漏水とは扱いません。", "a single value stood far out, with usual ones around it; it is not taken for a leak.")
    case .reset: ("積算値が前より小さくなりました。メーターの交換や電源断で起こります。", "the register fell below its last value, as after a replacement or a power cut.")
    case .reverseFlow: ("負の流量が続いています。このメーターでは逆流は許されていません。", "negative flow continues at a meter for which it is not allowed.")
    case .unitJump: ("値の大きさが一度に何十倍も変わりました。単位の設定が変わったときに起こります。", "values changed by a factor that a change of unit explains (×60, ×1000).")
    case .clockSkew: ("値に付いた時刻が実際と合いません。", "the times of the readings do not agree with their arrival.")
    case .lateFlush: ("何時間分もの値がまとめて届きました。時刻のとおりに並べて扱っています。", "hours of readings came at once; they were put in the order of their times.")
    case .sensorLimit: ("知らない名前のセンサーが増え、上限に達しました。", "sensors of unknown names grew to the limit.")
    case .highUse: ("流量が急に増え、漏水と判断するより前に平常に戻りました。", "flow rose and was back to usual before it would have been judged a leak.")
    case .commonCause:
      (
        "同じころ、多くのメーターが同じ割合で増えました。寒さや休日など共通の原因で、漏水ならその区域だけが増えます。",
        "most meters rose by the same share at the same time; a leak would show in its own zone only."
      )
    case .plannedWork:
      ("工事として記録された時間の流量です。判定にも学習にも使っていません。", "this is flow within a window of planned work; it is neither judged nor learnt.")
    case .burst, .incipient: ("", "")
    }
  }
}
