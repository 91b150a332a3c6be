import Readings

extension SensorState {
  /// Closes an open gap, or records one that nobody noticed while it lasted.
  mutating func noteArrival(time: Int64, arrival: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    // A zone that is not evaluated has a meter that is silent, which is told.
    guard profile.zone < 0 else { return }
    let last = order.newest
    // The first reading shows no rhythm, and memory is taken with the first look.
    if last != Int64.min { j.rhythm.pointee.note(time: time, arrival: arrival, newest: last, interval: interval) }
    if faults.onset(HealthIndex.gap) != Int64.min {
      if time > last { endFault(HealthIndex.gap, .gap, j, emit) }
      return
    }
    let limit = health.gapLimit(expected: profile.expectedInterval, minutes: j.settings.pointee.gapMinutes)
    // A clock that is put right leaves a hole in event time, through which readings came all the while.
    guard limit > 0, last != Int64.min, time - last > limit, faults.onset(HealthIndex.clockSkew) == Int64.min else { return }
    beginFault(HealthIndex.gap, .gap, onset: last, j, emit)
    endFault(HealthIndex.gap, .gap, j, emit)
  }

  /// Opens a gap when nothing has come for too long.
  mutating func noteSilence(_ j: Judgement, _ emit: (Transition) -> Void) {
    guard isSilent(j) else { return }
    let isBatched = rhythmLimit(j) > 0
    beginFault(HealthIndex.gap, .gap, onset: order.newest, j) { t in
      var t = t
      if isBatched { t.evidence.insert(.deliveryRhythm) }
      emit(t)
    }
  }

  /// Whether nothing has come for too long and no gap is open. Changes nothing.
  @inline(always) mutating func isSilent(_ j: Judgement) -> Bool {
    let last = order.newest
    let limit = health.gapLimit(expected: profile.expectedInterval, minutes: j.settings.pointee.gapMinutes)
    guard profile.zone < 0, limit > 0, last != Int64.min, faults.onset(HealthIndex.gap) == Int64.min else { return false }
    // A sender whose clock is behind is heard, though it tells of times that are known already.
    let heard = max(last, line.lastArrival)
    guard j.now.milliseconds - heard > limit else { return false }
    let rhythmLimit = rhythmLimit(j)
    return rhythmLimit == 0 || j.now.milliseconds - max(heard, j.rhythm.pointee.last) > rhythmLimit
  }

  /// Silence that makes a gap by the rhythm of its deliveries, ms, where that is known and longer than by the interval, and nothing was set; else 0.
  private mutating func rhythmLimit(_ j: Judgement) -> Int64 {
    guard j.settings.pointee.gapMinutes == 0 else { return 0 }
    let limit = j.rhythm.pointee.limit(after: order.newest)
    return limit > health.gapLimit(expected: profile.expectedInterval, minutes: 0) ? limit : 0
  }

  /// Opens and closes the faults that single values show. Three in a row make a fault; one good value ends it.
  @inline(always) mutating func followFaults(
    _ verdict: Plausibility, value: Float, time: Int64, _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    guard verdict == .valid, health.openFaults == 0 else { return changeFaults(verdict, value: value, time: time, j, emit) }
    health.badRun = 0
  }

  @inline(never) private mutating func changeFaults(
    _ verdict: Plausibility, value: Float, time: Int64, _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    if verdict == .valid {
      health.badRun = 0
      endFault(HealthIndex.stuck, .stuck, j, emit)
      endFault(HealthIndex.outOfRange, .outOfRange, j, emit)
      endFault(HealthIndex.reverse, .reverseFlow, j, emit)
      endFault(HealthIndex.unitJump, .unitJump, j, emit)
      return
    }
    health.badRun = min(health.badRun + 1, 1_000_000)
    switch verdict {
    case .valid: break
    case .stuck: beginFault(HealthIndex.stuck, .stuck, onset: health.runStart, j, emit)
    case .outOfRange where health.badRun >= 3: beginFault(HealthIndex.outOfRange, .outOfRange, onset: time, j, emit)
    case .reverse where health.badRun >= 3: beginFault(HealthIndex.reverse, .reverseFlow, onset: time, j, emit)
    // ×60 or ×1000: no main of this meter's pipe delivers more than 12 times its mean for six readings.
    case .implausible where health.badRun >= 6 && value > health.running:
      beginFault(HealthIndex.unitJump, .unitJump, onset: time, j, emit)
    default: break
    }
  }

  /// Records a value far beyond all others that came alone: it was left out.
  @inline(never) mutating func noteLoneValue(_ before: (value: Float, time: Int64), _ j: Judgement, _ emit: (Transition) -> Void) {
    guard isJudged, abs(before.value) > HealthState.most * health.running, interval > 0, interval <= 900_000 else { return }
    recordAtOnce(.spike, at: before.time, .info, j, emit)
  }

  /// While the unit is taken for changed one value of the usual size does not make it right again.
  mutating func confirmed(_ verdict: Plausibility) -> Plausibility {
    guard unit.isSmall else { return verdict }
    guard verdict == .valid else {
      unit.noteSmall()
      return verdict
    }
    return unit.noteUsual() ? .valid : .implausible
  }

  /// While values are too large for the meter those of its nights still are: at 16.7 times they look like a burst.
  @inline(always) func isUnitLarge(_ value: Float) -> Bool {
    faults.isOpen(HealthIndex.unitJump) && value > 3 * health.running
  }

  /// ÷60 or ÷1000, seen by the hour. `followFaults` ends it.
  mutating func followUnit(hour: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    guard baseline.hasProfile, hour != Int64.min else { return }
    let expected = baseline.expected(type: Int(baseline.todayType), hour: Int(((hour % 24) + 24) % 24))
    guard unit.endHour(expected: expected, mean: baseline.mean) else { return }
    // The hours until now were taken for what they claimed to be.
    baseline.today = InlineArray<24, Float>(repeating: .nan)
    baseline.emptyQueue()
    residuals.forget(newest: unit.hourCount)
    shift = ShiftState()
    present.discard()
    fast.reset()
    edge.reset()
    beginFault(HealthIndex.unitJump, .unitJump, onset: unit.since, j, emit)
  }

  /// Records what has no duration, a single-sample spike (指示値の瞬時異常) or a register that jumped: opened and closed at once.
  mutating func recordAtOnce(_ kind: EventKind, at time: Int64, _ severity: Severity, _ j: Judgement, _ emit: (Transition) -> Void) {
    var t = fault(kind, .opened, time, j)
    t.severity = severity
    emit(t)
    t.change = .closed
    emit(t)
  }

  // MARK: - Line and clock

  /// While the sender's clock is wrong its readings belong to other hours: nothing is judged or learnt. A sender that was never in time
  /// is taken as it is: what was learnt of it has the same lag.
  @inline(always) var suspendsJudgement: Bool {
    health.openFaults > 0 && faults.isOpen(HealthIndex.clockSkew) && line.inTime >= 100
  }

  /// Follows how late readings come.
  mutating func followLine(time: Int64, arrival: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    switch line.note(time: time, arrival: arrival, interval: interval) {
    case .inTime:
      endFault(HealthIndex.lateFlush, .lateFlush, j, emit)
      endFault(HealthIndex.clockSkew, .clockSkew, j, emit)
    case .late: break
    case .flush: beginFault(HealthIndex.lateFlush, .lateFlush, onset: line.lateSince, j, emit)
    case .behind:
      endFault(HealthIndex.lateFlush, .lateFlush, j, emit)
      beginFault(HealthIndex.clockSkew, .clockSkew, onset: line.lateSince, j, emit)
    }
  }

  mutating func noteClockAhead(arrival: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    // Since the last reading that was in time.
    let onset = order.newest == Int64.min ? arrival : min(arrival, order.newest)
    if line.noteAhead() { beginFault(HealthIndex.clockSkew, .clockSkew, onset: onset, j, emit) }
  }

  private mutating func beginFault(_ i: Int, _ kind: EventKind, onset: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    guard faults.onset(i) == Int64.min else { return }
    faults.open(i, onset: onset)
    health.openFaults += 1
    emit(fault(kind, .opened, onset, j))
  }

  private mutating func endFault(_ i: Int, _ kind: EventKind, _ j: Judgement, _ emit: (Transition) -> Void) {
    let onset = faults.onset(i)
    guard onset != Int64.min else { return }
    faults.close(i)
    health.openFaults -= 1
    emit(fault(kind, .closed, onset, j))
  }

  private mutating func fault(_ kind: EventKind, _ change: EventChange, _ onset: Int64, _ j: Judgement) -> Transition {
    var t = transition(kind, change, j)
    t.onset = Timestamp(milliseconds: onset)
    t.firstOnset = t.onset
    return t
  }
}
