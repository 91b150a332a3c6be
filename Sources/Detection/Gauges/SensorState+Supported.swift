import Readings

extension SensorState {
  /// Judges a rise for which a fall of pressure speaks that still stands. Two gauges that show the same thing at the same time need less each:
  /// thresholds are lower by `pressureEdge` and `pressureShift`, and an edge needs to last `pressureMinutes` only.
  ///
  /// Pressure does not tell a hydrant from a burst, so that a rise still has to outlast the use of one.
  mutating func judgeSupported(by fall: PressureFall, hourEnded: Bool, _ j: Judgement, _ emit: (Transition) -> Void) {
    guard isJudged, baseline.ringCount >= 7, !event.isOpen, !suspendsJudgement, !work.covers(j.judged) else { return }
    judgeSupportedEdge(fall, j, emit)
    if hourEnded, !event.isOpen { lookForSupportedLeak(fall, j, emit) }
  }

  private mutating func judgeSupportedEdge(_ fall: PressureFall, _ j: Judgement, _ emit: (Transition) -> Void) {
    let t = j.tuning
    let minutes = Int64(t.pressureMinutes)
    guard let (height, step) = edge.measure(minutesAfter: minutes) else { return }
    let onset = j.judged - edge.age(minutesAfter: minutes)
    guard abs(onset - fall.time.milliseconds) <= PressureWitness.nearness / 2 + max(interval, 600_000) else { return }
    let (_, spread) = expectation(time: j.judged, localHour: j.localHour(j.judged), type: Int(baseline.todayType), j)
    let limit = t.pressureEdge * edgeLimit(t)
    guard height / max(spread, 1e-9) > limit, step >= leastRise(t.pressureFraction, j), isOldEnough(for: step, j) else { return }
    let share = commonShare(hours: 2, j)
    let f = Finding(
      ratio: height / max(spread, 1e-9) / limit * (1 - share), excess: step, evidence: [.edge, .pressureDrop], hours: 2)
    guard f.ratio > 1 else { return }
    open(.burst, f, onset: min(max(onset, fall.time.milliseconds), j.judged), j, emit)
    edge.reset()
  }

  private mutating func lookForSupportedLeak(_ fall: PressureFall, _ j: Judgement, _ emit: (Transition) -> Void) {
    let t = j.tuning
    var f = strongestFinding(j)
    let limit = t.pressureShift * caution(t)
    // The window must be about the hours since the fall.
    guard f.ratio > limit, f.hours <= 24, j.judged - fall.time.milliseconds <= Int64(f.hours + 3) * 3_600_000 else { return }
    let share = commonShare(hours: f.hours, j)
    f.ratio *= 1 - share
    f.excess *= 1 - share
    guard f.ratio > limit, f.excess >= leastExcess(j), isOldEnough(for: f.excess, j) else { return }
    f.ratio /= limit
    f.evidence.insert(.pressureDrop)
    open(.burst, f, onset: min(fall.time.milliseconds, j.judged), j, emit)
  }

  private func isOldEnough(for excess: Float, _ j: Judgement) -> Bool {
    baseline.daysSeen >= Int32(j.settings.pointee.learningDays) || excess >= 0.25 * baseline.mean
  }
}
