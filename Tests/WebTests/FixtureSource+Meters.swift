import Web

extension FixtureSource {
  static let meter = MeterSummary(
    id: "a/b/c/flow", name: "c", zoneName: "b", unit: "m3/h", state: .normal, learnedDays: 14, learningDays: 14, value: 1, time: nil,
    expected: 1, low: 0, high: 2, event: nil)

  func overview() throws -> Overview {
    var leak = Self.meter
    leak.id = "a/b/z/flow"
    leak.state = .leak
    return Overview(utility: "u", language: "ja", offsetMinutes: 540, version: "1", isConnected: true, meters: [Self.meter, leak])
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
