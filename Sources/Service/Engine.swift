import Detection
import Readings
import Store
import Synchronization

/// The detector behind one lock: the ingest thread feeds it, the page asks it (docs/decisions/0001).
final class Engine: @unchecked Sendable {
  // @unchecked: `detector` is touched only inside `lock`. A `Mutex<Detector>` would not let the caller's closure in.
  private var detector: Detector
  private let lock = Mutex<Void>(())

  init(_ detector: consuming Detector) { self.detector = detector }

  func process(_ readings: UnsafeBufferPointer<Reading>, derive: (Reading) -> Void = { _ in }, emit: (Transition) -> Void) {
    lock.withLock { _ in detector.process(readings, derive: derive, emit: emit) }
  }

  func apply(_ action: OperatorAction, emit: (Transition) -> Void) -> Bool { lock.withLock { _ in detector.apply(action, emit: emit) } }

  func noteClockAhead(_ slot: SensorSlot, arrival: Timestamp, emit: (Transition) -> Void) {
    lock.withLock { _ in detector.noteClockAhead(slot, arrival: arrival, emit: emit) }
  }

  func noteReverse(_ r: Reading, derive: (Reading) -> Void = { _ in }, emit: (Transition) -> Void) {
    lock.withLock { _ in detector.noteReverse(r, derive: derive, emit: emit) }
  }

  func setZone(_ slot: SensorSlot, _ members: [ZoneMember]) -> Bool { lock.withLock { _ in detector.setZone(slot, members) } }

  func setTank(_ slot: SensorSlot, _ plan: TankPlan, _ slots: (SensorID) -> SensorSlot?) -> Bool {
    lock.withLock { _ in detector.setTank(slot, plan, slots) }
  }

  /// Repeats one entry of the history, as it was taken when it was new.
  func replay(_ entry: HistoryEntry, emit: (Transition) -> Void) {
    switch entry {
    case .reading(let r): withUnsafePointer(to: r) { process(UnsafeBufferPointer(start: $0, count: 1), emit: emit) }
    case .tick(let t): advance(to: t, emit: emit)
    case .ahead(let slot, let arrival): noteClockAhead(slot, arrival: arrival, emit: emit)
    case .reverse(let r): noteReverse(r, emit: emit)
    case .action(let r): _ = apply(r.action, emit: emit)
    }
  }

  func advance(to now: Timestamp, emit: (Transition) -> Void) { lock.withLock { _ in detector.advance(to: now, emit: emit) } }

  func setProfile(_ slot: SensorSlot, _ profile: SensorProfile) { lock.withLock { _ in detector.setProfile(slot, profile) } }

  func addSensor(_ profile: SensorProfile) -> SensorSlot { lock.withLock { _ in detector.addSensor(profile) } }

  /// Bytes of a state now.
  var stateCount: Int { lock.withLock { _ in detector.snapshotCount } }

  /// Begins a state in pieces. `keep` runs within the engine's lock, as `body` of `nextPiece` does.
  func beginSnapshot(keep: @escaping (Int, UnsafeRawBufferPointer) -> Void) -> SnapshotFrame {
    lock.withLock { _ in detector.beginSnapshot(keep: keep) }
  }

  /// - Parameter body: called in any case, with the piece if there is one.
  func nextPiece(_ limit: Int, _ body: ((first: Int, records: UnsafeRawBufferPointer)?) -> Void) {
    lock.withLock { _ in
      if !detector.nextPiece(limit, { body(($0, $1)) }) { body(nil) }
    }
  }

  func endSnapshot() { lock.withLock { _ in detector.endSnapshot() } }

  func snapshot() -> [UInt8] { lock.withLock { _ in detector.snapshot() } }

  func explain(_ slot: SensorSlot) -> Explanation { lock.withLock { _ in detector.explain(slot) } }

  func explainAll(_ count: Int) -> [Explanation] { lock.withLock { _ in (0..<count).map { detector.explain(SensorSlot($0)) } } }

  /// The band of one sensor at each of `times`; nil where there is none yet.
  func expectations(_ slot: SensorSlot, at times: [Timestamp]) -> [(expected: Double, low: Double, high: Double)?] {
    lock.withLock { _ in times.map { detector.expectation(slot, at: $0) } }
  }
}

extension Detector {
  /// Ties a tank's balance to what it is made of; while one of these has not been seen it is not evaluated.
  mutating func setTank(_ slot: SensorSlot, _ plan: TankPlan, _ slots: (SensorID) -> SensorSlot?) -> Bool {
    // With other settings than before what was known may be missing.
    guard let (meters, level) = plan.members(slots) else { return setZone(slot, []) }
    return setTank(slot, meters, level: level, shape: plan.shape, leastWidth: plan.width)
  }
}
