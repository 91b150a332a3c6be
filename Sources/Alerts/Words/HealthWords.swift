import Readings

/// Faults of meters and lines in words. They are never called leaks.
enum HealthWords {
  /// Whether a meter or its line is at fault.
  private static func isFault(_ k: EventKind) -> Bool { k.isHealth && k != .sensorLimit }

  static func japanese(_ m: AlertMessage) -> (String, [String]) {
    let t = m.transition
    let place = "\(m.names.zone)（\(m.names.sensor)）"
    let since = Figures.time(t.onset, m.calendar, .ja)
    var (name, advice) = text(t.kind).ja
    if t.evidence.contains(.freezing) { (name, advice) = frozen.ja }
    if t.evidence.contains(.deliveryRhythm) { advice = "まとめて送るロガーの 2 回分が届いていません。" + advice }
    if let fall = m.fall(.ja) { advice = "水圧が \(fall) 下がりました。" + advice }
    if t.change == .closed {
      return ("【\(isFault(t.kind) ? "復旧" : "終わり")・\(name)】\(place)", ["\(Figures.time(t.time, m.calendar, .ja)) に正常に戻りました（\(since) から）。"])
    }
    return ("【\(isFault(t.kind) ? "機器の異常" : "お知らせ")・\(name)】\(place)", ["\(since) から。" + (isFault(t.kind) ? "漏水ではありません。" : ""), advice])
  }

  static func english(_ m: AlertMessage) -> (String, [String]) {
    let t = m.transition
    let place = "\(m.names.zone) (\(m.names.sensor))"
    let since = Figures.time(t.onset, m.calendar, .en)
    var (name, advice) = text(t.kind).en
    if t.evidence.contains(.freezing) { (name, advice) = frozen.en }
    if t.evidence.contains(.deliveryRhythm) { advice = "Two deliveries of this logger are missing. " + advice }
    if let fall = m.fall(.en) { advice = "Pressure fell by \(fall). " + advice }
    if t.change == .closed {
      return ("[Recovered: \(name)] \(place)", ["Back to normal at \(Figures.time(t.time, m.calendar, .en)) (since \(since))."])
    }
    return (
      "[\(isFault(t.kind) ? "Meter fault" : "Notice"): \(name)] \(place)",
      ["Since \(since)." + (isFault(t.kind) ? " Not a leak." : ""), advice]
    )
  }

  /// A common cause in a freezing night.
  static let frozen: (ja: (String, String), en: (String, String)) = (
    ("凍結防止の水出し", "凍結のおそれがある夜に、多くの区域で同じころから増えています。漏水とは扱いません。"),
    ("taps left to trickle against frost", "Most zones rose on a freezing night. It is not taken for a leak.")
  )

  /// What it is called, and what to do.
  static func text(_ kind: EventKind) -> (ja: (String, String), en: (String, String)) {
    switch kind {
    case .gap:
      (("通信断", "電池、アンテナ、ゲートウェイ、ブローカーへの接続を確かめてください。"), ("no readings", "Check battery, antenna, gateway and broker connection."))
    case .stuck:
      (("指示の固着", "メーターの発信器と配線を確かめてください。"), ("stuck value", "Check the meter's transmitter and wiring."))
    case .outOfRange:
      (("範囲外の値", "メーターの口径と設定の範囲を確かめてください。"), ("value out of range", "Check the meter size and the range in the settings."))
    case .spike: (("単発の異常値", "続くようなら配線の雑音を疑ってください。"), ("single spike", "If it recurs, suspect noise on the line."))
    case .reset: (("積算値の戻り", "メーター交換や電源断がなかったか確かめてください。"), ("totalizer reset", "Was the meter replaced or powered off?"))
    case .reverseFlow: (("逆流", "逆止弁と配水池の水位を確かめてください。"), ("reverse flow", "Check the non-return valve and the reservoir level."))
    case .unitJump: (("単位の変化", "発信器の単位の設定を確かめてください。"), ("unit changed", "Check the unit setting of the transmitter."))
    case .clockSkew: (("時計のずれ", "発信器の時計を合わせてください。"), ("clock skew", "Set the clock of the transmitter."))
    case .lateFlush: (("遅れてまとめて届いた値", "ゲートウェイの回線を確かめてください。"), ("readings came late", "Check the uplink of the gateway."))
    case .sensorLimit:
      (
        ("センサー数の上限", "新しいセンサーの値を受け付けていません。名前をでたらめに変える機器がないか確かめ、必要なら limits.max_sensors を上げて再起動してください。"),
        ("sensor limit reached", "New sensors are refused. Look for a device that invents names, or raise limits.max_sensors and restart.")
      )
    case .highUse: (("一時的な使用増", "短い時間で終わったため、漏水とは扱いません。"), ("short high use", "It ended soon and is not taken for a leak."))
    case .commonCause: (("多くの区域に共通の増加", "寒さ、暑さ、祝日などが考えられます。"), ("rise common to most zones", "Weather or a holiday is likely."))
    case .plannedWork: (("工事", "この間の流量は、漏水の判定にも学習にも使いません。"), ("planned work", "Flow in this time is neither judged nor learnt."))
    case .freezing:
      (
        ("凍結モード", "凍結防止の水出しが見込まれます。夜の増加は漏水の判定にも学習にも使いません。解けたあとは、小さな漏水に注意してください。"),
        ("freeze mode", "Taps are left to trickle: what nights show is neither judged nor learnt. After the thaw look for small leaks.")
      )
    case .pressureFall:
      (
        ("水圧の低下", "これだけでは漏水とは扱いません。同じころに流量が増えていれば、漏水の判断を早めます。"),
        ("fall of pressure", "Alone it is not taken for a leak. If flow rises at the same time, a leak is told sooner.")
      )
    case .burst, .incipient: (("漏水", ""), ("leak", ""))
    }
  }
}
