import Accounts
import Alerts
import Foundation
import Logging
import MQTT
import Readings
import Settings
import Store
import Synchronization
import Web

/// The service: everything that `mizumori run` starts, and the order in which it stops.
public final class MizumoriService: Sendable {
  let settings: MizumoriSettings
  private let version: String
  let logger: Logger
  private let brokerWait: Int
  private let trustsClock: Bool
  let notifier: SystemdNotifier
  let gate: Gate?
  private let parts = Mutex<Parts?>(nil)
  private let stopRequested = Atomic<Bool>(false)

  /// Whether it has been subscribed, with all its parts running.
  public var hasBeenReady: Bool { parts.withLock { $0?.counters.wasSubscribed.load(ordering: .acquiring) } ?? false }

  /// Readings judged so far.
  var readings: Int { parts.withLock { $0?.counters.readings.load(ordering: .relaxed) } ?? 0 }

  /// What must be told to stop, and what can be asked to reopen.
  private struct Parts: Sendable {
    var subscriber: Subscriber
    var log: LogFollower
    var workers: [DeliveryWorker]
    var counters: Counters
  }

  /// - Parameters:
  ///   - brokerWait: seconds for the first connection to the broker; 0 waits for ever.
  ///   - gate: who may see the page; nil lets everybody in who reaches its address.
  ///   - notifier: told when the service is ready, and that its ingest thread moves; that it stops tells who knows that nothing follows.
  ///   - trustsClock: whether to begin even if the wall clock lies before the readings that are stored.
  public init(
    settings: MizumoriSettings, version: String, brokerWait: Int, trustsClock: Bool = false, notifier: SystemdNotifier = .init([:]),
    gate: Gate? = nil, logger: Logger
  ) {
    self.settings = settings
    self.version = version
    self.brokerWait = brokerWait
    self.trustsClock = trustsClock
    self.notifier = notifier
    self.gate = gate
    self.logger = logger
  }

  /// Runs until `stop()` or a fault. Throws `StoreError`, `WebError`, `ServiceError`.
  public func run() async throws {
    do {
      try await serve()
    } catch StoreError.corrupt(let file, let detail) {
      // Whoever starts it again finds the note, looks through the file and sets it aside.
      DamagedDatabase.note(in: settings.data.directory)
      throw StoreError.corrupt(file: file, detail: detail)
    }
  }

  private func serve() async throws {
    let profiles = ProfileBook(settings)
    let (store, recovered) = try openStore(profiles)
    // A thread that has just ended may hold it for some milliseconds more, and the next run, after a reload, needs the directory at once.
    defer { store.close() }
    leaveCommandToken()
    let shared = Shared(engine: recovered.engine, sensors: recovered.sensors)
    let reader = try StoreReader(directory: settings.data.directory)
    let pipeline = Pipeline(
      store: store, shared: shared, profiles: profiles, inputs: settings.inputs, limits: settings.pipelineLimits, logger: logger)
    try pipeline.resume(recovered.sensors, transitions: recovered.transitions)

    let subscriber = Subscriber(
      settings: settings.brokerSettings, handler: pipeline, policy: settings.commitPolicy)
    let messages = MessageMaker(profiles: profiles, directory: shared.directory)
    let log = LogFollower(path: settings.alerts.logFile, reader: reader, messages: messages, logger: logger)
    let workers = try MizumoriService.workers(
      settings, reader: reader, messages: messages, counters: shared.counters, live: shared.live, logger: logger)
    parts.withLock { $0 = Parts(subscriber: subscriber, log: log, workers: workers, counters: shared.counters) }
    // The page binds its port before anything is received: a port in use must end the start, not the service an hour later.
    let page = PageBridge(
      reader: reader, engine: shared.engine, directory: shared.directory, counters: shared.counters, profiles: profiles, live: shared.live,
      actions: shared.actions, works: shared.works, batteries: shared.batteries, desk: try DeskStore(directory: settings.data.directory),
      settings: settings, version: version,
      writes: try DeskWrites(directory: settings.data.directory, committed: shared.committed))
    let rollup = try Rollup(
      directory: settings.data.directory, settings: settings.rollupSettings, batteries: shared.batteries, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      if settings.web.isEnabled { try await startPage(page, in: &group) }
      let threads = ServiceThreads()
      threads.start("log") { log.run() }
      for w in workers { threads.start("delivery") { w.run() } }
      threads.start("rollup") { rollup.run() }
      group.addTask { try await rollup.ended() }
      group.addTask { await self.wakeSinks(shared.committed, log, workers) }
      group.addTask { await self.reportToSystemd(shared) }
      if brokerWait > 0 { group.addTask { try await self.watchFirstConnection(shared.counters) } }
      if stopRequested.load(ordering: .acquiring) { subscriber.stop() }
      let clock = pipeline.clock
      let ingest = IngestBox(subscriber: subscriber, pipeline: pipeline) { [self] in waitForClock(clock, shared.counters) }
      group.addTask { try await ingest.run() }
      let watch = DamageWatch(directory: settings.data.directory, logger: logger)
      group.addTask { try await watch.run() }
      // Whichever ends first ends the service: ingest by `stop()`, anything by its error.
      let result = await group.nextResult()
      subscriber.stop()
      watch.stop()
      rollup.stop()
      await ingest.finished()
      for w in workers { w.stop() }
      log.stop()
      threads.join()
      group.cancelAll()
      try result?.get()
    }
    DamagedDatabase.end(in: settings.data.directory)
  }

  /// Ends `run()`: what was received is committed and acknowledged, the detector's state is saved. From any thread.
  public func stop() {
    stopRequested.store(true, ordering: .releasing)
    parts.withLock { $0 }?.subscriber.stop()
  }

  /// Opens the log file anew, after a rotation.
  public func reopenLog() { parts.withLock { $0 }?.log.reopen() }

  // MARK: - Parts

  /// Opens the data directory and restores the detector. A damaged database is set aside, and a new one begun: without history and baseline
  /// the service can still watch, while a service that does not start watches nothing.
  private func openStore(_ profiles: ProfileBook) throws -> (store: Store, recovered: Recovery.Result) {
    let directory = settings.data.directory
    do {
      // Damage that was met may be in an index. After an unclean end a quick look is enough: it delays the start.
      let isNoted = DamagedDatabase.isNoted(in: directory)
      let store = try Store(
        directory: directory, checksIntegrity: isNoted || DamagedDatabase.wasCut(in: directory), isSuspect: isNoted,
        onMigration: migrationReport())
      if let damage = store.indexDamage {
        logger.critical(
          "データベースの索引が壊れていたため作り直しました。ディスク（SD カード）を確かめてください / an index of the database was damaged and has been made anew: check the disk",
          metadata: ["damage": "\(damage)"])
      }
      let recovered = try Recovery(store: store, profiles: profiles, logger: logger, room: settings.recordRoom).run()
      DamagedDatabase.clearNote(in: directory)
      DamagedDatabase.begin(in: directory)
      return (store, recovered)
    } catch StoreError.corrupt(_, let detail) {
      // Seconds since 1970 are beyond any sequence that the old outbox can have reached.
      let stamp = Clocks.wall().milliseconds / 1000
      let aside = try DamagedDatabase.setAside(in: directory, stamp: stamp)
      DamagedDatabase.clearNote(in: directory)
      logger.critical(
        "データベースが壊れていたため退避し、空から始めました。学習はやり直しです。控えがあれば、水守を止めて戻してください / the database was damaged: it was set aside and a new one begun; what was learnt is gone. Restore a backup if there is one",
        metadata: ["set_aside": "\(aside)", "damage": "\(detail)"])
      let store = try Store(directory: directory)
      DamagedDatabase.begin(in: directory)
      try store.beginOutbox(after: stamp)
      return (store, try Recovery(store: store, profiles: profiles, logger: logger, room: settings.recordRoom).run())
    }
  }

  /// No delivery waits longer, ms: quiet hours end within a week, and retries come within a day and a few hours.
  private static let longestWait: Int64 = 8 * 86_400_000

  /// One worker for each receiver of the settings, with its queue.
  static func workers(
    _ settings: MizumoriSettings, reader: StoreReader, messages: MessageMaker, counters: Counters, live: LiveHub = LiveHub(),
    logger: Logger
  ) throws -> [DeliveryWorker] {
    guard !settings.alerts.sinks.isEmpty else { return [] }
    let deliveries = try DeliveryStore(directory: settings.data.directory)
    func atBroker(_ sink: MizumoriSettings.Sink, _ queue: SinkQueue) -> any DeliveryQueue {
      guard case .mqtt = sink.kind else { return queue }
      return BrokerQueue(queue, deliveries: deliveries, messages: messages) {
        counters.isSubscribed.load(ordering: .relaxed) ? counters.reconnects.load(ordering: .relaxed) : nil
      }
    }
    return try settings.alerts.sinks.map { sink in
      try deliveries.register(endpoint: sink.name)
      try deliveries.bringForward(endpoint: sink.name, to: Clocks.wall().milliseconds + longestWait)
      let queue = SinkQueue(
        deliveries: deliveries, reader: reader, messages: messages, policy: settings.receiverPolicy(sink), drawsCourse: sink.kind.showsCards
      )
      return DeliveryWorker(
        sink: settings.alertSink(sink), queue: atBroker(sink, queue),
        onResult: { endpoint, next in
          counters.delivered(MizumoriService.outcome(next))
          live.noteChange(.deliveries)
          if case .delivered = next { return }
          logger.warning("知らせを届けられません / delivery failed", metadata: ["endpoint": "\(endpoint)", "outcome": "\(next)"])
        },
        onError: { error in logger.error("送信の待ち行列の不具合 / delivery queue", metadata: ["error": "\(error)"]) })
    }
  }

  private static func outcome(_ next: DeliveryMachine.Next) -> String {
    switch next {
    case .delivered: "delivered"
    case .retry: "retry"
    case .failed: "failed"
    case .disable: "disabled"
    }
  }

  private func startPage(_ page: PageBridge, in group: inout ThrowingTaskGroup<Void, any Error>) async throws {
    let server = try WebServer(settings: settings.webSettings, source: page, gate: gate, logger: logger)
    let bound = AsyncStream<Result<Int, any Error>>.makeStream()
    group.addTask {
      do {
        try await server.run { bound.continuation.yield(.success($0)) }
      } catch {
        bound.continuation.yield(.failure(error))
        throw error
      }
    }
    for await result in bound.stream {
      let port = try result.get()
      logger.notice("画面 / page: http://\(settings.web.address):\(port)/")
      try sayHowToBegin(port: port)
      break
    }
  }

  private func wakeSinks(_ committed: CommitSignal, _ log: LogFollower, _ workers: [DeliveryWorker]) async {
    log.poke()
    for await _ in committed.wakeUps() {
      log.poke()
      for w in workers { w.poke() }
    }
  }

  /// The service counts as ready once its parts run and the first connection was tried: a broker that is away for an hour must not make
  /// systemd give up. The watchdog is fed while the ingest thread turns, so one that hangs gets the service restarted.
  private func reportToSystemd(_ shared: Shared) async {
    notifier.ready()
    StartPages.giveBack()
    let period = notifier.watchdogPeriod
    var said = ""
    while !Task.isCancelled {
      let isSubscribed = shared.counters.isSubscribed.load(ordering: .relaxed)
      let status =
        shared.counters.isWaitingForClock.load(ordering: .relaxed)
        ? "時計を待っています / waiting for the clock" : isSubscribed ? "受信しています / receiving" : "ブローカーを待っています / waiting for the broker"
      if status != said { notifier.status(status) }
      said = status
      // It beats once a second; while it waits for the clock it has not begun.
      if let period, shared.heartbeat.age < max(3000, 2 * period) || shared.counters.isWaitingForClock.load(ordering: .relaxed) {
        notifier.watchdog()
      }
      try? await Task.sleep(for: .milliseconds(Int(min(period ?? 1000, 1000))), clock: .suspending)
    }
  }

  /// A box without a battery clock boots in 1970, or where it was switched off: the broker keeps the readings until the time is known.
  /// Received before, those that tell no time of their own would be stored with a wrong one, and the others be refused as from the future.
  private func waitForClock(_ clock: EventTimeClock, _ counters: Counters) {
    guard !trustsClock else { return }
    var seconds = 0
    while !clock.isPossible(wall: Clocks.wall()), !stopRequested.load(ordering: .acquiring) {
      counters.isWaitingForClock.store(true, ordering: .relaxed)
      if seconds % 600 == 0 {
        logger.critical(
          "この機械の時計が合っていません。合うまで受信を待ちます（時刻同期を確かめてください。これで正しければ --trust-clock） / the clock of this machine is wrong: receiving waits until it is set (check time synchronisation; --trust-clock if it is right)",
          metadata: ["clock": "\(Clocks.wall().iso8601(offset: 0))"])
      }
      seconds += 1
      poll(nil, 0, 1000)
    }
    counters.isWaitingForClock.store(false, ordering: .relaxed)
  }

  /// A service that never reaches its broker says so and ends, so that whoever started it notices; after the first connection it tries for ever.
  private func watchFirstConnection(_ counters: Counters) async throws {
    var left = brokerWait * 10
    while left > 0, !counters.isSubscribed.load(ordering: .relaxed) {
      if !counters.isWaitingForClock.load(ordering: .relaxed) { left -= 1 }
      try await Task.sleep(for: .milliseconds(100))
    }
    guard counters.isSubscribed.load(ordering: .relaxed) else {
      throw ServiceError.brokerUnreachable(
        "\(settings.broker.host):\(settings.broker.port)", seconds: brokerWait, reason: counters.lastConnectionError.withLock { $0 })
    }
    // Stays until the service ends.
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
  }
}

/// Why the service ended by itself.
public enum ServiceError: Error, CustomStringConvertible, Sendable {
  case brokerUnreachable(String, seconds: Int, reason: String)
  /// The running service could not be asked.
  case pageRefused(String, String)

  public var description: String {
    switch self {
    case .brokerUnreachable(let address, let seconds, let reason):
      "ブローカー \(address) に \(seconds) 秒以内につながりませんでした（\(reason)）。broker.host と broker.port、ブローカーが動いているかを確かめてください / no connection to the broker \(address) within \(seconds) s (\(reason)): check broker.host, broker.port and whether the broker runs"
    case .pageRefused(let url, let why):
      "動いている水守に届きません（\(url): \(why)）。web.address と web.port を確かめてください / cannot reach the running service: check web.address and web.port"
    }
  }
}
