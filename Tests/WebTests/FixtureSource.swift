import Synchronization
import Web

/// A source in memory: two meters, one of them leaking, and live updates that the test pushes.
final class FixtureSource: PageSource {
  struct Broken: Error {}

  private struct Live {
    var listeners: [AsyncStream<LiveUpdate>.Continuation] = []
    var opened = 0
  }
  private let live = Mutex(Live())

  /// How often somebody began to listen.
  var timesOpened: Int { live.withLock { $0.opened } }
  var hasListener: Bool { live.withLock { !$0.listeners.isEmpty } }

  func push(_ update: LiveUpdate) {
    let listeners = live.withLock { $0.listeners }
    for l in listeners { l.yield(update) }
  }

  func finish() {
    let listeners = live.withLock { l in
      defer { l.listeners = [] }
      return l.listeners
    }
    for l in listeners { l.finish() }
  }

  func liveUpdates() -> AsyncStream<LiveUpdate> {
    let (stream, continuation) = AsyncStream.makeStream(of: LiveUpdate.self, bufferingPolicy: .bufferingNewest(4096))
    live.withLock { l in
      l.listeners.append(continuation)
      l.opened += 1
    }
    return stream
  }

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

  func events(openOnly: Bool, limit: Int, municipalities: Set<String>) throws -> [EventSummary] { [] }

  func event(_ key: String) throws -> EventSummary? {
    if key == "broken" { throw Broken() }
    return nil
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

  func metrics() -> String { "x 1\n" }
  func notReady() -> [String] { ["broker"] }
}
