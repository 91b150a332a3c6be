import Readings

extension SensorState {
  /// Milliseconds between readings: as set, else as learnt, else 0.
  var interval: Int64 { profile.expectedInterval > 0 ? profile.expectedInterval : health.interval }

  /// Takes a reading as it arrives: ends silence, restores the order and judges what is due.
  mutating func take(time: Int64, value: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    noteArrival(time: time, j, emit)
    _ = order.insert(time: time, value: value)
    while let due = order.next(interval: interval) {
      var judgement = j
      judgement.judged = due.time
      judge(time: due.time, value: due.value, judgement, emit)
    }
  }

  /// Judges one reading; times come in ascending order here.
  private mutating func judge(time: Int64, value: Float, _ j: Judgement, _ emit: (Transition) -> Void) {
    let before = (value: health.lastValue, time: health.lastTime)
    let verdict = health.assess(value, time: time, profile: profile)
    followFaults(verdict, value: value, time: time, j, emit)
    guard profile.quantity == Quantity.flow.rawValue else { return }
    let h = j.localHour(time)
    if h != hour.hour {
      if hour.hour != Int64.min && !hour.isDone { finishHour(j, emit) }
      hour.start(h)
    }
    if verdict == .valid {
      if !hour.isDone { hour.add(value) }
      testFast(value, time: time, localHour: h, before: before, j, emit)
    } else {
      health.invalidCount &+= 1
    }
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
      recordSpike(at: before.time, j, emit)
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
  func expectation(time: Int64, localHour: Int64, type: Int, _ j: Judgement) -> (Float, Float) {
    let h = Int(((localHour % 24) + 24) % 24)
    let here = baseline.expected(type: type, hour: h)
    guard interval > 0, interval < 1_800_000 else { return (here, baseline.spread[h]) }
    let position = Float(time - j.time(ofLocalHour: localHour)) / 3_600_000 - 0.5
    let other = position < 0 ? (h + 23) % 24 : (h + 1) % 24
    let there = baseline.expected(type: type, hour: other)
    return (here + (there - here) * abs(position), max(baseline.spread[h], baseline.spread[other]))
  }
}
