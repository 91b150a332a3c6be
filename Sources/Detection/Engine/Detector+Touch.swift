import Readings

extension Detector {
  /// Readings whose records are brought into the cache together.
  static let lookahead = 8
  /// Fewer sensors than this stay in the cache anyhow.
  private static let fewSensors = 256
  /// Where what most readings need begins and ends in a record, bytes: with the last eight of `event` and the first eight of `work`.
  static var hotStart: Int { (MemoryLayout<EventState>.size - 8) / 64 * 64 }
  static var hotEnd: Int {
    MemoryLayout<EventState>.size + MemoryLayout<ReorderBuffer>.size + MemoryLayout<LineState>.size + MemoryLayout<ProfileState>.size
      + MemoryLayout<HealthState>.size + MemoryLayout<UnitState>.size + MemoryLayout<HourAccumulator>.size + MemoryLayout<PresentState>.size
      + MemoryLayout<FastState>.size + MemoryLayout<EdgeState>.size + 8
  }
  static var waiting: Int { hotEnd - 8 + MemoryLayout<WorkState>.size + MemoryLayout<FaultState>.size }

  /// Reads a word of each cache line that the next readings will need.
  ///
  /// Swift has no prefetch. But loads that do not depend on each other wait for memory together, while those of a judgement wait one
  /// after the other. The sum is kept only so that the loads stay.
  mutating func touch(_ batch: UnsafeBufferPointer<Reading>) {
    guard sensorCount >= Detector.fewSensors, batch.count > 1 else { return }
    var sum: UInt64 = 0
    for r in batch where r.slot >= 0 && Int(r.slot) < sensorCount {
      let record = UnsafeRawPointer(states + Int(r.slot))
      var place = Detector.hotStart
      while place < Detector.hotEnd {
        sum &+= record.load(fromByteOffset: place, as: UInt64.self)
        place &+= 64
      }
    }
    // What follows depends on what has come by now.
    for r in batch where r.slot >= 0 && Int(r.slot) < sensorCount { sum &+= touchMore(states + Int(r.slot), at: r.time.milliseconds) }
    touched &+= sum
  }

  /// Reads what else a reading will need: those that wait, and where an hour ends with it or a part of the next one's work is due, what that
  /// needs. Where this is wrong nothing happens but that something takes longer.
  @inline(__always) private mutating func touchMore(_ state: UnsafeMutablePointer<SensorState>, at time: Int64) -> UInt64 {
    let ends = state.pointee.order.ends
    let entries = UnsafeRawPointer(state) + Detector.waiting
    var sum = entries.load(fromByteOffset: ends.oldest &* WaitingReadings.entrySize, as: UInt64.self)
    sum &+= entries.load(fromByteOffset: ends.next &* WaitingReadings.entrySize, as: UInt64.self)
    let interval = state.pointee.health.interval
    // The reading that will be judged.
    let judged = interval > ReorderBuffer.window ? time : time &- ReorderBuffer.window
    if judged &+ interval >= state.pointee.hour.end, !state.pointee.hour.isDone {
      sum &+= Detector.linesOfHour(state, night: NightState.lastHour(settingsBlock.pointee))
    }
    if judged >= state.pointee.hour.ahead { sum &+= Detector.linesAhead(state, night: NightState.lastHour(settingsBlock.pointee)) }
    return sum
  }

  @inline(never) private static func linesOfHour(_ state: UnsafeMutablePointer<SensorState>, night: Int) -> UInt64 {
    let h = hourOfDay(state)
    var sum = lines(of: &state.pointee.noise) &+ lines(of: &state.pointee.shift) &+ lines(of: &state.pointee.threshold)
    sum &+= lines(of: &state.pointee.residuals) &+ lines(of: &state.pointee.baseline.hourly)
    sum &+= lines(of: &state.pointee.baseline.today) &+ lines(of: &state.pointee.baseline.level) &+ lines(of: &state.pointee.event)
    let type = Int(state.pointee.baseline.todayType)
    let place = state.pointee.baseline.place(type: type, hour: h, isNext: h == 0)
    sum &+= line(of: &state.pointee.baseline.profiles, at: place * 4)
    // With the first hour of a day the day before ends.
    if h == 0 {
      sum &+= lines(of: &state.pointee.baseline.ahead) &+ lines(of: &state.pointee.feedback)
      for d in 0...BaselineState.waiting { sum &+= line(of: &state.pointee.baseline.queue, at: d * 48) }
    }
    return h == night ? sum &+ lines(of: &state.pointee.night) : sum
  }

  @inline(never) private static func linesAhead(_ state: UnsafeMutablePointer<SensorState>, night: Int) -> UInt64 {
    let h = hourOfDay(state)
    var sum = line(of: &state.pointee.baseline.ring, at: BaselineState.place(0, h) * 2)
    sum &+= line(of: &state.pointee.baseline.ring, at: BaselineState.place(BaselineState.ringDays - 1, h) * 2)
    sum &+= line(of: &state.pointee.baseline.queue, at: h * 2) &+ lines(of: &state.pointee.baseline.ringTypes)
    for type in 0..<6 { sum &+= line(of: &state.pointee.baseline.profiles, at: (type * 24 + h) * 4) }
    // What `prepareDay` reads is nearly all there is.
    if h == 0 {
      sum &+= lines(of: &state.pointee.baseline) &+ lines(of: &state.pointee.residuals)
      return sum &+ lines(of: &state.pointee.shift) &+ lines(of: &state.pointee.noise) &+ lines(of: &state.pointee.feedback)
    }
    if h <= night { sum &+= lines(of: &state.pointee.night) }
    return sum &+ lines(of: &state.pointee.baseline.hourly)
  }

  private static func hourOfDay(_ state: UnsafeMutablePointer<SensorState>) -> Int {
    Int(((state.pointee.hour.hour % 24) + 24) % 24)
  }

  /// Reads a byte of each line that a part lies in.
  @inline(__always) private static func lines<Part>(of part: inout Part) -> UInt64 {
    var sum = line(of: &part, at: MemoryLayout<Part>.size - 1)
    var place = 0
    while place < MemoryLayout<Part>.size {
      sum &+= line(of: &part, at: place)
      place &+= 64
    }
    return sum
  }

  @inline(__always) private static func line<Part>(of part: inout Part, at place: Int) -> UInt64 {
    withUnsafeMutablePointer(to: &part) { UInt64(UnsafeRawPointer($0).load(fromByteOffset: place, as: UInt8.self)) }
  }
}
