extension BaselineState {
  /// Closes the present day: it waits in the queue, so that a leak which is found a day later has not been learnt.
  ///
  /// - Parameters:
  ///   - mayWait: false while a leak is open: the day is dropped.
  ///   - mayEnter: false while a leak is suspected: nothing passes from the queue into the ring.
  /// - Returns: whether the ring changed.
  mutating func endDay(mayWait: Bool, mayEnter: Bool) -> Bool {
    discardDay()
    let shown = meanOfToday()
    lastDay = shown.hours >= 18 ? shown.mean : .nan
    if shown.hours >= 12 {
      daysSeen = min(daysSeen + 1, 100_000)
      fitQuantum(to: shown.mean)
      if mayWait { enqueueToday() }
    }
    today = InlineArray<24, Float>(repeating: .nan)
    guard mayEnter else { return false }
    var changed = false
    // The first week is taken as it comes: there is nothing yet to compare it with.
    let wait = ringCount < 7 ? 0 : BaselineState.waiting
    while Int(queueCount) > wait {
      // What was done ahead reckons with one day.
      if changed || ringCount < 7 { discardAhead() }
      acceptOldest()
      changed = true
    }
    return changed
  }

  /// Mean of the present day's known hours, m³/h, and how many these are.
  private mutating func meanOfToday() -> (mean: Float, hours: Int) {
    var hours = 0
    var sum: Float = 0
    for h in 0..<24 where today.at(h).isFinite {
      hours += 1
      sum += factor * today.at(h) + level
    }
    return (hours > 0 ? sum / Float(hours) : 0, hours)
  }

  // MARK: - The day's end ahead

  /// Puts the day that waits longest into the ring and the present one into the queue, as `endDay` would with a day that is free to enter, but so
  /// that `discardDay` can undo it: neither is counted yet.
  /// - Returns: false, with nothing changed, where more would happen than that.
  mutating func beginDay() -> Bool {
    guard ringCount >= 7, Int(queueCount) == BaselineState.waiting else { return false }
    let shown = meanOfToday()
    guard shown.hours >= 12, newQuantum(for: shown.mean) == nil else { return false }
    ahead.lastDay = shown.hours >= 18 ? shown.mean : .nan
    writeToday(behind: Int(queueCount))
    swapOldest()
    return true
  }

  /// Counts a day in that stands in the ring already: `refit` reckons with it. And out again.
  mutating func countDay() {
    ringNext = UInt8((Int(ringNext) + 1) % BaselineState.ringDays)
    ringCount = min(ringCount + 1, UInt8(BaselineState.ringDays))
  }

  /// Ends the day as `beginDay` and the refit after it foresaw. O(1)
  mutating func adoptDay(_ noise: inout NoiseState) {
    noise = ahead.noise
    (level, factor, mean, lastDay, form) = (ahead.level, ahead.factor, ahead.mean, ahead.lastDay, ahead.form)
    daysSeen = min(daysSeen + 1, 100_000)
    queueTypes.set(Int(queueCount), todayType)
    queueCount += 1
    countDay()
    dropOldest()
    today = InlineArray<24, Float>(repeating: .nan)
    turn()
    ahead.clear()
  }

  /// Undoes `beginDay`.
  private mutating func discardDay() {
    guard ahead.isDayDone else { return }
    swapOldest()
    ahead.clear()
  }

  /// Whatever changes ring, queue or quantum calls this first: what was done ahead reckons with them as they are.
  mutating func discardAhead() {
    discardDay()
    ahead.clear()
  }

  /// The day that waits longest, and the place in the ring that it will take.
  private mutating func swapOldest() {
    let d = Int(ringNext)
    for h in 0..<24 {
      let code = queue.at(h)
      queue.set(h, ring.at(BaselineState.place(d, h)))
      ring.set(BaselineState.place(d, h), code)
    }
    let type = queueTypes.at(0)
    queueTypes.set(0, ringTypes.at(d))
    ringTypes.set(d, type)
  }

  mutating func emptyQueue() {
    discardAhead()
    queueCount = 0
  }

  /// Moves the level by a step that a person vouched for, m³/h. Today is of both levels and teaches nothing.
  mutating func shift(by step: Float) {
    guard step.isFinite else { return }
    discardDay()
    level += step
    mean += step
    today = InlineArray<24, Float>(repeating: .nan)
  }

  private mutating func enqueueToday() {
    if Int(queueCount) == BaselineState.queueDays {
      discardAhead()
      dropOldest()
    }
    writeToday(behind: Int(queueCount))
    queueTypes.set(Int(queueCount), todayType)
    queueCount += 1
  }

  /// Writes the present day behind so many days of the queue.
  private mutating func writeToday(behind days: Int) {
    let inverse = inverseQuantum
    for h in 0..<24 {
      queue.set(days * 24 + h, today.at(h).isFinite ? FixedPoint.code(today.at(h), inverse: inverse) : FixedPoint.missing)
    }
  }

  private mutating func acceptOldest() {
    for h in 0..<24 { ring.set(BaselineState.place(Int(ringNext), h), queue.at(h)) }
    ringTypes.set(Int(ringNext), queueTypes.at(0))
    countDay()
    dropOldest()
  }

  private mutating func dropOldest() {
    guard queueCount > 0 else { return }
    queueCount -= 1
    let left = Int(queueCount)
    withUnsafeMutablePointer(to: &queue) {
      let codes = UnsafeMutableRawPointer($0).assumingMemoryBound(to: Int16.self)
      codes.update(from: codes + 24, count: left * 24)
    }
    for d in 0..<left { queueTypes.set(d, queueTypes.at(d + 1)) }
  }

  /// The quantum is 1/2048 of the mean at first, and again when the mean has moved by more than three times; nil where it stays.
  private mutating func newQuantum(for mean: Float) -> Float? {
    let wanted = max(abs(mean), 1e-6) / 2048
    return quantum == 0 || wanted > 3 * quantum || wanted * 3 < quantum ? wanted : nil
  }

  private mutating func fitQuantum(to mean: Float) {
    guard let wanted = newQuantum(for: mean) else { return }
    let factor = quantum / wanted
    discardAhead()
    if quantum > 0 {
      for i in 0..<ring.count where ring[i] != FixedPoint.missing { ring[i] = FixedPoint.code(Float(ring[i]), inverse: factor) }
      for i in 0..<queue.count where queue[i] != FixedPoint.missing { queue[i] = FixedPoint.code(Float(queue[i]), inverse: factor) }
    }
    quantum = wanted
  }
}
