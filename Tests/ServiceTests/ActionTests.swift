import Detection
import Readings
import Settings
import Store
import Synchronization
import TestSupport
import Testing
import TownModel

@testable import Service

/// What people say, on its way through the service: into the engine, into the history, and back after a restart.
struct ActionTests {
  private static let scenario = """
    municipality: t
    days: 34
    interval_s: 1800
    meters: [{ id: a, zone: z, mean_m3h: 12, noise: 0.05 }, { id: b, zone: z, mean_m3h: 6, noise: 0.05 }]
    events: [{ kind: burst, meter: a, day: 24.2, hours: 400, flow_m3h: 5 }]
    """

  private let home: TemporaryDirectory
  private let town: Town
  private let a = SensorID("t/z/a/flow")!

  init() throws {
    home = try TemporaryDirectory()
    town = Town(try Scenario(yaml: Self.scenario, file: "t"), seed: 2)
  }

  private func feed(_ pipeline: Pipeline, _ range: Range<Int>) throws {
    for r in town.readings[range] { pipeline.send(town.topic(r.meter), r.payload(offset: 32_400)) }
    #expect(try pipeline.commit())
  }

  /// The answer to a request, as the API gets it: after the next tick and commit.
  private func say(_ request: ActionRequest, to pipeline: Pipeline) throws -> Result<ActionRecord, ActionError>? {
    let answer = Mutex<Result<ActionRecord, ActionError>?>(nil)
    pipeline.actions.submit(request) { r in answer.withLock { $0 = r } }
    pipeline.takeActions()
    let early = answer.withLock { $0 }
    if case .success? = early { Issue.record("answered before it was on disk") }
    #expect(try pipeline.commit())
    return answer.withLock { $0 }
  }

  private func open() throws -> [StoredEvent] {
    var filter = StoreReader.EventFilter()
    filter.openOnly = true
    filter.leaksOnly = true
    return try StoreReader(directory: home.path).events(filter)
  }

  @Test func aRepairIsStoredToldAndSurvivesARestart() throws {
    var pipeline: Pipeline? = try Pipeline.open(home.path)
    let part = town.readings.count * 28 / 34
    try feed(pipeline!, 0..<part)
    let event = try #require(open().first)
    let record = try #require(try say(ActionRequest(sensor: a, kind: .repaired, person: "山田", note: "本管\n継手"), to: pipeline!)?.get())
    #expect(record.eventKey == event.eventKey && record.person == "山田")
    #expect(try open().isEmpty)
    let reader = try StoreReader(directory: home.path)
    let last = try #require(reader.transitions(ofEvent: event.eventKey).last)
    #expect(last.transition.change == .closed && last.transition.action == .repaired)
    #expect(try reader.actions(event: event.eventKey).map(\.note) == ["本管\n継手"])
    // Without a checkpoint since: the restart replays it, in its place.
    let before = pipeline!.engine.snapshot()
    pipeline = nil
    pipeline = try Pipeline.open(home.path)
    #expect(pipeline!.engine.snapshot() == before)
    #expect(try open().isEmpty)
    #expect(try reader.actions(slot: 0).count == 1)
    // The leak was not repaired: it is found anew, as an event of its own.
    try feed(pipeline!, part..<town.readings.count)
    let again = try #require(try open().first)
    #expect(again.eventKey != event.eventKey)
  }

  @Test func whatCannotBeDoneIsRefusedWithItsReason() throws {
    let pipeline = try Pipeline.open(home.path)
    try feed(pipeline, 0..<town.readings.count * 10 / 34)
    func refused(_ r: ActionRequest) throws -> ActionError? {
      guard case .failure(let e)? = try say(r, to: pipeline) else { return nil }
      return e
    }
    let now = town.readings[town.readings.count * 10 / 34].time
    #expect(try refused(ActionRequest(sensor: a, kind: .repaired)) == .nothingToDo)
    #expect(try refused(ActionRequest(sensor: SensorID("t/z/x/flow")!, kind: .repaired)) == .unknownSensor)
    #expect(try refused(ActionRequest(sensor: a, kind: .acknowledged, eventKey: "evt_0")) == .unknownEvent)
    #expect(try refused(ActionRequest(sensor: a, kind: .acknowledged, person: "a\nb")) == .badText)
    #expect(try refused(ActionRequest(sensor: a, kind: .acknowledged, note: String(repeating: "あ", count: 1001))) == .badText)
    #expect(try refused(ActionRequest(sensor: a, kind: .workCancelled)) == .badWindow)
    #expect(try refused(ActionRequest(sensor: a, kind: .plannedWork)) == .badWindow)
    #expect(try refused(ActionRequest(sensor: a, kind: .plannedWork, window: now..<now.adding(seconds: 40 * 86_400))) == .badWindow)
    #expect(try refused(ActionRequest(sensor: a, kind: .repaired, window: now..<now.adding(seconds: 60))) == .badWindow)
    for i in 0..<4 {
      let from = now.adding(seconds: Int64(i + 1) * 86_400)
      #expect(try refused(ActionRequest(sensor: a, kind: .plannedWork, window: from..<from.adding(seconds: 3600))) == nil)
    }
    let from = now.adding(seconds: 10 * 86_400)
    #expect(try refused(ActionRequest(sensor: a, kind: .plannedWork, window: from..<from.adding(seconds: 3600))) == .nothingToDo)
    #expect(try StoreReader(directory: home.path).actions().count == 4)
    // One that is cancelled gives its place to another.
    let second = now.adding(seconds: 2 * 86_400)..<now.adding(seconds: 2 * 86_400 + 3600)
    #expect(try refused(ActionRequest(sensor: a, kind: .workCancelled, window: second)) == nil)
    #expect(try refused(ActionRequest(sensor: a, kind: .workCancelled, window: second)) == .nothingToDo)
    #expect(try refused(ActionRequest(sensor: a, kind: .plannedWork, window: from..<from.adding(seconds: 3600))) == nil)
    let reader = try StoreReader(directory: home.path)
    #expect(try reader.actions(kind: .workCancelled).map { $0.action.from..<$0.action.to } == [second])
    // It is part of the history: a replay comes to the same state.
    pipeline.store.close()
    #expect(try Pipeline.open(home.path).engine.snapshot() == pipeline.engine.snapshot())
  }

  @Test func aStoppedServiceRefusesInsteadOfWaiting() throws {
    let pipeline = try Pipeline.open(home.path)
    pipeline.actions.close()
    #expect(try say(ActionRequest(sensor: a, kind: .repaired), to: pipeline) == .failure(.notNow))
  }

  @Test func whileNoServiceRunsTheCommandWritesItself() throws {
    var settings = MizumoriSettings()
    settings.data.directory = home.path
    do {
      let pipeline = try Pipeline.open(home.path)
      try feed(pipeline, 0..<town.readings.count * 28 / 34)
    }
    let client = ActionClient(settings: settings, logger: .quiet)
    try client.send([ActionRequest(sensor: a, kind: .falseAlarm, person: "佐藤")])
    #expect(try open().isEmpty)
    #expect(throws: ActionError.unknownSensor) { try client.send([ActionRequest(sensor: SensorID("t/z/x/flow")!, kind: .repaired)]) }
    let pipeline = try Pipeline.open(home.path)
    #expect(pipeline.engine.explain(0).falseAlarms == 1)
    #expect(pipeline.engine.explain(0).feedbackFactor > 1.1)
  }

  /// Another engine judges the past otherwise: what it finds there is no news, and what only the old one held open ends.
  @Test func aHistoryJudgedAnewTellsNobodyAndLeavesNoGhosts() throws {
    do {
      let pipeline = try Pipeline.open(home.path)
      try feed(pipeline, 0..<town.readings.count)
    }
    let told = try StoreReader(directory: home.path).outbox(after: 0, limit: 1000).count
    #expect(try open().count == 1)
    // Leaks below 50 m³/h are not worth a message any more: no event of the past would be found again.
    var settings = MizumoriSettings()
    settings.detection.minimumLeak = 50
    _ = try Pipeline.open(home.path, settings: settings)
    #expect(try open().isEmpty)
    #expect(try StoreReader(directory: home.path).outbox(after: 0, limit: 1000).count == told)
  }
}
