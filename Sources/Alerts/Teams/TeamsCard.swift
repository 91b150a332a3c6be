/// The adaptive card, version 1.4 of the schema.
///
/// Free text stands in text runs, which know no Markdown (schema, TextRun): a meter's name cannot become a link or a list. The fact set,
/// whose values are Markdown, holds figures and fixed words only.
enum TeamsCard {
  private static let longestName = 200
  private static let longestText = 1000

  static func json(_ card: SinkCard, _ language: Language, link: String?) -> String {
    var body = [richText(card.title, size: "large", weight: "bolder", color: color(card.tone))]
    body += card.place.map { richText("\($0.label): \($0.value.clipped(longestName))") }
    if !card.facts.isEmpty { body.append(factSet(card.facts)) }
    body += card.notes.map { richText($0) }
    var o = JSONText()
    o.add("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
    o.add("type", "AdaptiveCard")
    o.add("version", "1.4")
    o.add("lang", language.rawValue)
    // Markdown too, for clients that know no 1.4.
    o.add("fallbackText", SinkLabels(language).unshown)
    o.add("body", json: JSONText.list(body))
    if let link { o.add("actions", json: JSONText.list([open(link, SinkLabels(language).openPage)])) }
    o.add("msteams", json: #"{"width":"Full"}"#)
    return o.closed
  }

  private static func richText(_ text: String, size: String? = nil, weight: String? = nil, color: String? = nil) -> String {
    var run = JSONText()
    run.add("type", "TextRun")
    run.add("text", text.clipped(longestText))
    if let size { run.add("size", size) }
    if let weight { run.add("weight", weight) }
    if let color { run.add("color", color) }
    var block = JSONText()
    block.add("type", "RichTextBlock")
    block.add("inlines", json: JSONText.list([run.closed]))
    return block.closed
  }

  private static func factSet(_ facts: [SinkFact]) -> String {
    let items = facts.map { fact in
      var o = JSONText()
      o.add("title", fact.label)
      o.add("value", fact.value)
      return o.closed
    }
    var o = JSONText()
    o.add("type", "FactSet")
    o.add("facts", json: JSONText.list(items))
    return o.closed
  }

  private static func open(_ url: String, _ title: String) -> String {
    var o = JSONText()
    o.add("type", "Action.OpenUrl")
    o.add("title", title)
    o.add("url", url)
    return o.closed
  }

  private static func color(_ tone: SinkCard.Tone) -> String {
    switch tone {
    case .alarm: "attention"
    case .caution: "warning"
    case .relief: "good"
    case .neutral: "default"
    }
  }
}
