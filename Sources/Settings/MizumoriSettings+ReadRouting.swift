import Readings

extension MizumoriSettings.Routing {
  /// - Parameter isForPeople: people get groups and reminders unless the settings say otherwise, programs each message.
  init(reading s: inout SettingsSection, isForPeople: Bool) {
    minimumSeverity = s.choice("min_severity", SeverityName.self)?.severity ?? minimumSeverity
    kinds = MizumoriSettings.Routing.kinds(&s)
    zones = s.zones(levels: 1...2, japanese: "「市町村」か「市町村/区域」を書いてください", english: "municipality or municipality/zone")
    hours = s.hours("hours")
    quietHours = s.hours("quiet_hours")
    quietPass = s.choice("quiet_pass", QuietPassName.self)?.severity ?? quietPass
    isGrouping = s.bool("group") ?? isForPeople
    groupWaitSeconds = s.integer("group_wait_s", 0...300) ?? groupWaitSeconds
    repeatHours = s.integer("repeat_h", 0...720) ?? (isForPeople ? repeatHours : 0)
    unacknowledgedMinutes = s.integer("unacknowledged_min", 0...10_080) ?? unacknowledgedMinutes
  }

  private static func kinds(_ s: inout SettingsSection) -> Set<EventKind>? {
    let known = EventKind.allCases.filter { $0.isLeak || $0.isHealth }.map(\.code)
    return s.words("kinds", among: known, japanese: "事象", english: "kind of event").map { Set($0.compactMap(EventKind.init(code:))) }
  }
}

extension SettingsSection {
  /// Spans of the day like `"22:00-06:00"` or `"workdays 08:30-17:15"`, one or a list; nil when the key is not set.
  mutating func hours(_ key: String) -> WeeklyHours? {
    guard let value = value(key) else { return nil }
    let written = value.scalar.map { [(text: $0, place: value.place)] } ?? strings(key) ?? []
    var spans: [WeeklyHours.Span] = []
    for (text, place) in written {
      if let span = WeeklyHours.Span(text) {
        spans.append(span)
      } else {
        log.add(
          place, fullKey(key),
          "\"22:00-06:00\" か \"平日 08:30-17:15\" のように書いてください（平日・土曜・休日。いまの値: 「\(text)」）",
          "expected hours like \"22:00-06:00\" or \"workdays 08:30-17:15\" (workdays, saturdays, holidays), found \"\(text)\"")
      }
    }
    return spans.isEmpty ? nil : WeeklyHours(spans)
  }
}

extension WeeklyHours.Span {
  /// `08:30-17:15`, with `workdays`, `saturdays`, `holidays` or their Japanese names before it, joined by `+` or `・`.
  fileprivate init?(_ text: String) {
    let words = text.split(separator: " ")
    guard let last = words.last, words.count <= 2 else { return nil }
    var days = Set(DayType.allCases)
    if words.count == 2 {
      let named = words[0].split { $0 == "+" || $0 == "・" }.map { WeeklyHours.Span.day(String($0)) }
      guard !named.isEmpty, !named.contains(nil) else { return nil }
      days = Set(named.compactMap { $0 })
    }
    let ends = last.split { $0 == "-" || $0 == "〜" || $0 == "～" }
    guard ends.count == 2, let start = clockMinutes(ends[0]), let end = ends[1] == "24:00" ? 1440 : clockMinutes(ends[1]), start != end
    else { return nil }
    self.init(start: start, end: end, days: days)
  }

  private static func day(_ text: String) -> DayType? {
    switch text {
    case "workdays", "平日": .workday
    case "saturdays", "土曜": .saturday
    case "holidays", "休日": .holiday
    default: nil
    }
  }
}

/// The names of `Severity`, for `choice`.
private enum SeverityName: String, CaseIterable {
  case info, minor, major, critical

  var severity: Severity {
    switch self {
    case .info: .info
    case .minor: .minor
    case .major: .major
    case .critical: .critical
    }
  }
}

/// Nothing above major: no setting hides a large burst.
private enum QuietPassName: String, CaseIterable {
  case minor, major

  var severity: Severity { self == .minor ? .minor : .major }
}
