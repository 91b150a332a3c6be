import Readings

/// What is done before it is needed, so that full hours, at which all sensors have much to do at once, have less of it. Each sensor does it
/// at a minute of the hour that follows from its slot. Only values that come out the same later are computed, and what they were computed
/// from is checked when they are used: judgements do not depend on it.
extension SensorState {
  /// Event time in a local hour from which `prepareAhead` is due, ms: scattered over the hour but for its last two readings. It only reads: a
  /// method that is not mutating would copy the whole record.
  mutating func dueAhead(ofHour h: Int64, _ j: Judgement) -> Int64 {
    guard baseline.hasProfile else { return Int64.max }
    return j.time(ofLocalHour: h) + SensorState.delayAhead(j.slot, interval: interval)
  }

  /// How long after an hour's beginning that is, ms.
  @inline(always) static func delayAhead(_ slot: SensorSlot, interval: Int64) -> Int64 {
    let room = max(0, 3_600_000 - 2 * interval)
    // Fibonacci hashing (Knuth 1973): neighbouring slots lie far apart.
    let share = Int64((UInt32(bitPattern: slot) &* 2_654_435_769) >> 16)
    return (room * share) >> 16
  }

  /// Does a part of the day's end each hour, the rest of it in the hour before it is due; what the night's end needs; and judges the trend of the
  /// night that has ended.
  @inline(never) mutating func prepareAhead(_ j: Judgement) {
    hour.ahead = Int64.max
    let h = Int(((hour.hour % 24) + 24) % 24)
    baseline.prepare(hour: h, j.scratch)
    // The first hour of the next day has the day's end to do.
    if h == 23 { baseline.prepare(hour: 0, j.scratch) }
    // The day ends with the end of the next day's first hour.
    if h == 0, !hour.isDone, interval <= 1_800_000, baseline.ahead.isComplete { prepareDay(j) }
    if isTrendDue(j) { judgeTrend(j) }
    let left = NightState.lastHour(j.settings.pointee) - h
    if left == 0 || left == 1 { night.prepare(day: Int32(clamping: (hour.hour - Int64(h)) / 24), j.scratch) }
  }

  /// Does the day's end but for what it decides in its last hour: `isDayAhead` asks then whether this holds.
  private mutating func prepareDay(_ j: Judgement) {
    guard !event.isOpen, baseline.day < Int32(clamping: hour.hour / 24), dayVerdict(j).mayEnter else { return }
    let kept = (noise: noise, level: baseline.level, factor: baseline.factor, mean: baseline.mean, form: baseline.form)
    let (ringNext, ringCount) = (baseline.ringNext, baseline.ringCount)
    baseline.level = nextLevel(suspicious: false, j.tuning)
    if baseline.form == .daily { baseline.factor = nextFactor(level: baseline.level, j) }
    if baseline.beginDay() {
      baseline.countDay()
      baseline.refit(&noise, j.tuning, j.scratch)
      let hour = residuals.newest + 1
      residuals.older = ShiftOlder(hour: hour, ShiftDays(hour: hour, &residuals, &baseline, clip: j.tuning.clip, j.scratch))
      baseline.ahead.note(noise, level: baseline.level, factor: baseline.factor, mean: baseline.mean, form: baseline.form)
      (baseline.ringNext, baseline.ringCount) = (ringNext, ringCount)
      baseline.turn()
    }
    noise = kept.noise
    (baseline.level, baseline.factor, baseline.mean, baseline.form) = (kept.level, kept.factor, kept.mean, kept.form)
  }

  /// Whether the day's end is done already, as it has come to be: whatever changes residuals that it reckons with discards `residuals.older`,
  /// and whatever changes the baseline discards what it has ahead.
  mutating func isDayAhead(_ verdict: DayVerdict) -> Bool {
    baseline.ahead.isDayDone && verdict.mayEnter && !event.isOpen && residuals.older.isFor(residuals.newest + 1)
  }
}
