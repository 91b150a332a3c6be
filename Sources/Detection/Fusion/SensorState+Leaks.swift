import Readings

extension SensorState {
  @inline(always) func minimumLeak(_ j: Judgement) -> Float {
    Float(profile.hasMinimumLeak ? profile.minimumLeak : j.settings.pointee.minimumLeak)
  }

  /// The factor on the thresholds of slow statistics, from 1.
  @inline(always) func caution(_ t: Tuning) -> Float { threshold.factor * (1 + t.reopen * event.recent) * feedback.factor }

  /// Least height of an edge, in spreads.
  @inline(always) func edgeLimit(_ t: Tuning) -> Float { edge.threshold(t) * (1 + t.edgeReopen * event.recent) * feedback.factor }

  /// Threshold of the sequential test, hours × spreads.
  @inline(always) func fastLimit(_ t: Tuning) -> Float { fast.threshold(t) * feedback.factor }

  /// Least excess that opens an event, m³/h.
  @inline(always) func leastExcess(_ j: Judgement) -> Float { max(minimumLeak(j), feedback.dismissed) }

  /// Judges the hourly statistics while no leak is open.
  mutating func lookForLeak(_ j: Judgement, _ emit: (Transition) -> Void) {
    guard baseline.ringCount >= 7, baseline.form != .stored else { return }
    var f = strongestFinding(j)
    // Shortly after a closing the baseline may still be settling.
    let recent = event.closed != Int64.min && j.judged - event.closed < 65 * 3_600_000
    let limit = caution(j.tuning) * (recent ? 1.14 : 1)
    if f.ratio > limit {
      let share = commonShare(hours: f.hours, j)
      if share > 0, f.ratio * (1 - share) <= limit { recordCommonCause(f, j, emit) }
      f.ratio *= 1 - share
      f.excess *= 1 - share
    }
    threshold.observe(f.ratio)
    guard f.ratio > limit, f.excess >= leastExcess(j) else { return }
    // Before it is learnt what usual is, only what is large counts.
    if baseline.daysSeen < Int32(j.settings.pointee.learningDays) && f.excess < 0.25 * baseline.mean { return }
    if f.evidence == .nightTrend { return openSlowLeak(f, j, emit) }
    let hours = hoursSinceChange(atLeast: 2, atMost: max(2 * f.hours, 48))
    let onset = j.time(ofLocalHour: residuals.newest - Int64(hours - 1))
    let kind: EventKind = f.hours >= 96 && hours > 60 ? .incipient : .burst
    open(kind, f, onset: onset, j, emit)
  }

  /// Judges the sequential test after each reading. It opens events only: demand that rises for an evening is no second step.
  @inline(never) mutating func judgeFast(time: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    guard fast.score > 0, !event.isOpen, baseline.form == .daily else { return }
    let t = j.tuning
    let limit = fastLimit(t)
    guard fast.score > limit, fast.steady >= t.cusumDrift else { return }
    // A baseline of days that has not seen a whole week takes Monday's morning for a burst: it waits longer and wants more.
    let isYoung = baseline.ringCount < 7
    let lasted = time - fast.start >= Int64((isYoung ? 240 : t.persistence) * 60_000)
    let large = leastRise(t.fastFraction, j)
    guard lasted, fast.excess >= large, baseline.ringCount >= 2, baseline.daysSeen >= 3 else { return }
    if baseline.daysSeen < Int32(j.settings.pointee.learningDays) && fast.excess < (isYoung ? 0.4 : 0.25) * baseline.mean { return }
    open(.burst, Finding(ratio: fast.score / limit, excess: fast.excess, evidence: .cusum, hours: 2), onset: fast.start, j, emit)
    fast.reset()
  }

  /// Judges the newest edge, at the end of its bin; while no leak is open it is held back until a hydrant would be shut.
  @inline(never) mutating func judgeEdge(time: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    let t = j.tuning
    guard baseline.ringCount >= 7, baseline.form == .daily else { return }
    let limit = edgeLimit(t)
    let isHeld = edge.held > 0
    let step = isHeld ? edge.held : edge.step
    guard isHeld || edge.height > limit, step >= leastRise(t.edgeFraction, j) else { return edge.release() }
    if baseline.daysSeen < Int32(j.settings.pointee.learningDays) && step < 0.25 * baseline.mean { return edge.release() }
    if !isHeld, !event.isOpen { edge.hold() }
    let age = edge.age(minutesAfter: Int64(t.edgeMinutes))
    guard event.isOpen || age >= Int64(t.persistence * 60_000) && (!isHeld || edge.isStanding) else { return }
    let f = Finding(ratio: isHeld ? step / max(present.spread, 1e-9) / limit : edge.height / limit, excess: step, evidence: .edge, hours: 2)
    let share = event.isOpen ? 0 : commonShare(hours: 2, j)
    guard f.ratio * (1 - share) > 1 else {
      edge.release()
      return recordCommonCause(f, j, emit)
    }
    if event.isOpen {
      escalate(f, j, emit)
    } else {
      open(.burst, f, onset: time - age, j, emit)
    }
    edge.reset()
  }

  /// Records a rise that ends with this reading, before it was a leak: a hydrant, a filling.
  /// - Parameter z: the reading's standardised residual, not yet added.
  @inline(never) mutating func endHighUse(before z: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    let t = j.tuning
    guard z < t.cusumDrift, fast.score > FastState.highUseScore, !event.isOpen, baseline.ringCount >= 7, baseline.form == .daily else {
      return
    }
    let lasted = fast.lastTime - fast.start >= Int64(t.persistence * 60_000)
    let large = max(minimumLeak(j), 2 * t.fastFraction * abs(baseline.mean))
    guard !lasted && fast.excess >= large else { return }
    // What is over says nothing of the hours that it fell in.
    let isBack = z * present.spread * max(fast.scale, 0.5) < 0.25 * fast.excess
    if isBack, let age = residuals.age(ofHour: j.localHour(fast.start)) { residuals.forget(newest: age + 1) }
    recordHighUse(j, emit)
  }

  private mutating func recordHighUse(_ j: Judgement, _ emit: (Transition) -> Void) {
    var t = transition(.highUse, .opened, j)
    t.onset = Timestamp(milliseconds: fast.start)
    t.firstOnset = t.onset
    t.severity = .info
    t.evidence = .cusum
    t.excess = Double(fast.excess)
    t.volume = Double(max(0, fast.excessSum))
    t.observed = t.expected + t.excess
    t.isGrowing = false
    emit(t)
    t.change = .closed
    emit(t)
    fast.reset()
  }

  /// Opens an event for a rise over weeks, much of which has been learnt: what was learnt is taken back, so that the leak can be followed.
  private mutating func openSlowLeak(_ f: Finding, _ j: Judgement, _ emit: (Transition) -> Void) {
    let span = night.trend.span
    let (seen, _) = residualSummary(hours: 48, j)
    let learnt = max(0, f.excess - max(0, seen))
    baseline.shift(by: -learnt)
    residuals.raise(by: learnt * baseline.inverseQuantum, overHours: span * 24)
    let onset = j.judged - Int64(span) * 86_400_000
    open(.incipient, f, onset: onset, volume: Double(f.excess) * Double(span) * 12, j, emit)
  }

  /// Opens an event.
  /// - Parameter volume: m³ lost so far; nil = the residuals since onset.
  mutating func open(
    _ kind: EventKind, _ f: Finding, onset: Int64, volume lost: Double? = nil, _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    let floor = event.closed == Int64.min ? onset : max(onset, event.closed &+ 1)
    let closed = event.closed
    let (recent, commonTold) = (event.recent, event.commonTold)
    event = EventState()
    event.recent = recent + 1
    event.commonTold = commonTold
    event.closed = closed
    event.kind = kind.rawValue
    event.opened = j.judged
    event.onset = min(floor, j.judged)
    event.firstOnset = event.onset
    event.lastUpdate = j.judged
    event.estimate = f.excess
    event.step = f.excess
    event.announced = f.excess
    event.dayAgo = f.excess
    event.evidence = f.evidence.rawValue
    event.ratio = f.ratio
    event.volume = lost ?? volume(since: event.onset, j)
    event.severity = severity.rawValue
    baseline.emptyQueue()
    threshold.discard()
    // An edge that is held back is of this leak.
    edge.release()
    emit(transition(kind, .opened, j))
  }

  /// Follows an open leak by the hour: size, volume, end.
  mutating func followLeak(residual: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    event.volume += Double(max(0, residual.isFinite ? residual : event.estimate))
    // Hours before a second step say nothing about its size; an edge is two hours old when it is told.
    let since = event.escalated == Int64.min ? event.onset : max(event.onset, event.escalated - 7_200_000)
    let age = Int((j.judged - since) / 3_600_000)
    let (mean, median) = residualSummary(hours: min(max(age, 3), 24), j)
    // Unclipped: the clipped means of the statistics understate a large leak.
    let size = (mean + median) / 2
    event.estimate += 0.3 * (max(size, 0.2 * event.step) - event.estimate)
    followGrowth()
    // The reference for the end and for a second step follows slow growth, over some two days.
    if age >= 24 { event.step += 0.02 * (event.estimate - event.step) }
    // Of an hour that is not known nothing can be said.
    if residual.isFinite, isOver(age: age, j) { return close(nil, j, emit) }
    let f = secondStep(age: age, j)
    if f.ratio > 1 { return escalate(f, j, emit) }
    let changed = abs(event.estimate - event.announced) > 0.1 * event.announced
    let waited = j.judged - event.lastUpdate
    if (changed && waited >= 3_600_000) || waited >= 86_400_000 {
      event.lastUpdate = j.judged
      event.announced = event.estimate
      event.severity = max(event.severity, severity.rawValue)
      emit(transition(openKind, .updated, j))
    }
  }

  private mutating func followGrowth() {
    event.hoursSinceDayAgo += 1
    if event.hoursSinceDayAgo >= 24 {
      event.hoursSinceDayAgo = 0
      event.dayAgo = event.estimate
    }
  }

  /// Whether the excess has gone: most of ten hours (fewer after a short event) well below the estimate.
  ///
  /// A leak that is small against the usual variation of days needs a day or two to be told from it, in its end as in its beginning.
  private mutating func isOver(age: Int, _ j: Judgement) -> Bool {
    // Hours before it began were dry and say nothing about its end.
    guard age >= 3 else { return false }
    let ratio = event.step / max(noise.daily, 1e-9)
    let longest = baseline.form != .daily ? 48 : ratio > 4 ? 10 : ratio > 2 ? 24 : 48
    let known = knownResiduals(hours: min(age, longest), j)
    guard baseline.form == .daily else { return known.mean < 0.4 * event.step }
    // The mean and the median below 0.4 of it, or one of them and the median below 0.6.
    return Selection.isMedian(j.scratch, known.count, below: (known.mean < 0.4 * event.step ? 0.6 : 0.4) * event.step)
  }

  /// A further leak on top of the open one, judged like a new one after its size is taken away.
  private mutating func secondStep(age: Int, _ j: Judgement) -> Finding {
    var f = Finding()
    guard age >= 24, j.judged - max(event.escalated, event.opened) >= 24 * 3_600_000 else { return f }
    let t = j.tuning
    let (shifted, score) = (shift.means[ShiftState.day], shift.scores[ShiftState.day])
    guard shifted - event.step > t.escalateShare * event.step else { return f }
    let excess = min(shifted, residualSummary(hours: 24, j).median) - event.step
    let sigma = score > 0 ? shifted / score : .infinity
    if excess > t.escalateShare * event.step { f.consider(excess / sigma / (t.shift24 * threshold.factor), excess, .sustainedShift, 24) }
    return f
  }

  private mutating func escalate(_ f: Finding, _ j: Judgement, _ emit: (Transition) -> Void) {
    guard f.excess > j.tuning.escalateShare * max(event.step, event.estimate) else { return }
    enlarge(f, j, emit)
  }

  /// A further leak on top of the open one.
  mutating func enlarge(_ f: Finding, _ j: Judgement, _ emit: (Transition) -> Void) {
    event.estimate += f.excess
    event.step = event.estimate
    event.announced = event.estimate
    event.escalated = j.judged
    event.lastUpdate = j.judged
    event.evidence |= f.evidence.rawValue
    event.ratio = max(event.ratio, f.ratio)
    event.severity = max(event.severity, severity.rawValue)
    emit(transition(openKind, .escalated, j))
  }

  /// Closes the open leak.
  /// - Parameter action: what a person said; nil = the flow is back to usual.
  mutating func close(_ action: ActionKind?, _ j: Judgement, _ emit: (Transition) -> Void) {
    var t = transition(openKind, .closed, j)
    t.action = action
    emit(t)
    let hours = Int(clamping: (j.judged - event.onset) / 3_600_000) + 1
    residuals.forget(newest: hours)
    night.forget(newest: hours / 24 + 1)
    shift = ShiftState()
    present.discard()
    fast.reset()
    event.kind = 0
    event.closed = j.judged
  }

  var openKind: EventKind { EventKind(rawValue: event.kind) ?? .burst }

  private var severity: Severity {
    let share = event.estimate / max(abs(baseline.mean), 1e-6)
    return share >= 0.2 ? .critical : share >= 0.08 ? .major : .minor
  }

  /// m³ above expectation since `onset`, from the residuals that are kept (14 days).
  private mutating func volume(since onset: Int64, _ j: Judgement) -> Double {
    let hours = Int(clamping: (j.judged - onset) / 3_600_000)
    var sum: Double = 0
    var at = residuals.cursor
    for _ in 0..<min(max(hours, 0), ResidualRing.hours) {
      let c = residuals.code(at: at)
      if c != FixedPoint.missing { sum += Double(Float(c) * baseline.quantum) }
      at.goBack()
    }
    return max(sum, 0)
  }

  /// A transition of this sensor with all figures of the present moment.
  mutating func transition(_ kind: EventKind, _ change: EventChange, _ j: Judgement) -> Transition {
    let isLeak = kind.isLeak
    let time = j.judged
    let expected =
      baseline.hasProfile ? Double(expectation(time: time, localHour: j.localHour(time), type: Int(baseline.todayType), j).0) : 0
    let excess = isLeak ? Double(event.estimate) : 0
    let r = event.ratio * event.ratio
    return Transition(
      slot: j.slot, kind: kind, change: change, severity: isLeak ? Severity(rawValue: event.severity) ?? .minor : .minor,
      evidence: isLeak ? Evidence(rawValue: event.evidence) : .health, time: j.now, onset: Timestamp(milliseconds: event.onset),
      firstOnset: Timestamp(milliseconds: event.firstOnset), expected: expected,
      observed: isLeak ? expected + excess : Double(health.lastValue), excess: excess, volume: isLeak ? event.volume : 0,
      confidence: isLeak ? Double(r / (r + 0.3)) : 1, isGrowing: isLeak && event.estimate > 1.1 * event.dayAgo)
  }
}
