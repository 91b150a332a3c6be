import Foundation
import Logging
import MQTT
import Readings
import Settings
import Store
import Synchronization

extension BenchRun {
  private var quiet: Logger {
    var logger = Logger(label: "bench")
    logger.logLevel = .critical
    return logger
  }

  // MARK: - Without a broker

  /// Message to log, over pipeline and log alone.
  func measureDirectly(alarmRound: Int) throws {
    let settings = plan.settings
    let feed = try BenchFeed(settings, series: series, meters: figures.meters)
    defer { feed.pipeline.store.close() }
    let log = LogFollower(
      path: settings.alerts.logFile, reader: try StoreReader(directory: settings.data.directory),
      messages: MessageMaker(profiles: feed.pipeline.profiles), logger: quiet)
    let threads = ServiceThreads()
    threads.start("log") { log.run() }
    defer {
      log.stop()
      threads.join()
    }
    figures.baseMemory = base()
    try measureLatency(
      alarmRound,
      send: { meter, round in
        feed.receive(meter: meter, round: round)
        guard feed.pipeline.wantsCommit else { throw BenchError.noAlert(meter: meter) }
        guard try feed.pipeline.commit() else { throw BenchError.diskFull }
        log.poke()
      }, live: {}, until: deadline(1))
  }

  // MARK: - With one

  /// The whole service, its page included, between a broker and the alert log.
  func measureService(_ port: Int, alarmRound: Int) throws {
    let service = BenchService(plan.settings)
    defer { service.stop() }
    try service.waitUntilReady { try watch.check(.alerting, 0) }
    figures.baseMemory = base()
    let sender = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: port, clientID: "mizumori-bench-meters"), window: 400)
    try sender.connect()
    defer { sender.disconnect() }
    var background = BenchBackground(meters: series.leaky..<figures.meters, round: alarmRound, pace: plan.fleet)
    try measureLatency(
      alarmRound,
      send: { [series] meter, round in
        try sender.publish(topic: BenchSeries.topic(meter), payload: series.payload(meter, round))
        sender.idle(milliseconds: 0)
      },
      live: { [series] in
        if let next = background.due(at: BenchMeters.wall), next.round < series.rounds {
          try? sender.publish(topic: BenchSeries.topic(next.meter), payload: series.payload(next.meter, next.round))
        }
        sender.idle(milliseconds: 0)
      }, until: deadline(0.9))
    try sender.flush()
    nextRound = background.round + 1
    try measureThroughput(sender, service)
    try service.check()
  }

  private func measureLatency(
    _ round: Int, send: @escaping (Int, Int) throws -> Void, live: @escaping () -> Void, until end: Double
  ) throws {
    let began = BenchMeters.wall
    let latency = BenchLatency(
      log: BenchLog(path: plan.settings.alerts.logFile), meters: 0..<series.leaky, round: round, send: send, live: live)
    let pause = max(end - began, 0) / Double(series.leaky) / 1.2
    let result = try latency.run(pause: min(pause, 0.3), deadline: end) {
      try watch.check(.alerting, (BenchMeters.wall - began) / max(end - began, 1e-3))
    }
    figures.alerts = result.times.count
    figures.latencyP50 = BenchLatency.quantile(result.times, 0.5)
    figures.latencyP99 = BenchLatency.quantile(result.times, 0.99)
    figures.latencyWorst = result.times.last
    figures.alertRate = result.rate
  }

  /// Rounds of all meters as fast as broker and service take them.
  private func measureThroughput(_ sender: Publisher, _ service: BenchService) throws {
    let (began, end) = (BenchMeters.wall, max(deadline(1), BenchMeters.wall + plan.seconds * 0.05))
    let throughput = BenchThroughput(
      sender: sender, series: series, meters: series.leaky..<figures.meters,
      brokerCPU: { [broker = plan.brokerProcess] in broker.flatMap(BenchMeters.cpu(ofProcess:)) }, taken: { service.readings },
      check: { [watch] in try watch.check(.receiving, (BenchMeters.wall - began) / (end - began)) })
    guard let r = try throughput.run(from: &nextRound, until: end) else { return }
    figures.brokerRate = r.rate
    figures.throughput = BenchFigures.Throughput(
      readings: r.readings, seconds: r.seconds, sender: r.sender / r.seconds, broker: r.broker.map { $0 / r.seconds },
      ingest: r.ingest.map { $0 / r.seconds })
    if let cpu = r.ingest, cpu > 0 {
      // What is not decoding, judging or a full commit is the socket's.
      let rest = figures.decodeCPU + figures.judgeCPU + commitCPU
      figures.socketCPU = max(0, cpu / Double(r.readings) - rest)
    }
  }

  /// Memory now, without that of the meters: the bench's own is in it.
  private func base() -> Double {
    max(0, Double(MachineFigures.residentBytes()) - Double(figures.meters) * figures.memoryPerMeter)
  }
}

/// Readings of the other meters at the pace of a fleet, one after the other.
struct BenchBackground {
  let meters: Range<Int>
  /// The round of the next one.
  private(set) var round: Int
  private var next: Int
  private var time = -Double.infinity
  private let pause: Double

  /// - Parameter pace: readings a minute.
  init(meters: Range<Int>, round: Int, pace: Int) {
    self.meters = meters
    self.round = round
    next = meters.lowerBound
    pause = 60 / Double(pace)
  }

  /// The reading that is due, if one is. `now` in seconds.
  mutating func due(at now: Double) -> (meter: Int, round: Int)? {
    guard now >= time, !meters.isEmpty else { return nil }
    time = (time.isFinite ? max(time, now - pause) : now) + pause
    defer {
      next += 1
      if next == meters.upperBound { (next, round) = (meters.lowerBound, round + 1) }
    }
    return (next, round)
  }
}
