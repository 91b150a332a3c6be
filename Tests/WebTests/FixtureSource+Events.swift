import Web

/// Events of the source in memory: five leaks, the newest open.
extension FixtureSource {
  static func leak(_ n: Int) -> EventSummary {
    EventSummary(
      key: "e\(n)", sensor: "a/b/z/flow", zoneName: "b", name: "z", kind: n % 2 == 0 ? "incipient" : "burst", isLeak: true, isOpen: n == 5,
      severity: "major", opened: "2026-11-2\(n)T03:00:00+09:00", onset: "2026-11-2\(n)T02:10:00+09:00",
      closed: n == 5 ? nil : "2026-11-2\(n)T09:00:00+09:00", expected: 8, observed: 11, excess: 3, volume: 12, yen: 2040, yenPerDay: 12_240,
      confidence: 0.9, isGrowing: false, evidence: ["edge"], text: ["ja": "…", "en": "…"])
  }

  func events(_ query: EventQuery) throws -> ListPage<EventSummary> {
    guard query.municipalities.isEmpty || query.municipalities.contains("a") else { return ListPage(items: [], next: nil) }
    if let after = query.after, !after.hasPrefix("e") { throw PageRefusal(status: 400, code: "after", detail: "…") }
    let all = (1...5).reversed().map(Self.leak).filter { e in
      (!query.isOpen || e.isOpen) && (query.kind ?? e.kind) == e.kind && (query.sensor ?? e.sensor) == e.sensor
        && query.after.map { e.key < $0 } ?? true
    }
    return ListPage(items: Array(all.prefix(query.limit)), next: all.count > query.limit ? all[query.limit - 1].key : nil)
  }

  func event(_ key: String) throws -> EventDetail? {
    if key == "broken" { throw Broken() }
    guard key == "e5" else { return nil }
    var detail = EventDetail(Self.leak(5))
    detail.reasons = ["ja": ["いつから"], "en": ["Since when"]]
    return detail
  }

  func changes(since: Int64, municipalities: Set<String>) throws -> Changes {
    var changes = Changes(since: since, until: since + 1)
    changes.sensors = municipalities.sorted()
    return changes
  }

  func allLeaks(_ municipalities: Set<String>) throws -> [EventSummary] {
    var query = EventQuery()
    query.municipalities = municipalities
    return try events(query).items
  }

  func newestDay() throws -> Int { 20_780 }

  func nights(_ days: Range<Int>, by grouping: NightGrouping, municipalities: Set<String>) throws -> NightTable {
    let row = NightRow(
      id: grouping == .zone ? "a/b" : "a/b/c/flow", municipality: "a", name: "西町, \"配水\"", zoneName: "=1+1",
      values: days.map { $0 % 2 == 0 ? 1.25 : nil }, references: days.map { $0 % 4 == 0 ? 1 : nil })
    return NightTable(days: days.map { "day\($0)" }, window: "01:00–04:00", rows: municipalities.contains("x") ? [] : [row])
  }
}
