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
  var limits: PipelineLimits

  let inputs: [Input]
  /// Topic → index into `routes`.
  var topics: TopicTable
  /// The first place is for a topic that `topics` does not remember, during its message.
  var routes = [Route(slot: SensorID.serviceSlot, input: 0, id: .service, allowsReverseFlow: false)]
  /// Of topics whose payloads hold several quantities; the first place as that of `routes`.
  var devices = [Device(id: .service)]
  /// Of one message of a device.
  var deviceReadings: [DeviceReading] = []
  /// O(1), but not to be held while a sensor is added.
  var intake = ReadingIntake()
  /// How the senders of canonical messages write them.
  let shapes = RecordShapes()
  var clock: EventTimeClock {
    get { intake.clock }
    _modify { yield &intake.clock }
  }
  var batch = IngestBatch()
  /// What the clocks said when the socket was about to be drained; nil between.
  private var draining: Clocks.Moment?
  /// Readings that zones made of the accepted ones.
  var derived: [Reading] = []
  /// Actions in the batch, by their place, and who waits for them.
  var answers: [(place: Int, answer: ActionDesk.Answer)] = []
  var schedule = WorkSchedule()
  var checkpoints: CheckpointPolicy
  var isCheckpointDue = false
  /// A large state that is being written.
  var saver: StateSaver?
  /// Files of states that the next commit makes needless.
  var replacedStates: [String] = []
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
  }

  // MARK: - IngestHandler

  func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
    counters.messages.add(1, ordering: .relaxed)
    if isRetained { counters.retained.add(1, ordering: .relaxed) }
    guard fatal == nil, let place = resolve(topic) else { return }
    let moment = draining ?? Clocks.Moment()
    let now = clock.present(monotonic: moment.monotonic, wall: moment.wall)
    if routes[place].device >= 0 {
      receiveDevice(payload, place, now: now, monotonic: moment.monotonic, topic: topic)
    } else {
      guard decode(payload, place, now: now, monotonic: moment.monotonic, topic: topic) else { return }
      accept(routes[place].slot, arrival: now, monotonic: moment.monotonic)
    }
    if draining == nil || intake.accepted.count >= Pipeline.fewReadings { judge() }
  }

  func begin() { draining = Clocks.Moment() }

  func drained() {
    draining = nil
    judge()
  }

  var wantsCommit: Bool { !batch.transitions.isEmpty || !answers.isEmpty }

  func commit() throws -> Bool {
    if let fatal { throw fatal }
    judge()
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
    intake.filter.committed()
    committed.notify()
    removeReplacedStates()
    if isCheckpointDue { checkpoint() }
    return true
  }

  func tick() {
    guard fatal == nil else { return }
    judge()
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
    followSaver()
    if saver == nil, checkpoints.isDue(position: store.position, now: Clocks.monotonic()) { checkpoint() }
  }

  func connection(_ state: ConnectionState) { note(state) }

  // MARK: - Steps

  /// Readings that are judged together at most, or somewhat more: as many as stay in the cache.
  private static let fewReadings = 512

  /// Judges the accepted readings and puts them, with what came out, into the batch. Before anything else changes the detector.
  func judge() {
    let count = intake.accepted.count
    guard count > 0 else { return }
    intake.accepted.withUnsafeBufferPointer { readings in
      engine.process(readings, derive: { derived.append($0) }) { batch.transitions.append($0) }
      batch.entries.append(readings)
    }
    derived.withUnsafeBufferPointer { batch.entries.append($0) }
    derived.removeAll(keepingCapacity: true)
    counters.readings.add(count, ordering: .relaxed)
    intake.accepted.removeAll(keepingCapacity: true)
  }

  /// Lets time pass for silent meters. A tick that changed something is recorded, so that a replay repeats it at the same place.
  func advance(to now: Timestamp) {
    let before = batch.transitions.count
    engine.advance(to: now) { batch.transitions.append($0) }
    if batch.transitions.count > before { batch.entries.append(.tick(now)) }
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
  /// A state of more bytes is written into a file of its own, while readings go on; a smaller one into the database.
  var largeState = StateSaver.largeState
}
