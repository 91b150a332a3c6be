import Codecs
import Detection
import Logging
import MQTT
import Readings
import Synchronization
import Store

/// The way of a reading: bytes → reading → judgement → record. Runs on the ingest thread, which alone touches it.
///
/// Nothing is acknowledged before `commit()` returned true. A batch that the disk had no room for is kept and tried again whole.
final class Pipeline: IngestHandler {
  let store: Store
  let engine: Engine
  let directory: SensorDirectory
  let counters: Counters
  let profiles: ProfileBook
  let committed: CommitSignal
  let live: LiveHub
  let actions: ActionDesk
  let works: WorkBook
  let batteries: BatteryBook
  let heartbeat: Heartbeat
  let logger: Logger
  let limits: PipelineLimits

  let inputs: [Input]
  /// Topic → index into `routes`.
  var topics: TopicTable
  var routes: [Route] = []
  var slots: [SensorID: SensorSlot] = [:]
  var filter = DuplicateFilter()
  var clock = EventTimeClock()
  var batch = IngestBatch()
  var decoded: [DecodedReading] = []
  /// Readings of one message that passed the filter, on their way into the detector.
  var accepted: [Reading] = []
  /// Readings that zones made of the accepted ones.
  var derived: [Reading] = []
  /// Actions in the batch, by their place, and who waits for them.
  var answers: [(place: Int, answer: ActionDesk.Answer)] = []
  var schedule = WorkSchedule()
  var checkpoints: CheckpointPolicy
  /// The open event of a full table of sensors.
  var fullTable: Transition?
  /// Set by an error that must end the process: nothing more is acknowledged.
  var fatal: (any Error)?

  init(store: Store, shared: Shared, profiles: ProfileBook, inputs: [Input], limits: PipelineLimits, logger: Logger) {
    self.store = store
    engine = shared.engine
    directory = shared.directory
    counters = shared.counters
    self.profiles = profiles
    committed = shared.committed
    live = shared.live
    actions = shared.actions
    works = shared.works
    batteries = shared.batteries
    heartbeat = shared.heartbeat
    self.inputs = inputs
    self.limits = limits
    self.logger = logger
    topics = TopicTable(capacity: limits.maximumSensors)
    // Position 0: the first one comes after the interval, since the state on disk may be old after a crash.
    checkpoints = CheckpointPolicy(interval: limits.checkpointInterval, now: Clocks.monotonic(), position: 0)
    checkpoints.bytesPerDay = limits.checkpointBytesPerDay
    for (n, id) in directory.all.enumerated() { slots[id] = SensorSlot(n) }
  }

  // MARK: - IngestHandler

  func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
    counters.messages.add(1, ordering: .relaxed)
    if isRetained { counters.retained.add(1, ordering: .relaxed) }
    guard fatal == nil, let route = resolve(topic) else { return }
    let now = clock.present(monotonic: Clocks.monotonic(), wall: Clocks.wall())
    guard decode(payload, route: route, now: now, topic: topic) else { return }
    accept(route, arrival: now)
  }

  var wantsCommit: Bool { !batch.transitions.isEmpty || !answers.isEmpty }

  func commit() throws -> Bool {
    if let fatal { throw fatal }
    guard !batch.isEmpty else { return true }
    do {
      try store.commit(batch)
    } catch {
      guard error.isRetryable else { throw error }
      if counters.commitFailures.add(1, ordering: .relaxed).newValue & 63 == 1 {
        logger.error(
          "記録できません。直りしだい続きから再開します。それまでは受け取りを返しません / cannot store: ingest goes on when it can; nothing is acknowledged meanwhile",
          metadata: ["error": "\(error)"])
      }
      return false
    }
    counters.commits.add(1, ordering: .relaxed)
    counters.transitions.add(batch.transitions.count, ordering: .relaxed)
    for t in batch.transitions { log(t) }
    live.publish(batch, directory)
    answerActions()
    batch.removeAll()
    filter.committed()
    committed.notify()
    return true
  }

  func tick() {
    guard fatal == nil else { return }
    heartbeat.beat()
    counters.rate.tick(counters.readings.load(ordering: .relaxed), now: Clocks.monotonic())
    if let now = clock.now(monotonic: Clocks.monotonic(), wall: Clocks.wall()) {
      counters.eventTime.store(now.milliseconds, ordering: .relaxed)
    }
    takeCards()
    if counters.isSubscribed.load(ordering: .relaxed), let now = clock.now(monotonic: Clocks.monotonic(), wall: Clocks.wall()) {
      advance(to: now)
      planWorks(at: now)
    }
    takeActions()
    live.flush(directory)
    if checkpoints.isDue(position: store.position, now: Clocks.monotonic()), batch.isEmpty { checkpoint() }
  }

  func connection(_ state: ConnectionState) { note(state) }

  // MARK: - Steps

  /// Judges the accepted readings of one message and puts them, with what came out, into the batch.
  func judge() {
    guard !accepted.isEmpty else { return }
    accepted.withUnsafeBufferPointer { readings in
      engine.process(readings, derive: { derived.append($0) }) { batch.transitions.append($0) }
    }
    for r in accepted { batch.entries.append(.reading(r)) }
    for r in derived { batch.entries.append(.reading(r)) }
    derived.removeAll(keepingCapacity: true)
    counters.readings.add(accepted.count, ordering: .relaxed)
    accepted.removeAll(keepingCapacity: true)
  }

  /// Lets time pass for silent meters. A tick that changed something is recorded, so that a replay repeats it at the same place.
  func advance(to now: Timestamp) {
    let before = batch.transitions.count
    engine.advance(to: now) { batch.transitions.append($0) }
    if batch.transitions.count > before { batch.entries.append(.tick(now)) }
  }

  /// Saves the detector's state with the position in history that it covers. Only between batches.
  func checkpoint() {
    do {
      let state = engine.snapshot()
      try store.saveCheckpoint(state, position: store.position)
      checkpoints.tried(bytes: state.count, position: store.position, now: Clocks.monotonic())
    } catch {
      checkpoints.tried(bytes: 0, position: store.position, now: Clocks.monotonic())
      logger.error(
        "検出器の状態を保存できません（再起動時の読み直しが長くなります） / cannot save the checkpoint (a restart will replay more)", metadata: ["error": "\(error)"])
    }
  }
}

/// Bounds of the pipeline.
struct PipelineLimits: Sendable {
  /// Sensors beyond this number are refused, counted and logged once.
  var maximumSensors = 20_000
  /// Monotonic milliseconds between checkpoints, at least.
  var checkpointInterval: Int64 = 60_000
  /// What checkpoints may write a day; nil = no bound.
  var checkpointBytesPerDay: Int? = CheckpointPolicy.dailyBytes
}
