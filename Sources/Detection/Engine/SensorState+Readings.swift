import Readings

extension SensorState {
  /// Milliseconds between readings: as set, else as learnt, else 0.
  ///
  /// Of a totalizer: between the ends of its steps, which are 10 min at least.
  var interval: Int64 {
    guard profile.expectedInterval > 0 else { return health.interval }
    return isTotalizer ? max(health.interval, max(profile.expectedInterval, 600_000)) : profile.expectedInterval
  }

  var isTotalizer: Bool { profile.quantity == Quantity.total.rawValue }
  /// Whether leaks are looked for in what this sensor shows.
  var isJudged: Bool { !profile.isSecondary && (profile.quantity == Quantity.flow.rawValue || isTotalizer) }

  /// Takes a reading as it arrives: ends silence, restores the order and judges what is due.
  mutating func take(time: Int64, arrival: Int64, value: Double, _ j: Judgement, _ emit: (Transition) -> Void) {
    if !isUnremarkable(time: time, arrival: arrival, j) {
      noteArrival(time: time, arrival: arrival, j, emit)
      followLine(time: time, arrival: arrival, j, emit)
    }
    if order.insert(time: time, value: value, in: &waiting) == .late {
      if !profile.zones.isEmpty, !isTotalizer, isPlausible(Float(value)) { j.shown.pointee.append(time, Float(value)) }
      mergeLate(time: time, value: Float(value), j)
    }
    var judgement = j
    while let due = order.next(interval: interval, from: &waiting) {
      judgement.judged = due.time
      if isTotalizer {
        count(time: due.time, register: due.value, judgement, emit)
      } else if due.value.isNaN {
        judgeReverse(time: due.time, value: WaitingReadings.flow(ofReverse: due.value), judgement, emit)
      } else {
        judge(time: due.time, value: Float(due.value), judgement, emit)
      }
    }
  }

  /// Whether `noteArrival` and `followLine` would say nothing: no fault is open, and the reading comes neither late nor after a gap or a pause.
  @inline(__always) private mutating func isUnremarkable(time: Int64, arrival: Int64, _ j: Judgement) -> Bool {
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
      judge(time: since, value: Float(flow), judgement, emit)
    case .flow(let flow, let since):
      judgement.judged = since
      judge(time: since, value: Float(flow), judgement, emit)
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
    judge(time: time, value: value, j, emit)
    (profile.allowsReverseFlow, profile.low) = known
  }

  /// Judges one reading; times come in ascending order here.
  private mutating func judge(time: Int64, value: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    let isWork = !work.isEmpty && followWork(time: time, j, emit)
    let before = (value: health.lastValue, time: health.lastTime)
    var verdict = health.assess(value, time: time, profile: &profile, isUnitSmall: unit.isSmall)
    if unit.isSmall { verdict = confirmed(verdict) }
    if verdict == .valid, health.openFaults > 0, isUnitLarge(value) { verdict = .implausible }
    if health.badRun == 1, verdict == .valid { noteLoneValue(before, j, emit) }
    if !isWork || verdict == .valid { followFaults(verdict, value: value, time: time, j, emit) }
    guard isJudged else {
      if profile.isWatched, verdict == .valid { followGauge(value, time: time, j) }
      return
    }
    if time >= hour.end { startHour(at: time, j, emit) }
    let interval = interval
    if !isWork, verdict == .valid || verdict == .implausible { unit.add(value, time: time) }
    if isWork {
      countWork(value, time: time, j)
    } else if verdict == .valid, !suspendsJudgement {
      if !profile.zones.isEmpty { j.shown.pointee.append(time, value) }
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
  private mutating func startHour(at time: Int64, _ j: Judgement, _ emit: (Transition) -> Void) {
    if hour.hour != Int64.min && !hour.isDone { finishHour(j, emit) }
    followUnit(hour: hour.hour, j, emit)
    let h = j.localHour(time)
    let due = dueAhead(ofHour: h, j)
    hour.start(h, end: j.time(ofLocalHour: h + 1), ahead: due)
  }

  private mutating func countWork(_ value: Float, time: Int64, _ j: Judgement) {
    guard baseline.hasProfile else { return }
    let expected = expectation(time: time, localHour: hour.hour, type: Int(baseline.todayType), j).0
    work.count(value - expected, time: time, longest: 2 * max(interval, 60_000))
  }

  /// Feeds the sequential test.
  @inline(__always) private mutating func testFast(
    _ v: Float, time: Int64, interval: Int64, before: (value: Float, time: Int64), _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    if !present.holds(at: time, interval: interval) { renewPresent(v, time: time, j) }
    guard present.holds(at: time, interval: interval) else { return }
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
  private mutating func takeBack(_ before: (value: Float, time: Int64), _ j: Judgement, _ emit: (Transition) -> Void) {
    // From the mean if its hour is still being filled.
    if !hour.isDone, j.localHour(before.time) == hour.hour { hour.remove(before.value) }
    recordAtOnce(.spike, at: before.time, .info, j, emit)
  }
}
