import Readings

extension AlertMessage {
  /// The `data` object, the same in the log and in webhooks.
  var dataJSON: String {
    let t = transition
    var o = JSONText()
    o.add("event", eventKey)
    o.add("id", transitionKey)
    o.add("sensor", sensor.description)
    o.add("municipality", names.municipality)
    o.add("zone", names.zone)
    o.add("name", names.sensor)
    o.add("kind", t.kind.code)
    o.add("change", t.change.code)
    o.add("escalated", t.change == .escalated)
    o.add("severity", t.severity.code)
    o.add("time", t.time.iso8601(offset: calendar.offset))
    o.add("onset", t.onset.iso8601(offset: calendar.offset))
    o.add("expected_m3h", t.expected)
    o.add("observed_m3h", t.observed)
    o.add("estimated_leak_m3h", t.excess)
    o.add("volume_m3", t.volume)
    o.add("yen", yen)
    o.add("yen_per_day", yenPerDay)
    o.add("confidence", t.confidence)
    o.add("growing", t.isGrowing)
    if let action = t.action { o.add("action", action.code) }
    o.add("evidence", t.evidence.codes)
    if let fall = t.pressure {
      o.add("pressure_drop_kpa", fall.size)
      if let pressureName { o.add("pressure_gauge", pressureName) }
      o.add("pressure_drop_time", fall.time.iso8601(offset: calendar.offset))
    }
    switch occasion {
    case .news: break
    case .reminder(let n): o.add("reminder", n)
    case .unacknowledged(let minutes): o.add("unacknowledged_minutes", minutes)
    }
    var text = JSONText()
    for language in Language.allCases { text.add(language.rawValue, AlertWords(self, language).text) }
    o.add("text", json: text.closed)
    return o.closed
  }

  /// One line of the JSON-lines log, without the line end.
  public var logLine: String {
    var o = JSONText()
    o.add("seq", Int(seq))
    o.add("type", type ?? "event.\(transition.change.code)")
    o.add("data", json: dataJSON)
    return o.closed
  }

  /// The body of a Standard Webhooks delivery (below 20 kB: names are bounded by the settings).
  public var webhookBody: String { Notice.alert(self).webhookBody }
}
