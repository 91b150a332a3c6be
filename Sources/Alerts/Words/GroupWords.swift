import Readings

/// A group in words.
struct GroupWords {
  /// Events named one by one; the rest is a number.
  private static let named = 10
  /// From so many meters on, a common cause is likelier than as many leaks.
  private static let manyMeters = 10
  private static let longestName = 40

  let title: String
  let lines: [String]

  var text: String { ([title] + lines).joined(separator: "\n") }

  init(_ g: GroupNotice, _ language: Language) {
    let events = g.events
    let isJapanese = language == .ja
    if g.isDigest, let m = g.messages.first {
      let openings = g.messages.count { $0.transition.change == .opened }
      let kind = KindWords.name(m.transition.kind, language)
      let place = GroupWords.place(m, language)
      let first = Figures.time(m.transition.time, m.calendar, language)
      let last = Figures.time(g.time, m.calendar, language)
      title = isJapanese ? "【くり返し・\(kind)】\(place)" : "[Comes and goes: \(kind)] \(place)"
      lines = [
        isJapanese
          ? "\(first) から \(last) までに \(openings) 回ありました。何度もくり返すため、まとめてお知らせします。"
          : "\(openings) times from \(first) to \(last). It comes and goes, so these are told together.",
        GroupWords.line(events[0], language),
      ]
      return
    }
    let counts = GroupWords.counts(events, language)
    title = (isJapanese ? "【まとめ】" : "[\(events.count) at once] ") + counts
    var lines = events.prefix(GroupWords.named).map { GroupWords.line($0, language) }
    if events.count > GroupWords.named {
      let rest = events.count - GroupWords.named
      lines.append(isJapanese ? "ほか \(rest) 件。" : "and \(rest) more.")
    }
    if Set(events.filter { $0.transition.change != .closed }.map(\.sensor)).count >= GroupWords.manyMeters {
      lines.append(
        isJapanese
          ? "多くのメーターで同時に起きています。停電、通信の障害、断水、凍結など、共通の原因も考えられます。"
          : "Many meters at once: a common cause (power, network, works, frost) is possible.")
    }
    self.lines = lines
  }

  /// `漏水の疑い 3 件、通信断 12 件、終わり 2 件`
  static func counts(_ events: [AlertMessage], _ language: Language) -> String {
    var parts: [(name: String, n: Int)] = []
    for m in events {
      let t = m.transition
      let ended = language == .ja ? "終わり・復旧" : "ended"
      let leak = language == .ja ? "漏水の疑い" : "suspected leak"
      let name = t.change == .closed ? ended : t.kind.isLeak ? leak : KindWords.name(t.kind, language)
      if let i = parts.firstIndex(where: { $0.name == name }) { parts[i].n += 1 } else { parts.append((name, 1)) }
    }
    return parts.map { language == .ja ? "\($0.name) \($0.n) 件" : "\($0.name): \($0.n)" }.joined(separator: language == .ja ? "、" : ", ")
  }

  private static func line(_ m: AlertMessage, _ language: Language) -> String {
    let t = m.transition
    let kind = KindWords.name(t.kind, language)
    let size = t.kind.isLeak && t.change != .closed ? " \(language == .ja ? "約" : "about") \(Figures.decimal(t.excess)) m³/h" : ""
    let since = Figures.time(t.onset, m.calendar, language)
    let end = t.change == .closed ? (language == .ja ? "、終わりました" : ", ended") : ""
    return "・\(place(m, language)): \(kind)\(size)" + (language == .ja ? "（\(since) から\(end)）" : " (since \(since)\(end))")
  }

  private static func place(_ m: AlertMessage, _ language: Language) -> String {
    let (zone, sensor) = (m.names.zone.clipped(longestName), m.names.sensor.clipped(longestName))
    return language == .ja ? "\(zone)（\(sensor)）" : "\(zone) (\(sensor))"
  }
}
