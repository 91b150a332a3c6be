import Readings

/// A label and its value.
struct SinkFact: Equatable {
  let label: String
  let value: String
}

/// A notice as chats show it: headline, a table of facts, and what to do.
struct SinkCard {
  /// What the headline's colour says.
  enum Tone { case alarm, caution, relief, neutral }

  let title: String
  let tone: Tone
  /// Where: names that people chose, so any text at all.
  private(set) var place: [SinkFact] = []
  /// Figures and fixed words only.
  private(set) var facts: [SinkFact] = []
  /// Sentences under the facts.
  private(set) var notes: [String] = []

  init(_ notice: Notice, _ language: Language) {
    switch notice {
    case .test(let t):
      (title, tone, notes) = (t.title(language), .neutral, [t.explanation(language)])
    case .group(let g):
      let words = GroupWords(g, language)
      let open = g.events.filter { $0.transition.change != .closed }
      title = words.title
      tone = open.isEmpty ? .relief : open.contains { $0.transition.kind.isLeak } ? .alarm : .caution
      notes = words.lines
    case .alert(let m):
      let words = AlertWords(m, language)
      let t = m.transition
      title = words.title
      tone = t.change == .closed ? .relief : t.kind.isLeak ? .alarm : .caution
      let labels = SinkLabels(language)
      place = [SinkFact(label: labels.zone, value: m.names.zone), SinkFact(label: labels.meter, value: m.names.sensor)]
      guard t.kind.isLeak else {
        facts = [SinkFact(label: labels.since, value: Figures.time(t.onset, m.calendar, language))]
        notes = words.lines
        return
      }
      facts = SinkCard.leakFacts(m, labels, language)
      takeIn(words.lines, labels, isClosed: t.change == .closed)
      notes += words.advice
    }
  }

  /// The sentences repeat the figures, except those that begin with a label of their own, and the first of an ending, which says why.
  private mutating func takeIn(_ lines: [String], _ labels: SinkLabels, isClosed: Bool) {
    for line in lines {
      if line.hasPrefix(labels.evidence + ": ") {
        facts.append(SinkFact(label: labels.evidence, value: String(line.dropFirst(labels.evidence.count + 2))))
      } else if line.hasPrefix(labels.next + ": ") {
        notes.append(line)
      }
    }
    if isClosed, let why = lines.first { notes.append(why) }
  }

  private static func leakFacts(_ m: AlertMessage, _ labels: SinkLabels, _ language: Language) -> [SinkFact] {
    let t = m.transition
    func rate(_ v: Double) -> String { Figures.decimal(v) + " m³/h" }
    let onset = SinkFact(label: labels.since, value: Figures.time(t.onset, m.calendar, language))
    let lost = SinkFact(label: labels.lost, value: Figures.decimal(t.volume) + " m³ / " + labels.yen(m.yen))
    guard t.change != .closed else {
      return [
        onset, SinkFact(label: labels.until, value: Figures.time(t.time, m.calendar, language)),
        SinkFact(label: labels.lasted, value: Figures.duration(t.time.since(t.onset), language)), lost,
      ]
    }
    var facts = [
      SinkFact(label: labels.leak, value: rate(t.excess)), onset,
      SinkFact(label: labels.flow, value: rate(t.expected) + " / " + rate(t.observed)), lost,
      SinkFact(label: labels.perDay, value: labels.yen(m.yenPerDay)),
    ]
    if let line = Sparkline.text(m.course) {
      let known = m.course.compactMap { $0 }
      let range = Figures.decimal(known.min() ?? 0) + "–" + rate(known.max() ?? 0)
      facts.append(SinkFact(label: labels.course(m.course.count), value: "\(line) \(range)"))
    }
    if t.change == .updated { facts.append(SinkFact(label: labels.trend, value: t.isGrowing ? labels.growing : labels.steady)) }
    return facts
  }
}

/// The words beside the figures. `evidence` and `next` are also how `AlertWords` begins those sentences.
struct SinkLabels {
  private let language: Language

  init(_ language: Language) { self.language = language }

  private func word(_ ja: String, _ en: String) -> String { language == .ja ? ja : en }

  var zone: String { word("区域", "Zone") }
  var meter: String { word("メーター", "Meter") }
  var leak: String { word("推定漏水量", "Estimated leak") }
  var since: String { word("いつから", "Since") }
  var until: String { word("いつまで", "Until") }
  var lasted: String { word("続いた時間", "Lasted") }
  var flow: String { word("平常 / 実測", "Expected / observed") }
  var lost: String { word("これまでの損失", "Lost so far") }
  var perDay: String { word("このままだと 1 日に", "A day at this rate") }
  func course(_ hours: Int) -> String { word("直近 \(hours) 時間", "Last \(hours) hours") }
  var trend: String { word("傾向", "Trend") }
  var growing: String { word("増えています", "growing") }
  var steady: String { word("増えてはいません", "not growing") }
  var evidence: String { word("根拠", "Evidence") }
  var next: String { word("次にすること", "Next") }
  var unshown: String { word("水守からの知らせがあります。", "There is an alert from Mizumori.") }
  var openPage: String { word("画面で見る", "Open the page") }

  func yen(_ n: Int) -> String { word("約 \(Figures.grouped(n)) 円", "about ¥\(Figures.grouped(n))") }
}

extension String {
  /// At most `limit` UTF-16 units, the way chats count, ending in `…` where something was cut off. Never splits a character.
  func clipped(_ limit: Int) -> String {
    guard utf16.count > limit else { return self }
    var out = ""
    var length = 1
    for c in self {
      length += c.utf16.count
      if length > limit { break }
      out.append(c)
    }
    return out + "…"
  }
}
