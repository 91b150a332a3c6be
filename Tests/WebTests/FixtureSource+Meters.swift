import Web

extension FixtureSource {
  static let meter: MeterSummary = {
    var meter = MeterSummary(
      id: "a/b/c/flow", name: "c", zoneName: "b", unit: "m3/h", state: .normal, learnedDays: 14, learningDays: 14, value: 1,
      time: "2026-11-23T10:00:00+09:00", expected: 1, low: 0, high: 2, event: nil)
    (meter.municipality, meter.zone, meter.quantity) = ("a", "b", "flow")
    return meter
  }()

  static let leaking: MeterSummary = {
    var leak = meter
    leak.id = "a/b/z/flow"
    leak.state = .leak
    return leak
  }()

  func overview(_ municipalities: Set<String>) throws -> Overview {
    let isSeen = municipalities.isEmpty || municipalities.contains("a")
    var overview = Overview(
      utility: "u", language: "ja", offsetMinutes: 540, version: "1", isConnected: true, meters: isSeen ? [Self.meter, Self.leaking] : [])
    overview.notices = [["ja": "知らせ", "en": "notice"]]
    return overview
  }

  func utility() -> UtilitySummary {
    UtilitySummary(utility: "u", language: "ja", offsetMinutes: 540, version: "1", isConnected: true)
  }

  func meters(limit: Int, after: String?, municipalities: Set<String>) throws -> ListPage<MeterSummary> {
    let rest = try overview(municipalities).meters.sorted { $0.id < $1.id }.filter { $0.id > after ?? "" }
    return ListPage(items: Array(rest.prefix(limit)), next: rest.count > limit ? rest[limit - 1].id : nil)
  }

  func allMeters(_ municipalities: Set<String>) throws -> [MeterSummary] {
    try meters(limit: .max, after: nil, municipalities: municipalities).items
  }

  func meter(_ id: String) throws -> MeterDetail? {
    guard id == Self.meter.id else { return nil }
    return MeterDetail(
      meter: Self.meter, meanFlow: nil, nightMinimum: nil, nightReference: nil, isLearningSuspended: false, statistics: [], first: nil,
      last: nil, events: [])
  }

  func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries? {
    id == Self.meter.id ? MeterSeries(from: from ?? 0, to: to ?? 1, rows: [[0, 1, 1, 1, nil, nil, nil]], events: []) : nil
  }

  func moment(_ id: String, at: Int64?) throws -> MomentDetail? {
    if at == 1 { throw PageRefusal(status: 422, code: "too_far", detail: "…") }
    guard id == Self.meter.id else { return nil }
    return MomentDetail(
      time: nil, value: 1, expected: 1, low: 0, high: 2, meanFlow: 1, state: "normal", isLearningSuspended: false, learnedDays: 14,
      learningDays: 14, leakExcess: nil, leakOnset: nil, leakVolume: nil, nightMinimum: nil, nightReference: nil, thresholdFactor: 1,
      feedbackFactor: 1, falseAlarms: 0, statistics: [], baseline: [])
  }

  func act(_ id: String, _ command: ActionCommand) async throws -> ActionSummary {
    guard command.action == "repaired" else { throw PageRefusal(status: 400, code: "action", detail: "…") }
    return ActionSummary(
      id: 1, sensor: id, action: command.action, event: nil, by: command.by ?? "", note: "", time: "t", from: nil, to: nil)
  }
}
