import CMachine
import Readings

extension Detector {
  /// Readings between asking for a record and using it.
  private static let ahead = 12
  /// Fewer sensors than this stay in the cache anyhow.
  static let fewSensors = 256
  /// Where what most readings need begins and ends in a record, bytes: with the last eight of `event` and the first eight of `work`.
  static var hotStart: Int { (MemoryLayout<EventState>.size - 8) / 64 * 64 }
  static var hotEnd: Int {
    MemoryLayout<EventState>.size + MemoryLayout<ReorderBuffer>.size + MemoryLayout<LineState>.size + MemoryLayout<ProfileState>.size
      + MemoryLayout<HealthState>.size + MemoryLayout<UnitState>.size + MemoryLayout<HourAccumulator>.size + MemoryLayout<PresentState>.size
      + MemoryLayout<FastState>.size + MemoryLayout<EdgeState>.size + 8
  }
  static var waiting: Int { hotEnd - 8 + MemoryLayout<WorkState>.size + MemoryLayout<FaultState>.size }

  /// Asks for the cache lines that later readings of the batch will need, while reading `n` is judged: for what each reading needs of the one
  /// `ahead` places on, and for what else it needs of the one half as far away, whose record is near by then.
  ///
  /// What is asked for in vain costs time and changes nothing.
  @inline(always) func prefetch(_ batch: UnsafeBufferPointer<Reading>, beyond n: Int) {
    if n &+ Detector.ahead < batch.count { prefetchRecord(of: batch[n &+ Detector.ahead]) }
    let near = n &+ Detector.ahead / 2
    if near < batch.count { prefetchMore(for: batch[near]) }
  }

  /// The same for the readings with which a batch begins.
  func prefetchFirst(_ batch: UnsafeBufferPointer<Reading>) {
    for n in 0..<min(Detector.ahead, batch.count) { prefetchRecord(of: batch[n]) }
    for n in 0..<min(Detector.ahead / 2, batch.count) { prefetchMore(for: batch[n]) }
  }

  @inline(always) private func prefetchRecord(of r: Reading) {
    guard r.slot >= 0, Int(r.slot) < sensorCount else { return }
    let record = UnsafeRawPointer(states + Int(r.slot))
    var place = Detector.hotStart
    while place < Detector.hotEnd {
      mizumori_prefetch(record + place)
      place &+= 64
    }
  }

  /// Readings that wait, and where an hour ends with this one or a part of the next one's work is due, what that needs.
  @inline(always) private func prefetchMore(for r: Reading) {
    guard r.slot >= 0, Int(r.slot) < sensorCount else { return }
    let state = states + Int(r.slot)
    let ends = state.pointee.order.ends
    let entries = UnsafeRawPointer(state) + Detector.waiting
    mizumori_prefetch(entries + ends.oldest &* WaitingReadings.entrySize)
    mizumori_prefetch(entries + ends.next &* WaitingReadings.entrySize)
    let interval = state.pointee.health.interval
    let time = r.time.milliseconds
    // The reading that will be judged.
    let judged = interval > ReorderBuffer.window ? time : time &- ReorderBuffer.window
    if judged &+ interval >= state.pointee.hour.end, !state.pointee.hour.isDone {
      Detector.prefetchHour(of: state, night: NightState.lastHour(settingsBlock.pointee))
    }
    if state.pointee.present.isOver(at: judged) { Detector.prefetchPresent(of: state) }
    // With the first reading of an hour it may be due at once.
    let isNext = judged >= state.pointee.hour.end
    let due = isNext ? state.pointee.hour.end &+ SensorState.delayAhead(r.slot, interval: interval) : state.pointee.hour.ahead
    if judged >= due {
      Detector.prefetchAhead(of: state, hoursOn: isNext ? 1 : 0, night: NightState.lastHour(settingsBlock.pointee))
    }
  }

  /// What the end of an hour needs.
  @inline(never) private static func prefetchHour(of state: UnsafeMutablePointer<SensorState>, night: Int) {
    let h = hourOfDay(state)
    whole(&state.pointee.noise)
    whole(&state.pointee.shift)
    whole(&state.pointee.threshold)
    whole(&state.pointee.residuals)
    let hourly = state.pointee.baseline.hourlyPlace(isNext: h == 0) * 4
    for k in 0..<4 { line(of: &state.pointee.baseline.hourly, at: hourly + min(64 * k, 191)) }
    line(of: &state.pointee.baseline.today, at: h * 4)
    whole(&state.pointee.baseline.level)
    whole(&state.pointee.event)
    let type = Int(state.pointee.baseline.todayType)
    line(of: &state.pointee.baseline.profiles, at: state.pointee.baseline.place(type: type, hour: h, isNext: h == 0) * 4)
    // With the first hour of a day the day before ends.
    if h == 0 {
      whole(&state.pointee.baseline.ahead)
      whole(&state.pointee.baseline.today)
      whole(&state.pointee.baseline.ringTypes)
      whole(&state.pointee.baseline.queueTypes)
      whole(&state.pointee.feedback)
      // The days that wait, and the one that comes to them.
      for k in 0...3 { line(of: &state.pointee.baseline.queue, at: min(64 * k, 48 * (BaselineState.waiting + 1) - 1)) }
    }
    // Each hour asks which night is the newest: that stands behind the nights.
    line(of: &state.pointee.night, at: NightState.nights * 2)
    if h == night { whole(&state.pointee.night) }
  }

  /// What `renewPresent` needs: each half hour.
  @inline(never) private static func prefetchPresent(of state: UnsafeMutablePointer<SensorState>) {
    let h = hourOfDay(state)
    let type = Int(state.pointee.baseline.todayType)
    line(of: &state.pointee.baseline.level, at: 0)
    line(of: &state.pointee.baseline.profiles, at: state.pointee.baseline.place(type: type, hour: h, isNext: false) * 4)
    line(of: &state.pointee.baseline.hourly, at: (state.pointee.baseline.hourlyPlace(isNext: false) + h) * 4)
    for k in 1...4 { line(of: &state.pointee.residuals, at: state.pointee.residuals.byte(ofAge: 24 * ResidualRing.usualDay(k) - 1)) }
  }

  /// What `prepareAhead` needs, in this hour or one after it.
  @inline(never) private static func prefetchAhead(of state: UnsafeMutablePointer<SensorState>, hoursOn: Int, night: Int) {
    let h = (hourOfDay(state) + hoursOn) % 24
    // `prepareDay` reads nearly all there is.
    if h == 0 {
      whole(&state.pointee.baseline)
      whole(&state.pointee.residuals)
      whole(&state.pointee.shift)
      whole(&state.pointee.noise)
      whole(&state.pointee.feedback)
    }
    line(of: &state.pointee.baseline.ring, at: BaselineState.place(0, h) * 2)
    line(of: &state.pointee.baseline.ring, at: BaselineState.place(BaselineState.ringDays - 1, h) * 2)
    line(of: &state.pointee.baseline.queue, at: h * 2)
    whole(&state.pointee.baseline.ringTypes)
    for type in 0..<6 { line(of: &state.pointee.baseline.profiles, at: (type * 24 + h) * 4) }
    // The night's last two hours, and those two after it.
    if (h - night + 25) % 24 <= 3 { whole(&state.pointee.night) }
    let next = state.pointee.baseline.hourlyPlace(isNext: true)
    line(of: &state.pointee.baseline.hourly, at: (next + h) * 4)
    line(of: &state.pointee.baseline.hourly, at: (next + 24 + h) * 4)
  }

  private static func hourOfDay(_ state: UnsafeMutablePointer<SensorState>) -> Int {
    Int(((state.pointee.hour.hour % 24) + 24) % 24)
  }

  /// All lines that a part of a record lies in.
  @inline(always) private static func whole<Part>(_ part: inout Part) {
    line(of: &part, at: MemoryLayout<Part>.size - 1)
    var place = 0
    while place < MemoryLayout<Part>.size {
      line(of: &part, at: place)
      place &+= 64
    }
  }

  /// - Parameter place: in bytes.
  @inline(always) private static func line<Part>(of part: inout Part, at place: Int) {
    withUnsafeMutablePointer(to: &part) { mizumori_prefetch(UnsafeRawPointer($0) + place) }
  }
}
