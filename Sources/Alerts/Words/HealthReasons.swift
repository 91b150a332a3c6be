import Readings

/// Why something that is no leak was noted.
enum HealthReasons {
  static func sentences(_ s: EventStory, _ language: Language) -> [String] {
    let t = s.last.transition
    let onset = Figures.time(t.onset, s.last.calendar, language)
    let isFrozen = t.evidence.contains(.freezing)
    var out = [language == .ja ? "いつから: \(onset) から。" : "Since when: \(onset).", isFrozen ? frozen(language) : why(t.kind, language)]
    if t.kind == .pressureFall, let fall = s.last.fall(language) {
      out.append(language == .ja ? "どれだけ: 水圧が \(fall) 下がりました。" : "How much: pressure fell by \(fall).")
    }
    if let opened = s.steps.first?.transition, opened.evidence.contains(.deliveryRhythm) { out.append(rhythm(opened, language)) }
    if t.kind == .freezing { out += cold(s, language) }
    if [.highUse, .plannedWork, .commonCause].contains(t.kind), t.excess.isFinite, t.excess > 0 {
      let (excess, volume) = (Figures.decimal(t.excess), Figures.decimal(t.volume))
      out.append(
        language == .ja
          ? "どれだけ: 平常より約 \(excess) m³/h 多く、合わせて約 \(volume) m³ でした。"
          : "How much: about \(excess) m³/h above usual, some \(volume) m³ in all.")
    }
    let words = isFrozen ? HealthWords.frozen : HealthWords.text(t.kind)
    let (name, advice) = language == .ja ? words.ja : words.en
    if s.isOpen {
      out.append(advice)
    } else {
      let (when, lasted) = (Figures.time(t.time, s.last.calendar, language), Figures.duration(t.time.since(t.onset), language))
      out.append(language == .ja ? "終わり: \(name)は \(when) に終わりました（\(lasted)）。" : "End: \(name) ended at \(when), after \(lasted).")
    }
    return out.filter { !$0.isEmpty }
  }

  private static func frozen(_ language: Language) -> String {
    language == .ja
      ? "なぜ: 気温が下がった夜に、町の多くのメーターが 3 時間以上そろって増えました。凍結防止の水出しで、漏水ならその区域だけが増えます。"
      : "Why: on a freezing night most meters of the town have risen for three hours: taps that trickle. A leak would show in its own zone only."
  }

  /// Why a gap was told only then.
  private static func rhythm(_ opened: Transition, _ language: Language) -> String {
    let silence = Figures.duration(opened.time.since(opened.onset), language)
    return language == .ja
      ? "いつ知らせるか: ふだん値をためて、まとめて送ってくるロガーです。2 回分が届かないとわかるまで、\(silence)待って知らせました。"
      : "When it is told: this logger keeps its readings and sends them at once. It was told after \(silence), when two deliveries were missing."
  }

  /// How cold it was.
  private static func cold(_ s: EventStory, _ language: Language) -> [String] {
    let (lowest, limit) = (Figures.decimal(s.last.transition.observed), Figures.decimal(s.last.transition.expected))
    return [
      language == .ja
        ? "どれだけ: 気温が \(limit) °C 以下になりました（最低 \(lowest) °C）。" : "How much: it was \(limit) °C or below (lowest \(lowest) °C)."
    ]
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
    case .reverseFlow:
      (
        "負の流量が続いています。このメーターでは逆流は許されていないので、値は受け付けていません。",
        "negative flow continues at a meter for which it is not allowed; the values are refused."
      )
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
    case .freezing:
      (
        "気温が、凍結防止の水出しが始まる温度まで下がりました。この夜の増加は漏水の判定にも学習にも使いません。",
        "it is cold enough for people to let taps trickle; the night is neither judged nor learnt."
      )
    case .pressureFall:
      (
        "水圧が、この水圧計のふだんの揺れを超えて急に下がりました。流量が増えていなければ、弁やポンプの操作が考えられます。",
        "pressure fell faster than this gauge's variation explains; without a rise of flow a valve or a pump is likely."
      )
    case .burst, .incipient: ("", "")
    }
  }
}
