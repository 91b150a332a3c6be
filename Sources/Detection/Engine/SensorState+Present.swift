import Readings

/// What is expected at a moment.
extension SensorState {
  /// Expected value and hour-level σ at a moment of a day of that type, m³/h. Short intervals are interpolated between hours.
  mutating func expectation(time: Int64, localHour: Int64, type: Int, _ j: Judgement) -> (Float, Float) {
    let age = time - j.time(ofLocalHour: localHour)
    let level = level(hour: Int(((localHour % 24) + 24) % 24), isLater: age >= 1_800_000, type: type)
    return (PresentState.expected(level.here, level.there, Float(age)), level.spread)
  }

  /// - Parameter isLater: whether it is the hour's second half.
  private mutating func level(hour h: Int, isLater: Bool, type: Int) -> PresentState.Level {
    let here = baseline.expected(type: type, hour: h)
    guard interval > 0, interval < 1_800_000 else { return PresentState.Level(here: here, there: here, spread: baseline.spread(h)) }
    let other = isLater ? (h + 1) % 24 : (h + 23) % 24
    return PresentState.Level(
      here: here, there: baseline.expected(type: type, hour: other), spread: max(baseline.spread(h), baseline.spread(other)))
  }

  /// Works out `present` for the half hour of this reading; it stays empty while there is nothing to compare with.
  /// - Returns: whether it holds for this reading.
  @inline(never) mutating func renewPresent(_ v: Float, time: Int64, interval: Int64, _ j: Judgement) -> Bool {
    guard let state = presentState(v, time: time, j) else {
      present.discard()
      return false
    }
    present = state
    return present.holds(at: time, interval: interval)
  }

  private mutating func presentState(_ v: Float, time: Int64, _ j: Judgement) -> PresentState? {
    guard baseline.hasProfile, baseline.daysSeen >= 2, baseline.day != Int32.min else { return nil }
    let start = j.time(ofLocalHour: hour.hour)
    let isLater = time - start >= 1_800_000
    let h = Int(((hour.hour % 24) + 24) % 24)
    var level = level(hour: h, isLater: isLater, type: Int(baseline.todayType))
    if baseline.isUnsure {
      let work = self.level(hour: h, isLater: isLater, type: 0)
      let age = Float(time - start)
      if abs(v - PresentState.expected(work.here, work.there, age)) < abs(v - PresentState.expected(level.here, level.there, age)) {
        level = work
      }
    }
    let newest = residuals.newest
    let habit = newest == Int64.min ? 0 : Float(residuals.usualExcess(age: Int(clamping: newest - hour.hour))) * baseline.quantum
    let from = isLater ? start + 1_800_000 : start
    // How a day is kept that may be kept in two ways is asked at each reading.
    return PresentState(
      from: baseline.isUnsure ? time : from, to: baseline.isUnsure ? time + 1 : from + 1_800_000, start: start, interval: interval, level,
      habit: habit)
  }

  /// For assertions: `present` says what would come out now.
  func isPresentTrue(_ v: Float, time: Int64, _ j: Judgement) -> Bool {
    var copy = self
    guard let state = copy.presentState(v, time: time, j) else { return false }
    return state.expected(at: time) == present.expected(at: time) && state.spread == present.spread && state.habit == present.habit
  }
}
