import Detection
import Readings
import Settings
import Store
import Web

extension PageBridge {
  /// Entries that a look back from the page may judge again: some four seconds on a small box.
  private static let farthest: Int64 = 3_000_000

  func moment(_ id: String, at: Int64?) throws -> MomentDetail? {
    guard let sensor = SensorID(id) else { return nil }
    // A connection of its own: a look back takes seconds, and the log and the deliveries read through the other one.
    let store = try StoreReader(directory: settings.data.directory)
    do {
      let moment = at.map { Timestamp(milliseconds: $0) }
      return try Hindsight(of: sensor, at: moment, store: store, settings: settings, limit: PageBridge.farthest).map(detail)
    } catch is Hindsight.TooFar {
      throw PageRefusal(
        status: 422, code: "too_far",
        detail: "古すぎて画面では計算できません。コマンド mizumori explain \(id) --at … をお使いください / too far back for the page: use the command mizumori explain")
    }
  }

  private func detail(_ h: Hindsight) -> MomentDetail {
    let e = h.explanation
    return MomentDetail(
      time: e.lastTime.map(iso), value: e.lastValue, expected: e.expected, low: e.low, high: e.high, meanFlow: e.meanFlow,
      state: e.state.code, isLearningSuspended: e.isLearningSuspended, learnedDays: e.learnedDays, learningDays: e.learningDays,
      leakExcess: e.leakExcess, leakOnset: e.leakOnset.map(iso), leakVolume: e.leakVolume, nightMinimum: e.nightMinimum,
      nightReference: e.nightReference, thresholdFactor: e.thresholdFactor, feedbackFactor: e.feedbackFactor, falseAlarms: e.falseAlarms,
      statistics: e.statistics.map { StatisticValue(name: $0.name, value: finite($0.value), threshold: finite($0.threshold)) },
      baseline: h.baseline.map { [$0.expected, $0.low, $0.high] })
  }

  func act(_ id: String, _ command: ActionCommand) async throws -> ActionSummary {
    guard let sensor = SensorID(id) else { throw refusal(.unknownSensor) }
    guard let kind = ActionKind(code: command.action) else {
      let all = ActionKind.allCases.map(\.code).joined(separator: ", ")
      throw PageRefusal(status: 400, code: "action", detail: "action: \(all)")
    }
    var request = ActionRequest(
      sensor: sensor, kind: kind, eventKey: command.event, person: command.by ?? "", note: command.note ?? "")
    if command.from != nil || command.to != nil {
      guard let from = moment(command.from), let to = moment(command.to), from < to else { throw refusal(.badWindow) }
      request.window = from..<to
    }
    do throws(ActionError) {
      return summary(try await actions.submit(request), sensor)
    } catch {
      throw refusal(error)
    }
  }

  private func moment(_ text: String?) -> Timestamp? { text.flatMap { Timestamp(iso8601: $0, defaultOffset: profiles.calendar.offset) } }

  func refusal(_ e: ActionError) -> PageRefusal {
    let status =
      switch e {
      case .unknownSensor, .unknownEvent: 404
      case .badText: 400
      case .badWindow: 422
      case .nothingToDo: 409
      case .notNow: 503
      }
    return PageRefusal(status: status, code: e.code, detail: e.description)
  }

  func summary(_ r: ActionRecord, _ sensor: SensorID) -> ActionSummary {
    let isWork = r.action.kind.hasWindow
    return ActionSummary(
      id: r.id, sensor: sensor.description, action: r.action.kind.code, event: r.eventKey, by: r.person, note: r.note,
      time: iso(r.action.time),
      from: isWork ? iso(r.action.from) : nil, to: isWork ? iso(r.action.to) : nil)
  }
}

extension Explanation.State {
  /// normal, learning, or the code of the event that is open.
  public var code: String {
    switch self {
    case .learning: "learning"
    case .normal: "normal"
    case .leak(let kind), .fault(let kind): kind.code
    }
  }
}
