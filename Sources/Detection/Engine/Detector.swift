import CMachine
import Readings

/// The streaming leak detector: readings in arrival order go in, transitions of events come out.
///
/// All state lies in one block of fixed-size records, one a sensor. There is no clock and no randomness: the same readings in the
/// same order give the same transitions bit for bit, in any batches, live, replayed or after `restore`.
/// No input makes it trap, and no reading allocates memory.
public struct Detector: ~Copyable {
  var states: UnsafeMutablePointer<SensorState>
  private var capacity: Int
  /// Sensors so far.
  public private(set) var sensorCount: Int
  let settingsBlock: UnsafeMutablePointer<DetectorSettings>
  let calendarBlock: UnsafeMutablePointer<LocalCalendar>
  let scratch: UnsafeMutablePointer<Float>
  /// What the last reading made due.
  let shown: UnsafeMutablePointer<ShownReadings>
  private let around: UnsafeMutablePointer<Surroundings>
  /// Zones (sums of meters), in order of `setZone`.
  var zones: UnsafeMutablePointer<ZoneState>
  private(set) var zoneCount = 0
  private var zoneCapacity = 4
  /// What is kept of gauges, and of meters that are judged together with them.
  var gauges = GaugeTable()
  var rhythms: RhythmTable
  /// Readings that were not finite, of an unknown sensor, or of an impossible time.
  public internal(set) var ignoredReadings: Int64 = 0

  /// A snapshot that is being taken in pieces; see `beginSnapshot`.
  var saving: SavingState?
  @inline(always) var isSaving: Bool { saving != nil }

  /// Bytes of state a sensor: its record, and the rhythm of its deliveries beside it.
  public static var bytesPerSensor: Int { MemoryLayout<SensorState>.stride + MemoryLayout<RhythmState>.stride }

  static let scratchCount = 1280

  /// - Parameter room: for how many sensors memory is set aside; more find room all the same, but all records have to move then.
  public init(settings: DetectorSettings = .init(), calendar: LocalCalendar = .japan, room: Int = 16) {
    capacity = max(1, room)
    sensorCount = 0
    states = Detector.block(capacity)
    rhythms = RhythmTable(capacity: 16)
    settingsBlock = .allocate(capacity: 1)
    settingsBlock.initialize(to: settings)
    calendarBlock = .allocate(capacity: 1)
    calendarBlock.initialize(to: calendar)
    scratch = .allocate(capacity: Detector.scratchCount)
    scratch.initialize(repeating: 0, count: Detector.scratchCount)
    shown = .allocate(capacity: 1)
    shown.initialize(to: ShownReadings())
    around = .allocate(capacity: 1)
    around.initialize(
      to: Surroundings(
        settings: UnsafePointer(settingsBlock), calendar: UnsafePointer(calendarBlock), scratch: scratch, shown: shown, sensors: states,
        rhythms: rhythms.states, known: rhythms.known))
    zones = .allocate(capacity: zoneCapacity)
  }

  deinit {
    states.deallocate()
    settingsBlock.deinitialize(count: 1)
    settingsBlock.deallocate()
    calendarBlock.deinitialize(count: 1)
    calendarBlock.deallocate()
    scratch.deallocate()
    shown.deallocate()
    around.deallocate()
    zones.deallocate()
    saving?.due.deallocate()
  }

  public var settings: DetectorSettings { settingsBlock.pointee }
  public var calendar: LocalCalendar { calendarBlock.pointee }

  /// Adds a sensor. Amortised O(1); the only operation that may allocate.
  /// - Returns: its slot: 0, 1, 2 …
  public mutating func addSensor(_ profile: SensorProfile) -> SensorSlot {
    reserve(sensorCount + 1)
    (states + sensorCount).initialize(to: SensorState())
    states[sensorCount].profile = ProfileState(profile)
    sensorCount += 1
    joinGroup(sensorCount - 1)
    tie(sensorCount - 1, profile)
    return SensorSlot(sensorCount - 1)
  }

  /// Room for records, at the beginning of a cache line: which lines a reading needs does not depend on chance then. Many records lie in large
  /// pages where the system has them.
  private static func block(_ capacity: Int) -> UnsafeMutablePointer<SensorState> {
    let bytes = capacity * MemoryLayout<SensorState>.stride
    let isLarge = bytes >= 2 * largePage
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? largePage : 64)
    if isLarge { mizumori_want_large_pages(block, bytes) }
    return block.bindMemory(to: SensorState.self, capacity: capacity)
  }

  private static let largePage = 2 << 20

  mutating func reserve(_ n: Int) {
    rhythms.reserve(n)
    (around.pointee.rhythms, around.pointee.known) = (rhythms.states, rhythms.known)
    guard n > capacity else { return }
    let wanted = max(n, capacity * 2)
    let block = Detector.block(wanted)
    block.moveInitialize(from: states, count: sensorCount)
    states.deallocate()
    states = block
    around.pointee.sensors = block
    capacity = wanted
  }

  mutating func appendZone(_ zone: ZoneState) {
    zones.append(zone, count: &zoneCount, capacity: &zoneCapacity)
  }

  /// Makes room for the records of a checkpoint, which the caller fills in before anything else is done.
  mutating func takeIn(_ count: Int, ignored: Int64) -> UnsafeMutableRawBufferPointer {
    reserve(count)
    sensorCount = count
    ignoredReadings = ignored
    return UnsafeMutableRawBufferPointer(start: states, count: count * MemoryLayout<SensorState>.stride)
  }

  /// Judges readings in arrival order.
  ///
  /// Readings of one sensor may be swapped within 10 min; older ones are counted and fill hours that had no data. A reading of an unknown
  /// or virtual slot, a value that is not finite, a time before 1970 or after 2200, or more than 10 min after its arrival is ignored and counted.
  /// - Parameters:
  ///   - derive: given what zones made of it: readings of virtual sensors, judged already.
  ///   - emit: given what came out, in order.
  /// - Complexity: O(1) amortised for a reading, no allocation.
  public mutating func process(
    _ batch: UnsafeBufferPointer<Reading>, derive: (Reading) -> Void = { _ in }, emit: (Transition) -> Void
  ) {
    var j = judgement(0, 0)
    let isFar = batch.count > 1 && sensorCount >= Detector.fewSensors
    if isFar { prefetchFirst(batch) }
    for n in 0..<batch.count {
      if isFar { prefetch(batch, beyond: n) }
      let r = batch[n]
      guard r.slot >= 0, Int(r.slot) < sensorCount, r.value.isFinite, Detector.isPossible(r), states[Int(r.slot)].profile.zone < 0 else {
        ignoredReadings &+= 1
        if r.value.isFinite, Detector.isKnown(r.arrival), r.time > r.arrival { noteClockAhead(r.slot, arrival: r.arrival, emit: emit) }
        continue
      }
      // Beyond ±1e30 a value is out of range in any unit, and still finite as a Float.
      let value = min(max(r.value, -1e30), 1e30)
      let state = states + Int(r.slot)
      // A method that does not mutate copies the whole detector first.
      if isSaving { preserve(Int(r.slot)) }
      let now = max(r.time.milliseconds, state.pointee.order.newest)
      let arrival = Detector.isKnown(r.arrival) ? r.arrival.milliseconds : r.time.milliseconds
      shown.pointee.count = 0
      shown.pointee.hasEnded = false
      if state.pointee.profile.isWatched {
        takeWatched(r, value: value, arrival: arrival, now: now, derive: derive, emit)
        continue
      }
      (j.slot, j.now, j.judged) = (r.slot, Timestamp(milliseconds: now), now)
      state.pointee.take(time: r.time.milliseconds, arrival: arrival, value: value, j, emit)
      if state.pointee.event.isOpen, shown.pointee.hasEnded { corroborate(Int(r.slot), now: now, emit: emit) }
      if shown.pointee.count > 0 { feedZones(of: Int(r.slot), derive: derive, emit) }
    }
  }

  /// Time passes without readings: opens gaps. State changes only where a transition is emitted.
  /// - Complexity: O(sensors).
  public mutating func advance(to now: Timestamp, emit: (Transition) -> Void) {
    guard now.milliseconds > 0, now.milliseconds < Detector.latest else { return }
    if gauges.frostCount > 0 { expireFrosts(at: now.milliseconds, emit) }
    for i in 0..<sensorCount {
      let j = judgement(SensorSlot(i), now.milliseconds)
      if isSaving, states[i].isSilent(j) { preserve(i) }
      states[i].noteSilence(j, emit)
    }
  }

  func judgement(_ slot: SensorSlot, _ now: Int64) -> Judgement {
    Judgement(slot: slot, now: Timestamp(milliseconds: now), judged: now, UnsafePointer(around))
  }

  /// 2200-01-01T00:00:00Z
  static let latest: Int64 = 7_258_118_400_000

  static func isPossible(_ r: Reading) -> Bool {
    let t = r.time.milliseconds
    guard t > 0, t < latest else { return false }
    // A clock that runs ahead would make everything after it look late.
    return !isKnown(r.arrival) || t - r.arrival.milliseconds <= 600_000
  }

  static func isKnown(_ arrival: Timestamp) -> Bool { arrival.milliseconds > 0 && arrival.milliseconds < latest }

  /// A reading that claims to be from the future came at `arrival` and was not taken; three in a row say that the sender's clock is wrong.
  public mutating func noteClockAhead(_ slot: SensorSlot, arrival: Timestamp, emit: (Transition) -> Void) {
    guard slot >= 0, Int(slot) < sensorCount, states[Int(slot)].profile.zone < 0, Detector.isKnown(arrival) else { return }
    let state = states + Int(slot)
    let now = max(arrival.milliseconds, state.pointee.order.newest)
    preserve(Int(slot))
    state.pointee.noteClockAhead(arrival: arrival.milliseconds, judgement(slot, now), emit)
  }
}
