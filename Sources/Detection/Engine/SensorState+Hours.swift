import Readings

extension SensorState {
  /// Ends the hour in the accumulator: residual, statistics, leak events.
  @inline(never) mutating func finishHour(_ j: Judgement, _ emit: (Transition) -> Void) {
    present.discard()
    if isTrendDue(j) { judgeTrend(j) }
    let number = hour.hour
    let day = Int32(clamping: number >= 0 ? number / 24 : (number - 23) / 24)
    if day != baseline.day {
      if baseline.day != Int32.min { endDay(j) }
      baseline.day = day
      baseline.todayType = j.shown.pointee.days.type(ofDay: Int(day), j.calendar).rawValue
      baseline.isUnsure = baseline.todayType == DayType.holiday.rawValue && (Int(day) + 3) % 7 != 6
    }
    if profile.cold == FrostState.Phase.frozen.rawValue { baseline.coldDay = day }
    let h = Int(number - Int64(day) * 24)
    // A quarter of an hour of readings at least.
    let enough = interval == 0 || Int64(hour.count) * max(interval, 1) >= 900_000
    let mean: Float = enough ? hour.mean : .nan
    if mean.isFinite { baseline.today[h] = (mean - baseline.level) / baseline.factor }
    followNight(mean, hourOfDay: h, day: day, j)
    guard baseline.hasProfile else { return }
    // On a day of which it is not known how it is kept the nearer expectation is taken: nearer to what flows without the leak.
    var residual = mean - baseline.expected(hour: h, near: event.isOpen ? mean - event.estimate : mean)
    if isFrozen {
      j.shown.pointee.coldResidual = residual
      residual = .nan
    }
    residuals.moveOn(to: number, &baseline, clip: j.settings.pointee.tuning.clip)
    residuals.append(residual.isFinite ? FixedPoint.code(residual, inverse: baseline.inverseQuantum) : FixedPoint.missing, hour: number)
    j.shown.pointee.hasEnded = true
    shift.update(&residuals, &baseline, noise, j.tuning, j.scratch)
    if event.isOpen {
      followLeak(residual: residual, j, emit)
    } else {
      lookForLeak(j, emit)
    }
  }

  private mutating func followNight(_ mean: Float, hourOfDay h: Int, day: Int32, _ j: Judgement) {
    let first = j.settings.pointee.nightStart / 60
    let last = NightState.lastHour(j.settings.pointee)
    if h >= first && h <= last { night.add(mean) }
    if h >= last && night.newest < day {
      night.endNight(
        day: day, usable: !event.isOpen && day > baseline.coldDay, quantum: baseline.quantum, mean: baseline.mean,
        yesterday: baseline.lastDay, j.scratch)
    }
  }

  /// The trend is judged in the hour after the night, by half of the sensors in the one after that: what grows for weeks can wait, and mornings on
  /// which it has to be looked at closely come for all sensors together.
  mutating func isTrendDue(_ j: Judgement) -> Bool {
    guard night.isTrendDue else { return false }
    let later = hour.hour - 1 - Int64(NightState.lastHour(j.settings.pointee))
    return j.slot & 1 == 0 || later % 24 != 0
  }

  /// At half of what counts the trend is shown already.
  mutating func judgeTrend(_ j: Judgement) {
    night.judgeTrend(quantum: baseline.quantum, least: j.tuning.trendFraction / 2 * abs(baseline.mean), j.scratch)
  }

  /// Whether something is wrong enough that nothing should be learnt.
  func isSuspicious(_ t: Tuning) -> Bool {
    for i in ShiftState.day...ShiftState.fourDays where shift.scores[i] > t.suspicion { return true }
    return fast.score > fastLimit(t)
  }

  /// What a day's end decides on.
  struct DayVerdict {
    /// The day may wait in the queue, and nothing suspicious keeps days from passing from there into the ring.
    let isFree: Bool
    let isSuspicious: Bool
    let isCold: Bool
    var mayEnter: Bool { isFree && !isSuspicious }
  }

  /// It only reads: a method that is not mutating would copy the whole record, here and below.
  mutating func dayVerdict(_ j: Judgement) -> DayVerdict {
    // After 40 days an open leak has become what this meter shows.
    let isSettled = event.isOpen && j.judged - event.opened > 40 * 86_400_000
    let isCold = baseline.day <= baseline.coldDay
    // A young baseline is suspicious of everything: it has to learn first.
    return DayVerdict(
      isFree: (!event.isOpen || isSettled || baseline.ringCount < 7) && !isCold,
      isSuspicious: baseline.ringCount >= 12 && j.judged > feedback.trustedUntil && isSuspicious(j.tuning), isCold: isCold)
  }

  /// Ends the local day: learning, unless it is suspended; noise, threshold.
  mutating func endDay(_ j: Judgement) {
    let verdict = dayVerdict(j)
    if isDayAhead(verdict) {
      baseline.adoptDay(&noise)
    } else {
      learnDay(verdict, j)
    }
    // A pump that stands still is no fault.
    if baseline.form == .onOff, profile.zone < 0 { profile.mayStand = true }
    fast.endDay(learns: !event.isOpen && !verdict.isSuspicious && !verdict.isCold)
    edge.endDay(learns: !event.isOpen && !verdict.isCold)
    event.recent *= 0.977
    feedback.endDay()
    if !event.isOpen { threshold.endDay(j.tuning, j.scratch) }
  }

  private mutating func learnDay(_ verdict: DayVerdict, _ j: Judgement) {
    // These reckon with the day as it was foreseen.
    residuals.older.discard()
    if baseline.ringCount >= 7 {
      baseline.level = nextLevel(suspicious: verdict.isSuspicious, j.tuning)
      if baseline.form == .daily { baseline.factor = nextFactor(level: baseline.level, j) }
    }
    let quantum = baseline.quantum
    let changed = baseline.endDay(mayWait: verdict.isFree, mayEnter: verdict.mayEnter)
    if quantum > 0 && baseline.quantum != quantum {
      residuals.rescale(quantum / baseline.quantum)
      night.rescale(quantum / baseline.quantum)
    }
    if changed { baseline.refit(&noise, j.tuning, j.scratch) }
  }

  /// The common factor, moved by what the last day says besides a constant: least squares of the residuals on [1, expected].
  /// - Parameter level: of the day that begins, m³/h.
  mutating func nextFactor(level: Float, _ j: Judgement) -> Float {
    let t = j.tuning
    let m = residualMoments(hours: 24, type: Int(baseline.todayType), level: level, limit: 6, j.scratch)
    let contrast = m.wmm - m.wm * m.wm / max(m.w, 1e-9)
    guard m.count >= 16, contrast > 0 else { return baseline.factor }
    let phi = (m.wem - m.we * m.wm / m.w) / contrast
    // Kalman: the factor walks by `factorStep` a day; hours are correlated, which makes the estimate worse by `factorNoise`.
    let q = t.factorStep * t.factorStep
    let gain = q / (q + t.factorNoise / contrast)
    let step = min(max(gain * phi, -t.factorDown), t.factorUp)
    return min(max(baseline.factor * (1 + step), 0.3), 3)
  }

  /// The slow level of the day that begins, m³/h: it moves quickly down, hardly up, so that a slow leak is not taken for growth.
  mutating func nextLevel(suspicious: Bool, _ t: Tuning) -> Float {
    let mean = abs(baseline.mean)
    let wanted = t.levelGain * shift.means[ShiftState.day]
    if event.isOpen { return baseline.level + min(max(wanted, -t.levelDown * mean), 0) }
    return suspicious ? baseline.level : baseline.level + min(max(wanted, -t.levelDown * mean), t.levelUp * mean)
  }
}
