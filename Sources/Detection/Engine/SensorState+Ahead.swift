import Readings

/// What is done before it is needed, so that full hours, at which all sensors have much to do at once, have less of it. Each sensor does it
/// at a minute of the hour that follows from its slot. Only values that come out the same later are computed, and what they were computed
/// from is checked when they are used: judgements do not depend on it.
extension SensorState {
  /// Event time in a local hour from which `prepareAhead` is due, ms: scattered over the hour but for its last two readings. It only reads: a
  /// method that is not mutating would copy the whole record.
  mutating func dueAhead(ofHour h: Int64, _ j: Judgement) -> Int64 {
    guard baseline.hasProfile else { return Int64.max }
    let room = max(0, 3_600_000 - 2 * interval)
    // Fibonacci hashing (Knuth 1973): neighbouring slots lie far apart.
    let share = Int64((UInt32(bitPattern: j.slot) &* 2_654_435_769) >> 16)
    return j.time(ofLocalHour: h) + (room * share) >> 16
  }

  /// Does a part of the day's end each hour, the rest of it in the hour before it is due, and the night's trend in the night's last two hours.
  mutating func prepareAhead(_ j: Judgement) {
    hour.ahead = Int64.max
    let h = Int(((hour.hour % 24) + 24) % 24)
    baseline.prepare(hour: h, j.scratch)
    // The day ends with the end of the next day's first hour.
    if h == 0, interval <= 1_800_000, baseline.ahead.isComplete { prepareDay(j) }
    let last = NightState.lastHour(j.settings.pointee)
    guard h == last || h == last - 1 && h > 0 else { return }
    let day = Int32(clamping: (hour.hour - Int64(h)) / 24)
    if h == last {
      night.prepare(day: day, usable: !event.isOpen, quantum: baseline.quantum, yesterday: baseline.lastDay, j.scratch)
    } else {
      night.prepareDays(day: day, usable: !event.isOpen, quantum: baseline.quantum, yesterday: baseline.lastDay, j.scratch)
    }
  }

  /// Ends the day in a copy, to see what comes of it.
  private mutating func prepareDay(_ j: Judgement) {
    var next = self
    next.endDay(j)
    guard next.baseline.ringNext != baseline.ringNext else { return }
    baseline.ahead.note(next.noise, next.baseline)
    let hour = residuals.newest + 1
    residuals.older = ShiftOlder(hour: hour, ShiftDays(hour: hour, &next.residuals, &next.baseline, clip: j.tuning.clip, j.scratch))
  }
}
