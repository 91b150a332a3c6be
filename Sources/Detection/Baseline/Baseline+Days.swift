extension BaselineState {
  /// Closes the present day: it waits in the queue, so that a leak which is found a day later has not been learnt.
  ///
  /// - Parameters:
  ///   - mayWait: false while a leak is open: the day is dropped.
  ///   - mayEnter: false while a leak is suspected: nothing passes from the queue into the ring.
  /// - Returns: whether the ring changed.
  mutating func endDay(mayWait: Bool, mayEnter: Bool) -> Bool {
    var valid = 0
    var sum: Float = 0
    for h in 0..<24 where today.at(h).isFinite {
      valid += 1
      sum += factor * today.at(h) + level
    }
    defer { today = InlineArray<24, Float>(repeating: .nan) }
    lastDay = valid >= 18 ? sum / Float(valid) : .nan
    if valid >= 12 {
      daysSeen = min(daysSeen + 1, 100_000)
      fitQuantum(to: max(abs(sum / Float(valid)), 1e-6))
      if mayWait { enqueueToday() }
    }
    guard mayEnter else { return false }
    var changed = false
    // The first week is taken as it comes: there is nothing yet to compare it with.
    let wait = ringCount < 7 ? 0 : 2
    while Int(queueCount) > wait {
      // What was done ahead reckons with one day.
      if changed || ringCount < 7 { ahead.discard() }
      acceptOldest()
      changed = true
    }
    return changed
  }

  mutating func emptyQueue() {
    queueCount = 0
    ahead.discard()
  }

  /// Moves the level by a step that a person vouched for, m³/h. Today is of both levels and teaches nothing.
  mutating func shift(by step: Float) {
    guard step.isFinite else { return }
    level += step
    mean += step
    today = InlineArray<24, Float>(repeating: .nan)
  }

  private mutating func enqueueToday() {
    if Int(queueCount) == BaselineState.queueDays {
      dropOldest()
      ahead.discard()
    }
    let base = Int(queueCount) * 24
    let inverse = inverseQuantum
    for h in 0..<24 { queue.set(base + h, today.at(h).isFinite ? FixedPoint.code(today.at(h), inverse: inverse) : FixedPoint.missing) }
    queueTypes[Int(queueCount)] = todayType
    queueCount += 1
  }

  private mutating func acceptOldest() {
    for h in 0..<24 { ring.set(BaselineState.place(Int(ringNext), h), queue.at(h)) }
    ringTypes[Int(ringNext)] = queueTypes.at(0)
    ringNext = UInt8((Int(ringNext) + 1) % BaselineState.ringDays)
    ringCount = min(ringCount + 1, UInt8(BaselineState.ringDays))
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

  /// Sets the quantum to 1/2048 of the mean at first, and again when the mean has moved by more than three times.
  private mutating func fitQuantum(to mean: Float) {
    let wanted = mean / 2048
    guard quantum == 0 || wanted > 3 * quantum || wanted * 3 < quantum else { return }
    let factor = quantum / wanted
    ahead.discard()
    if quantum > 0 {
      for i in 0..<ring.count where ring[i] != FixedPoint.missing { ring[i] = FixedPoint.code(Float(ring[i]), inverse: factor) }
      for i in 0..<queue.count where queue[i] != FixedPoint.missing { queue[i] = FixedPoint.code(Float(queue[i]), inverse: factor) }
    }
    quantum = wanted
  }
}
