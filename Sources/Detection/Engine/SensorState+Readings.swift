import Readings

extension SensorState {
  /// Milliseconds between readings: as set, else as learnt, else 0.
  ///
  /// Of a totalizer: between the ends of its steps, which are 10 min at least.
  @inline(always) var interval: Int64 {
    guard profile.expectedInterval > 0 else { return health.interval }
    return isTotalizer ? max(health.interval, max(profile.expectedInterval, 600_000)) : profile.expectedInterval
  }

  @inline(always) var isTotalizer: Bool { profile.quantity == Quantity.total.rawValue }
  /// Whether leaks are looked for in what this sensor shows.
  @inline(always) var isJudged: Bool { !profile.isSecondary && (profile.quantity == Quantity.flow.rawValue || isTotalizer) }

  /// Takes a reading as it arrives: ends silence, restores the order and judges what is due.
  @inline(always) mutating func take(time: Int64, arrival: Int64, value: Double, _ j: Judgement, _ emit: (Transition) -> Void) {
    if !isUnremarkable(time: time, arrival: arrival, j) { noteRemarkable(time: time, arrival: arrival, j, emit) }
    if order.insert(time: time, value: value, in: &waiting) == .late { noteLate(time: time, value: value, j) }
    guard let due = order.next(interval: interval, from: &waiting) else { return }
    var judgement = j
    judgement.judged = due.time
    if isPlain, !due.value.isNaN {
      judge(time: due.time, value: Float(due.value), isPlain: true, judgement, emit)
    } else {
      judgeOther(time: due.time, value: due.value, judgement, emit)
    }
    if order.isDue(interval: interval, in: &waiting) { judgeMore(j, emit) }
  }

  /// Judges what else is due: seldom anything.
  @inline(never) private mutating func judgeMore(_ j: Judgement, _ emit: (Transition) -> Void) {
    var judgement = j
    while let due = order.next(interval: interval, from: &waiting) {
      judgement.judged = due.time
      judgeOther(time: due.time, value: due.value, judgement, emit)
    }
  }

  /// `take` from where readings come seldom.
  @inline(never) mutating func takeAside(time: Int64, arrival: Int64, value: Double, _ j: Judgement, _ emit: (Transition) -> Void) {
    take(time: time, arrival: arrival, value: value, j, emit)
  }

  @inline(never) private mutating func noteRemarkable(time: Int64, arrival: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    noteArrival(time: time, arrival: arrival, j, emit)
    followLine(time: time, arrival: arrival, j, emit)
  }

  @inline(never) private mutating func noteLate(time: Int64, value: Double, _ j: Judgement) {
    if !profile.zones.isEmpty, !isTotalizer, isPlausible(Float(value)) { j.shown.pointee.append(time, Float(value)) }
    mergeLate(time: time, value: Float(value), j)
  }

  /// A meter of flow of no zone, with no work, no open fault and a unit that is right: most of what `judge` asks for does not concern it.
  @inline(always) private var isPlain: Bool {
    mutating get {
      health.openFaults == 0 && profile.quantity == Quantity.flow.rawValue && !profile.isSecondary && profile.zones.isEmpty
        && work.isEmpty && !unit.isSmall
    }
  }

  @inline(never) private mutating func judgeOther(time: Int64, value: Double, _ j: Judgement, _ emit: (Transition) -> Void) {
    if isTotalizer {
      count(time: time, register: value, j, emit)
    } else if value.isNaN {
      judgeReverse(time: time, value: WaitingReadings.flow(ofReverse: value), j, emit)
    } else {
      judgeFlow(time: time, value: Float(value), j, emit)
    }
  }

  @inline(never) private mutating func judgeFlow(time: Int64, value: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    judge(time: time, value: value, isPlain: false, j, emit)
  }

  /// Whether `noteArrival` and `followLine` would say nothing: no fault is open, and the reading comes neither late nor after a gap or a pause.
  @inline(always) private mutating func isUnremarkable(time: Int64, arrival: Int64, _ j: Judgement) -> Bool {
    health.openFaults == 0 && max(time, arrival) &- order.newest <= HealthState.leastGap && j.settings.pointee.gapMinutes == 0
      && line.isPunctual(time: time, arrival: arrival, interval: interval)
  }

  /// Judges what a totalizer counted. A step's flow is judged as of its beginning.
  private mutating func count(time: Int64, register value: Double, _ j: Judgement, _ emit: (Transition) -> Void) {
    var judgement = j
    switch register.take(value, at: time) {
    case .waiting: return
    case .reset: recordAtOnce(.reset, at: time, .minor, j, emit)
    case .rollover(let flow, let since):
      recordAtOnce(.reset, at: time, .info, j, emit)
      judgement.judged = since
      judgeFlow(time: since, value: Float(flow), judgement, emit)
    case .flow(let flow, let since):
      judgement.judged = since
      judgeFlow(time: since, value: Float(flow), judgement, emit)
    }
  }

  /// A reading whose hour has been judged: it fills that hour in if it had no data. O(1).
  private mutating func mergeLate(time: Int64, value: Float, _ j: Judgement) {
    guard profile.quantity == Quantity.flow.rawValue, baseline.hasProfile, !suspendsJudgement, isPlausible(value), !work.covers(time) else {
      return
    }
    let h = j.localHour(time)
    // An hour that is half collected in `lateHour` has been entered already as far as it went.
    guard let age = residuals.age(ofHour: h), h == lateHour.hour || residuals.code(age: age) == FixedPoint.missing else { return }
    lateHour.add(value, minute: Int((time - j.time(ofLocalHour: h)) / 60_000), hour: h)
    let mean = lateHour.mean(interval: interval)
    guard mean.isFinite else { return }
    present.discard()
    let day = Int((h - ((h % 24) + 24) % 24) / 24)
    let hourOfDay = Int(((h % 24) + 24) % 24)
    let type = j.calendar.pointee.dayType(ofDay: day)
    let expected = baseline.expected(type: Int(type.rawValue), hour: hourOfDay)
    residuals.set(FixedPoint.code(mean - expected, inverse: baseline.inverseQuantum), age: age)
    if day == Int(baseline.day) { baseline.today[hourOfDay] = (mean - baseline.level) / baseline.factor }
  }

  /// Within the range of the meter and not far beyond what it has shown, m³/h.
  private func isPlausible(_ v: Float) -> Bool {
    Double(v) >= profile.low && Double(v) <= profile.high && (v >= 0 || profile.allowsReverseFlow)
      && abs(v) <= HealthState.most * health.running
  }

  /// Judges flow that was refused, for what it was then: also where the settings have come to allow it, and where its range ends at 0.
  @inline(never) private mutating func judgeReverse(time: Int64, value: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    let known = (profile.allowsReverseFlow, profile.low)
    (profile.allowsReverseFlow, profile.low) = (false, -.infinity)
    judgeFlow(time: time, value: value, j, emit)
    (profile.allowsReverseFlow, profile.low) = known
  }

  /// Judges one reading; times come in ascending order here.
  /// - Parameter isPlain: as `isPlain` says; a constant, so that what does not concern those is not asked.
  @inline(always) private mutating func judge(
    time: Int64, value: Float, isPlain: Bool, _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    let isWork = !isPlain && !work.isEmpty && followWork(time: time, j, emit)
    let before = (value: health.lastValue, time: health.lastTime)
    var verdict = health.assess(value, time: time, profile: &profile, isUnitSmall: !isPlain && unit.isSmall)
    if !isPlain, unit.isSmall { verdict = confirmed(verdict) }
    if !isPlain, verdict == .valid, health.openFaults > 0, isUnitLarge(value) { verdict = .implausible }
    if health.badRun == 1, verdict == .valid { noteLoneValue(before, j, emit) }
    if !isWork || verdict == .valid { followFaults(verdict, value: value, time: time, j, emit) }
    guard isPlain || isJudged else {
      if profile.isWatched, verdict == .valid { followGauge(value, time: time, j) }
      return
    }
    if time >= hour.end { startHour(at: time, j, emit) }
    let interval = interval
    if !isWork, verdict == .valid || verdict == .implausible { unit.add(value, time: time) }
    if isWork {
      countWork(value, time: time, j)
    } else if verdict == .valid, isPlain || !suspendsJudgement {
      if !isPlain, !profile.zones.isEmpty { j.shown.pointee.append(time, value) }
      if !hour.isDone { hour.add(value) }
      testFast(value, time: time, interval: interval, before: before, j, emit)
    } else {
      faults.invalidCount &+= 1
    }
    if time >= hour.ahead { prepareAhead(j) }
    // The last reading that is due in this hour completes it: hourly meters are not judged an hour late.
    if time &+ interval >= hour.end, !hour.isDone, interval > 0 {
      hour.isDone = true
      finishHour(j, emit)
    }
  }

  /// Ends the hour before the one of this moment.
  @inline(never) private mutating func startHour(at time: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    if hour.hour != Int64.min && !hour.isDone { finishHour(j, emit) }
    followUnit(hour: hour.hour, j, emit)
    let h = j.localHour(time)
    let due = dueAhead(ofHour: h, j)
    hour.start(h, end: j.time(ofLocalHour: h + 1), ahead: due)
  }

  @inline(never) private mutating func countWork(_ value: Float, time: Int64, _ j: Judgement) {
    guard baseline.hasProfile else { return }
    let expected = expectation(time: time, localHour: hour.hour, type: Int(baseline.todayType), j).0
    work.count(value - expected, time: time, longest: 2 * max(interval, 60_000))
  }

  /// Feeds the sequential test.
  @inline(always) private mutating func testFast(
    _ v: Float, time: Int64, interval: Int64, before: (value: Float, time: Int64), _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    guard present.holds(at: time, interval: interval) || renewPresent(v, time: time, interval: interval, j) else { return }
    assert(isPresentTrue(v, time: time, j))
    let (expected, spread) = (present.expected(at: time), present.spread)
    let residual = v - expected - (event.isOpen ? event.estimate : present.habit)
    let z = fast.standardised(residual, spread)
    if fast.isSpike(before: z), interval > 0, interval <= 900_000, baseline.form == .daily { takeBack(before, j, emit) }
    if fast.score > FastState.highUseScore { endHighUse(before: z, j, emit) }
    let drift = j.settings.pointee.tuning.cusumDrift
    fast.add(
      z, residual: residual, spread: spread, time: time, longest: max(interval, 60_000) &* 2, drift: drift,
      learns: !event.isOpen && fast.score == 0)
    if fast.score > 0 { judgeFast(time: time, j, emit) }
    if interval > 0, edge.add(v - expected - present.habit, time: time, interval: interval) {
      edge.judge(spread: spread, minutesAfter: Int64(j.settings.pointee.tuning.edgeMinutes))
      if edge.held > 0 { edge.follow() }
      if edge.height > 0 || edge.held > 0 { judgeEdge(time: time, j, emit) }
    }
  }

  /// Takes the reading before this one for a spike.
  @inline(never) private mutating func takeBack(_ before: (value: Float, time: Int64), _ j: Judgement, _ emit: (Transition) -> Void) {
    // From the mean if its hour is still being filled.
    if !hour.isDone, j.localHour(before.time) == hour.hour { hour.remove(before.value) }
    recordAtOnce(.spike, at: before.time, .info, j, emit)
  }
}
