import Readings
import Testing

@testable import Detection

/// What people say acts on the engine, and survives a checkpoint.
@Suite struct ActionTests {
  /// A meter with 4 m³/h more from day 30 on, until `end`.
  private static func leaking(until end: Double = 100, days: Int = 50, seed: UInt64 = 1, size: Double = 4) -> Meter {
    Meter(days: days, seed: seed, extra: { $0 >= 30 && $0 < end ? size : 0 })
  }

  /// Readings up to a day, then the action, then the rest.
  private static func run(
    _ meter: Meter, _ kind: ActionKind, at day: Double, window: Range<Double>? = nil
  ) -> (before: [Transition], said: [Transition], after: [Transition], explanation: Explanation) {
    let readings = meter.readings()
    let split = readings.firstIndex { meter.day($0.time) >= day } ?? readings.count
    var d = detector()
    let before = d.run(Array(readings[..<split]))
    let time = meter.start.adding(milliseconds: Int64(day * 86_400_000))
    func at(_ day: Double) -> Timestamp { meter.start.adding(milliseconds: Int64(day * 86_400_000)) }
    var said: [Transition] = []
    let action = OperatorAction(
      slot: 0, kind: kind, time: time, from: window.map { at($0.lowerBound) } ?? time, to: window.map { at($0.upperBound) } ?? time)
    d.apply(action) { said.append($0) }
    let after = d.run(Array(readings[split...]))
    return (before, said, after, d.explain(0))
  }

  @Test func repairedClosesAtOnceAndARepairedMeterStaysQuiet() throws {
    let r = Self.run(Self.leaking(until: 36), .repaired, at: 36.05)
    let closed = try #require(r.said.first)
    #expect(r.said.count == 1 && closed.change == .closed && closed.action == .repaired && closed.kind.isLeak)
    #expect(r.after.leaks.isEmpty)
  }

  @Test func aLeakThatWasNotRepairedIsFoundAgain() throws {
    let r = Self.run(Self.leaking(), .repaired, at: 36)
    let again = try #require(r.after.openedLeaks.first)
    #expect(Self.leaking().day(again.time) < 40)
    #expect(again.onset > r.said[0].time.adding(seconds: -86_400))
  }

  @Test func acceptedFlowIsTheNewNormalAtOnce() throws {
    let r = Self.run(Self.leaking(days: 70), .acceptAsNormal, at: 33)
    #expect(r.said.map(\.change) == [.closed] && r.said[0].action == .acceptAsNormal)
    #expect(r.after.leaks.isEmpty)
    #expect(r.explanation.state == .normal)
    let mean = try #require(r.explanation.meanFlow)
    #expect(abs(mean - 24) < 1.5)
  }

  /// A leak on top of an accepted normal is found as on any other flow.
  @Test func aLeakOnTopOfTheNewNormalIsFound() throws {
    let meter = Meter(days: 60, extra: { $0 < 30 ? 0 : $0 < 50 ? 4 : 8 })
    let r = Self.run(meter, .acceptAsNormal, at: 33)
    let found = try #require(r.after.openedLeaks.first)
    #expect(meter.day(found.time) > 50 && meter.day(found.time) < 51)
  }

  @Test func falseAlarmRaisesTheThresholdVisiblyAndIsNotToldAgainSoon() {
    let r = Self.run(Self.leaking(until: 40, days: 60), .falseAlarm, at: 33)
    #expect(r.said.map(\.action) == [.falseAlarm])
    #expect(r.after.openedLeaks.isEmpty)
    #expect(r.explanation.falseAlarms == 1)
    #expect(r.explanation.feedbackFactor > 1.1 && r.explanation.feedbackFactor < 1.151)
  }

  /// Also after false alarms a large burst is told within the day.
  @Test func aLargeBurstIsFoundAfterManyFalseAlarms() throws {
    var readings = Meter(days: 60, extra: { $0 >= 50 ? 12 : 0 }).readings()
    var d = detector()
    let split = 40 * 96
    _ = d.run(Array(readings[..<split]))
    readings.removeFirst(split)
    for i in 0..<12 {
      // Events of their own: each has another onset.
      d.states[0].event.kind = EventKind.burst.rawValue
      d.states[0].event.onset = readings[0].time.milliseconds - Int64(i) * 86_400_000
      d.states[0].event.firstOnset = d.states[0].event.onset
      d.apply(OperatorAction(slot: 0, kind: .falseAlarm, time: readings[0].time)) { _ in }
    }
    #expect(d.explain(0).feedbackFactor < 1.601 && d.explain(0).feedbackFactor > 1.55)
    let leaks = d.run(readings).openedLeaks
    let found = try #require(leaks.first)
    #expect(Meter().day(found.time) > 50 && Meter().day(found.time) < 51)
  }

  @Test func sayingItTwiceCountsOnce() {
    var d = detector()
    let readings = Self.leaking(days: 33).readings()
    _ = d.run(readings)
    for _ in 0..<3 { d.apply(OperatorAction(slot: 0, kind: .falseAlarm, time: readings.last!.time)) { _ in } }
    #expect(d.explain(0).falseAlarms == 1)
  }

  @Test func plannedWorkHidesWhatHappensInItAndSaysHowMuch() throws {
    let meter = Meter(days: 50, extra: { $0 >= 40.4 && $0 < 40.8 ? 15 : 0 })
    let r = Self.run(meter, .plannedWork, at: 39, window: 40.35..<40.85)
    #expect(r.after.leaks.isEmpty && r.after.opened(.highUse).isEmpty)
    let work = r.after.filter { $0.kind == .plannedWork }
    #expect(work.map(\.change) == [.opened, .closed])
    let end = try #require(work.last)
    #expect(end.eventKey(sensor: SensorID("a/b/c/flow")!) == work[0].eventKey(sensor: SensorID("a/b/c/flow")!))
    // 15 m³/h for 9.6 h.
    #expect(abs(end.volume - 144) < 25 && abs(end.excess - 15) < 5)
    // Without the window it is a leak.
    #expect(!judge(meter.readings()).openedLeaks.isEmpty)
  }

  /// Water shut off for works looks like nothing this meter ever showed; neither a fault nor a lesson.
  @Test func waterShutOffForWorksIsNoFault() {
    let meter = Meter(days: 50, extra: { $0 >= 40.4 && $0 < 40.6 ? -1000 : 0 })
    let r = Self.run(meter, .plannedWork, at: 40, window: 40.4..<40.6)
    #expect(r.after.allSatisfy { $0.kind == .plannedWork })
  }

  @Test func worksEnteredAfterwardsCloseTheLeakThatTheyCaused() {
    let meter = Meter(days: 31, extra: { $0 >= 30.3 ? 10 : 0 })
    let readings = meter.readings()
    var d = detector()
    let leaks = d.run(readings).openedLeaks
    #expect(leaks.count == 1)
    var said: [Transition] = []
    let last = readings.last!.time
    d.apply(
      OperatorAction(slot: 0, kind: .plannedWork, time: last, from: last.adding(seconds: -20 * 3600), to: last.adding(seconds: 3600))
    ) { said.append($0) }
    #expect(said.map(\.change) == [.closed] && said[0].action == .plannedWork)
  }

  @Test func windowsAreBoundedJoinedAndRefusedWhenEmpty() {
    var w = WorkState()
    let added = [(100, 200), (300, 400), (10, 20), (500, 600), (700, 800)].map { w.add(from: Int64($0.0), to: Int64($0.1)) }
    #expect(added == [true, true, true, true, false])
    #expect(w.first.map { [$0.from, $0.to] } == [10, 20])
    // 150…350 joins two windows into one.
    let joined = [(150, 350), (700, 800)].map { w.add(from: Int64($0.0), to: Int64($0.1)) }
    #expect(joined == [true, true])
    w.endFirst()
    #expect(w.first.map { [$0.from, $0.to] } == [100, 400])
    #expect(w.covers(399) && !w.covers(400) && !w.covers(99))
    var d = detector()
    _ = d.run(Meter(days: 1).readings())
    let t = Meter().start.adding(seconds: 86_400)
    let empty = d.apply(OperatorAction(slot: 0, kind: .plannedWork, time: t, from: t, to: t)) { _ in }
    let unknown = d.apply(OperatorAction(slot: 9, kind: .repaired, time: t)) { _ in }
    #expect(!empty && !unknown)
  }

  /// Only what has not begun is taken away.
  @Test func windowsAreTakenAwayInWholeAndInPart() {
    func windows(_ w: WorkState) -> [[Int64]] {
      var (w, out) = (w, [[Int64]]())
      while let first = w.first {
        out.append([first.from, first.to])
        w.endFirst()
      }
      return out
    }
    func removed(_ w: inout WorkState, _ from: Int64, _ to: Int64) -> Bool { w.remove(from: from, to: to) }
    var w = WorkState()
    for (a, b) in [(100, 200), (300, 400), (500, 600)] { _ = w.add(from: Int64(a), to: Int64(b)) }
    #expect(!removed(&w, 200, 300) && !removed(&w, 10, 20) && !removed(&w, 600, 900))
    #expect(removed(&w, 300, 400) && windows(w) == [[100, 200], [500, 600]])
    // The end of one and the beginning of another.
    #expect(removed(&w, 150, 550) && windows(w) == [[100, 150], [550, 600]])
    // Out of the middle.
    #expect(removed(&w, 110, 120) && windows(w) == [[100, 110], [120, 150], [550, 600]])
    #expect(removed(&w, 560, 570) && windows(w).count == 4)
    // No place for a fifth: nothing changes.
    #expect(!removed(&w, 130, 140))
    #expect(windows(w) == [[100, 110], [120, 150], [550, 560], [570, 600]])
    #expect(removed(&w, 0, 1000) && windows(w).isEmpty)
  }

  /// A window that is cancelled before it begins hides nothing.
  @Test func cancelledWorkHidesNothing() throws {
    let meter = Meter(days: 50, extra: { $0 >= 40.4 && $0 < 40.8 ? 15 : 0 })
    func at(_ day: Double) -> Timestamp { meter.start.adding(milliseconds: Int64(day * 86_400_000)) }
    let readings = meter.readings()
    let split = try #require(readings.firstIndex { meter.day($0.time) >= 39 })
    var d = detector()
    _ = d.run(Array(readings[..<split]))
    let plan = OperatorAction(slot: 0, kind: .plannedWork, time: at(39), from: at(40.35), to: at(40.85))
    var cancel = plan
    cancel.kind = .workCancelled
    let early = d.apply(cancel) { _ in }
    let planned = d.apply(plan) { _ in }
    let taken = d.apply(cancel) { _ in Issue.record("told") }
    let again = d.apply(cancel) { _ in }
    #expect(!early && planned && taken && !again)
    let after = d.run(Array(readings[split...]))
    #expect(after.allSatisfy { $0.kind != .plannedWork } && !after.openedLeaks.isEmpty)
    #expect(after == judge(readings).filter { meter.day($0.time) >= 39 })
  }

  /// Work that ends early: what follows is judged again, what it hid is told.
  @Test func workUnderWayEndsNow() throws {
    let meter = Meter(days: 50, extra: { $0 >= 40.4 && $0 < 40.6 ? 15 : 0 })
    func at(_ day: Double) -> Timestamp { meter.start.adding(milliseconds: Int64(day * 86_400_000)) }
    let readings = meter.readings()
    let split = try #require(readings.firstIndex { meter.day($0.time) > 40.65 })
    var d = detector()
    let planned = OperatorAction(slot: 0, kind: .plannedWork, time: at(1), from: at(40.35), to: at(44))
    _ = d.run(Array(readings[..<100]))
    d.apply(planned) { _ in }
    let before = d.run(Array(readings[100..<split]))
    #expect(before.filter { $0.kind == .plannedWork }.map(\.change) == [.opened])
    let cancelled = d.apply(OperatorAction(slot: 0, kind: .workCancelled, time: at(40.65), from: at(40.35), to: at(44))) { _ in }
    #expect(cancelled)
    // A checkpoint between the word and the next reading changes nothing.
    var restored = try Detector.restore(d.snapshot(), settings: .init(), calendar: .japan)
    let after = d.run(Array(readings[split...]))
    #expect(restored.run(Array(readings[split...])) == after)
    let end = try #require(after.first { $0.kind == .plannedWork })
    #expect(end.change == .closed && meter.day(end.time) < 40.75)
    // 15 m³/h for 4.8 h.
    #expect(abs(end.volume - 72) < 15)
    #expect(after.filter { $0.kind == .plannedWork }.count == 1 && after.leaks.isEmpty)
    // A leak in what was to be the rest of it is found.
    let burst = Meter(days: 50, extra: { $0 >= 40.4 && $0 < 40.6 ? 15 : $0 >= 41 ? 15 : 0 }).readings()
    var other = detector()
    _ = other.run(Array(burst[..<100]))
    other.apply(planned) { _ in }
    _ = other.run(Array(burst[100..<split]))
    other.apply(OperatorAction(slot: 0, kind: .workCancelled, time: at(40.65), from: at(40.35), to: at(44))) { _ in }
    let found = try #require(other.run(Array(burst[split...])).openedLeaks.first)
    #expect(meter.day(found.time) < 42)
  }

  /// A checkpoint taken after the action goes on as if there had been none.
  @Test(arguments: [ActionKind.repaired, .falseAlarm, .acceptAsNormal, .plannedWork]) func actionsSurviveACheckpoint(kind: ActionKind)
    throws
  {
    let meter = Self.leaking(until: 38)
    let readings = meter.readings()
    let split = 35 * 96
    var a = detector()
    _ = a.run(Array(readings[..<split]))
    let t = readings[split].time
    a.apply(OperatorAction(slot: 0, kind: kind, time: t, from: t, to: t.adding(seconds: 86_400))) { _ in }
    var b = try Detector.restore(a.snapshot(), settings: .init(), calendar: .japan)
    let (live, restored) = (a.run(Array(readings[split...])), b.run(Array(readings[split...])))
    #expect(live == restored)
    let (x, y) = (a.snapshot(), b.snapshot())
    #expect(x == y)
  }

  /// Any action at any moment, also on a meter that knows nothing yet: nothing traps, and figures stay finite.
  @Test(arguments: UInt64(1)...6) func actionsAtAnyMomentAreSurvived(seed: UInt64) {
    var rng = SplitMix(seed)
    let readings = Meter(days: 45, minutes: 30, seed: seed, extra: { $0 > 25 && $0 < 35 ? 6 : 0 }).readings()
    var d = detector()
    var from = 0
    while from < readings.count {
      let to = min(readings.count, from + Int.random(in: 1...150, using: &rng))
      for t in d.run(Array(readings[from..<to])) { #expect(t.excess.isFinite && t.volume.isFinite && t.expected.isFinite, "seed \(seed)") }
      let now = readings[to - 1].time
      let kind = ActionKind.allCases.randomElement(using: &rng)!
      let begin = now.adding(seconds: Int64.random(in: -200_000...200_000, using: &rng))
      d.apply(
        OperatorAction(slot: 0, kind: kind, time: now, from: begin, to: begin.adding(seconds: .random(in: -10...90_000, using: &rng)))
      ) {
        #expect($0.excess.isFinite && $0.volume.isFinite, "seed \(seed)")
      }
      from = to
    }
  }
}
