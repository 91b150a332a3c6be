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
    noteArrival(time: time, j, emit)
    followLine(time: time, arrival: arrival, j, emit)
    if order.insert(time: time, value: value) == .late {
      if !profile.zones.isEmpty, !isTotalizer, isPlausible(Float(value)) { j.shown.pointee.append(time, Float(value)) }
      mergeLate(time: time, value: Float(value), j)
    }
    while let due = order.next(interval: interval) {
      var judgement = j
      judgement.judged = due.time
      if isTotalizer {
        count(time: due.time, register: due.value, judgement, emit)
      } else {
        judge(time: due.time, value: Float(due.value), judgement, emit)
      }
    }
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
    let day = Int((h - ((h % 24) + 24) % 24) / 24)
    let hourOfDay = Int(((h % 24) + 24) % 24)
    let type = j.calendar.pointee.dayType(ofDay: day)
    let expected = baseline.expected(type: Int(type.rawValue), hour: hourOfDay)
    residuals.set(FixedPoint.code(mean - expected, inverse: baseline.inverseQuantum), age: age)
    if day == Int(baseline.day) { baseline.today[hourOfDay] = (mean - baseline.level) / baseline.factor }
  }

  /// Within the range of the meter and not far beyond what it has shown, m³/h.
  private func isPlausible(_ v: Float) -> Bool {
    Double(v) >= profile.low && Double(v) <= profile.high && (v >= 0 || profile.allowsReverseFlow) && abs(v) <= 12 * health.running
  }

  /// Judges one reading; times come in ascending order here.
  private mutating func judge(time: Int64, value: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    let isWork = followWork(time: time, j, emit)
    let before = (value: health.lastValue, time: health.lastTime)
    let verdict = confirmed(health.assess(value, time: time, profile: &profile, isUnitSmall: unit.isSmall))
    if !isWork || verdict == .valid { followFaults(verdict, value: value, time: time, j, emit) }
    guard isJudged else {
      if profile.isWatched, verdict == .valid { followGauge(value, time: time, j) }
      return
    }
    let h = j.localHour(time)
    if h != hour.hour {
      if hour.hour != Int64.min && !hour.isDone { finishHour(j, emit) }
      followUnit(hour: hour.hour, j, emit)
      hour.start(h, ahead: dueAhead(ofHour: h, j))
    }
    if !isWork, verdict == .valid || verdict == .implausible { unit.add(value, time: time) }
    if isWork {
      if baseline.hasProfile {
        work.count(
          value - expectation(time: time, localHour: h, type: Int(baseline.todayType), j).0, time: time, longest: 2 * max(interval, 60_000))
      }
    } else if verdict == .valid, !suspendsJudgement {
      if !profile.zones.isEmpty { j.shown.pointee.append(time, value) }
      if !hour.isDone { hour.add(value) }
      testFast(value, time: time, localHour: h, before: before, j, emit)
    } else {
      health.invalidCount &+= 1
    }
    if time >= hour.ahead { prepareAhead(j) }
    // The last reading that is due in this hour completes it: hourly meters are not judged an hour late.
    if !hour.isDone, interval > 0, j.localHour(time + interval) != h {
      hour.isDone = true
      finishHour(j, emit)
    }
  }

  /// Feeds the sequential test.
  private mutating func testFast(
    _ v: Float, time: Int64, localHour: Int64, before: (value: Float, time: Int64), _ j: Judgement, _ emit: (Transition) -> Void
  ) {
    guard baseline.hasProfile, baseline.daysSeen >= 2, baseline.day != Int32.min else { return }
    var (expected, spread) = expectation(time: time, localHour: localHour, type: Int(baseline.todayType), j)
    if baseline.isUnsure {
      let work = expectation(time: time, localHour: localHour, type: 0, j)
      if abs(v - work.0) < abs(v - expected) { (expected, spread) = work }
    }
    let age = residuals.newest == Int64.min ? 0 : Int(clamping: residuals.newest - localHour)
    let habit = residuals.newest == Int64.min ? 0 : Float(residuals.usualExcess(age: age)) * baseline.quantum
    let residual = v - expected - (event.isOpen ? event.estimate : habit)
    if interval > 0, interval <= 900_000, fast.isSpike(before: fast.standardised(residual, spread)) {
      // Taken back from the mean if its hour is still being filled.
      if !hour.isDone, j.localHour(before.time) == localHour { hour.remove(before.value) }
      recordAtOnce(.spike, at: before.time, .info, j, emit)
    }
    endHighUse(before: fast.standardised(residual, spread), j, emit)
    fast.add(
      residual: residual, spread: spread, time: time, longest: max(interval, 60_000) * 2, drift: j.tuning.cusumDrift,
      learns: !event.isOpen && fast.score == 0)
    judgeFast(time: time, j, emit)
    if interval > 0, edge.add(v - expected - habit, time: time, interval: interval) {
      edge.judge(spread: spread, minutesAfter: Int64(j.tuning.edgeMinutes))
      judgeEdge(time: time, j, emit)
    }
  }

  /// Expected value and hour-level σ at a moment of a day of that type, m³/h. Short intervals are interpolated between hours.
  mutating func expectation(time: Int64, localHour: Int64, type: Int, _ j: Judgement) -> (Float, Float) {
    let h = Int(((localHour % 24) + 24) % 24)
    let here = baseline.expected(type: type, hour: h)
    guard interval > 0, interval < 1_800_000 else { return (here, baseline.spread.at(h)) }
    let position = Float(time - j.time(ofLocalHour: localHour)) / 3_600_000 - 0.5
    let other = position < 0 ? (h + 23) % 24 : (h + 1) % 24
    let there = baseline.expected(type: type, hour: other)
    return (here + (there - here) * abs(position), max(baseline.spread.at(h), baseline.spread.at(other)))
  }
}
