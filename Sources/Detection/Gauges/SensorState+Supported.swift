import Readings

extension SensorState {
  /// Judges a rise for which a fall of pressure speaks that still stands. Two gauges that show the same thing at the same time need less each:
  /// a rise since the fall has to reach `pressureScore` σ and to last `pressureMinutes`, and the thresholds over 6 to 24 h are lower by
  /// `pressureShift`.
  ///
  /// Pressure does not tell a hydrant from a burst, so that a rise still has to outlast the use of one.
  mutating func judgeSupported(by fall: PressureFall, hourEnded: Bool, _ j: Judgement, _ emit: (Transition) -> Void) {
    guard isJudged, baseline.ringCount >= 7, baseline.form == .daily, !event.isOpen, !suspendsJudgement, !work.covers(j.judged) else {
      return
    }
    judgeSupportedRise(fall, j, emit)
    if hourEnded, !event.isOpen { lookForSupportedLeak(fall, j, emit) }
  }

  /// Whether flow has risen since pressure fell. When it did is known, so that this is a question of one degree of freedom.
  ///
  /// Of what was shown before it half is taken off: a wandering demand comes back to what is expected within the hour or two.
  private mutating func judgeSupportedRise(_ fall: PressureFall, _ j: Judgement, _ emit: (Transition) -> Void) {
    let t = j.tuning
    let onset = fall.time.milliseconds
    guard let rise = edge.rise(since: onset, minutes: Int64(t.pressureMinutes)) else { return }
    let (_, spread) = expectation(time: j.judged, localHour: j.localHour(j.judged), type: Int(baseline.todayType), j)
    let step = rise.after - rise.before / 2
    let sigma = max(spread, 1e-9) * (1 / rise.afterHours + 0.25 / rise.beforeHours).squareRoot()
    // What a meter's edges usually reach in a day of bins says nothing of one moment: only what people said, and what it opened of late.
    let limit = t.pressureScore * (1 + t.edgeReopen * event.recent) * feedback.factor
    guard step > limit * sigma, rise.least > rise.before + 0.25 * step, step >= leastRise(t.pressureFraction, j), isOldEnough(for: step, j)
    else { return }
    let share = commonShare(hours: 2, j)
    let f = Finding(ratio: step / sigma / limit * (1 - share), excess: step, evidence: [.edge, .pressureDrop], hours: 2)
    guard f.ratio > 1 else { return }
    open(.burst, f, onset: onset, j, emit)
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
