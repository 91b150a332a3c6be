import Foundation
import Readings
import Settings
import Store

/// `mizumori bench`: the product's own way of a reading, measured on this machine. Blocks; for a thread of its own.
public final class BenchRun {
  let plan: BenchPlan
  let watch: BenchWatch
  let began = BenchMeters.wall
  var series: BenchSeries
  public internal(set) var figures = BenchFigures()
  /// CPU seconds that a reading adds to a full commit: without the waits for the disk.
  private(set) var commitCPU = 0.0
  /// The round that comes next in the stages with the service.
  var nextRound = 0

  public init(_ plan: BenchPlan, _ watch: BenchWatch) {
    self.plan = plan
    self.watch = watch
    series = BenchSeries(now: Clocks.wall(), learningDays: plan.settings.detection.learningDays, leaky: 0)
  }

  /// Measures everything. Throws `BenchError`, `StoreError`, or what ended the service.
  public func run() throws -> BenchFigures {
    let meters = try playedMeters()
    series = BenchSeries(
      now: Clocks.wall(), learningDays: plan.settings.detection.learningDays, leaky: max(3, min(300, meters * 3 / 10)))
    figures.meters = meters
    let alarmRound = try measurePipeline(meters)
    if let port = plan.brokerPort {
      try measureService(port, alarmRound: alarmRound)
    } else {
      try measureDirectly(alarmRound: alarmRound)
    }
    return figures
  }

  /// The moment at which that share of the time is over.
  func deadline(_ share: Double) -> Double { began + plan.seconds * share }

  /// As many meters as can learn in a fifth of the time, by one meter's learning.
  private func playedMeters() throws -> Int {
    let most = min(plan.most ?? 4000, plan.settings.limits.maximumSensors)
    guard let id = SensorID(BenchSeries.id(0)) else { return most }
    var trial = series
    // No leak: it goes through all rounds.
    trial.leakRound = trial.hourRounds
    let before = BenchMeters.cpu
    _ = BenchBrink.rounds(trial, profiles: ProfileBook(plan.settings), id: id)
    // Decoding and the store cost about as much again, twice.
    let each = max(3 * (BenchMeters.cpu - before), 1e-6)
    return min(most, max(20, Int(0.2 * plan.seconds / each)))
  }

  // MARK: - Pipeline

  /// - Returns: the round of the reading that the leaking meters still lack.
  private func measurePipeline(_ meters: Int) throws -> Int {
    let feed = try BenchFeed(plan.settings, series: series, meters: meters)
    defer { feed.pipeline.store.close() }
    let reader = try StoreReader(directory: plan.settings.data.directory)
    let rollup = try RollupStore<RegisterSteps>(directory: plan.settings.data.directory, settings: plan.settings.rollupSettings)
    try learn(feed, meters)
    try measureFold(rollup, reader, hours: series.hourRounds * meters)
    try judge(feed, meters, reader)
    try commit(feed, meters)
    try foldOften(feed, meters, rollup)
    let alarm = try leak(feed, meters)
    try checkNobodyLeaks(reader)
    figures.statePerMeter = Double(feed.pipeline.engine.stateCount) / Double(meters)
    feed.pipeline.lastCheckpoint()
    nextRound = alarm
    return alarm
  }

  /// Weeks by the hour. Half of the meters begin two days later: what they add to the memory is what meters take.
  private func learn(_ feed: BenchFeed, _ meters: Int) throws {
    var before = 0.0
    for round in 0..<series.hourRounds {
      if round == 48 { before = Double(MachineFigures.residentBytes()) }
      try feed.play(0..<(round < 48 ? meters / 2 : meters))
      try watch.check(.learning, Double(round) / Double(series.hourRounds))
    }
    figures.memoryPerMeter =
      max(
        Double(MachineFigures.residentBytes()) - before, 0) / Double(meters - meters / 2)
  }

  private func measureFold(_ rollup: RollupStore<RegisterSteps>, _ reader: StoreReader, hours: Int) throws {
    let before = try reader.figures().bytes
    try fold(rollup)
    figures.bytesPerMeterHour = Double(try reader.figures().bytes - before) / Double(hours)
  }

  private func fold(_ rollup: RollupStore<RegisterSteps>) throws {
    while try rollup.step().isBehind { try watch.check(.folding, 0) }
    try rollup.checkpoint()
  }

  /// A reading a minute of each.
  private func judge(_ feed: BenchFeed, _ meters: Int, _ reader: StoreReader) throws {
    feed.resetCosts()
    let (began, end) = (BenchMeters.wall, deadline(0.5))
    let bytes = try reader.figures().bytes
    // The rounds of the stages after this one.
    let last = series.rounds - 2 * BenchBrink.longest - 700
    while feed.round < last, feed.costs.readings < 60 * meters || BenchMeters.wall < end {
      try feed.play(0..<meters)
      try watch.check(.judging, (BenchMeters.wall - began) / max(end - began, 1e-3))
      if BenchMeters.wall > began + plan.seconds { break }
    }
    let c = feed.costs
    figures.readings = c.readings
    figures.decodeCPU = c.decode / Double(c.readings)
    figures.judgeCPU = max(0, c.receive - c.decode) / Double(c.readings)
    figures.bytesPerReading = Double(try reader.figures().bytes - bytes) / Double(c.readings)
  }

  /// Commits of one reading, and of as many as the settings allow, in turns.
  private func commit(_ feed: BenchFeed, _ meters: Int) throws {
    var (single, full) = (BenchCommits(size: 1), BenchCommits(size: plan.settings.data.commitReadings))
    let (began, end, first) = (BenchMeters.wall, max(deadline(0.6), BenchMeters.wall + plan.seconds * 0.05), feed.round)
    var n = 0
    func take(_ commits: inout BenchCommits) throws {
      let written = BenchMeters.writtenBytes()
      for _ in 0..<commits.size {
        feed.receive(meter: n % meters, round: first + n / meters)
        n += 1
      }
      let (before, cpu) = (BenchMeters.wall, BenchMeters.cpu)
      guard try feed.pipeline.commit() else { throw BenchError.diskFull }
      commits.add(BenchMeters.wall - before, cpu: BenchMeters.cpu - cpu, written.flatMap { w in BenchMeters.writtenBytes().map { $0 - w } })
    }
    while n < 400 * meters, BenchMeters.wall < end || full.count < 3 {
      for _ in 0..<8 { try take(&single) }
      try take(&full)
      try watch.check(.committing, (BenchMeters.wall - began) / (end - began))
    }
    while n % meters != 0 { try take(&single) }
    feed.skip(rounds: n / meters)
    figures.commitFixed = single.mean
    figures.commitPerReading = max(0, full.mean - single.mean) / Double(max(1, full.size - 1))
    commitCPU = full.meanCPU / Double(max(1, full.size))
    figures.commitsPerSecond = 1 / max(single.mean, 1e-9)
    if let one = single.meanBytes, let all = full.meanBytes, one > 0 {
      figures.commitFixedBytes = one
      figures.commitPerReadingBytes = max(0, all - one) / Double(max(1, full.size - 1))
    }
  }

  /// What the service writes every half hour for hours and days.
  private func foldOften(_ feed: BenchFeed, _ meters: Int, _ rollup: RollupStore<RegisterSteps>) throws {
    try fold(rollup)
    var written: [Double] = []
    for turn in 0..<3 {
      for _ in 0..<30 { try feed.play(0..<meters) }
      let before = BenchMeters.writtenBytes()
      try fold(rollup)
      if let before, let after = BenchMeters.writtenBytes() { written.append(after - before) }
      try watch.check(.folding, Double(turn) / 3)
    }
    if !written.isEmpty { figures.foldBytes = written.reduce(0, +) / Double(written.count * meters) }
  }

  /// Brings the leaking meters to the brink.
  private func leak(_ feed: BenchFeed, _ meters: Int) throws -> Int {
    feed.series.leakRound = feed.round
    series.leakRound = feed.round
    guard let id = SensorID(BenchSeries.id(0)),
      let rounds = BenchBrink.rounds(feed.series, profiles: ProfileBook(plan.settings), id: id)
    else { throw BenchError.noAlert(meter: 0) }
    for n in 0..<(rounds - 1) {
      try feed.play(0..<meters)
      try watch.check(.leaking, Double(n) / Double(rounds))
    }
    return feed.round
  }

  /// An event that is open already would be taken for a very fast alert.
  private func checkNobodyLeaks(_ reader: StoreReader) throws {
    var filter = StoreReader.EventFilter()
    filter.leaksOnly = true
    filter.limit = 10_000
    let leaky = Set((0..<series.leaky).map(BenchSeries.id))
    if let early = try reader.events(filter).first(where: { leaky.contains($0.sensor.description) }) {
      throw BenchError.earlyAlert(early.sensor.description)
    }
  }
}

/// Commits of one size: seconds, and bytes that were written.
private struct BenchCommits {
  let size: Int
  private(set) var count = 0
  private var seconds = 0.0
  private var cpu = 0.0
  private var bytes: Double? = 0

  init(size: Int) { self.size = size }

  mutating func add(_ s: Double, cpu: Double, _ written: Double?) {
    count += 1
    seconds += s
    self.cpu += cpu
    bytes = bytes.flatMap { b in written.map { b + $0 } }
  }

  var mean: Double { seconds / Double(max(1, count)) }
  var meanCPU: Double { cpu / Double(max(1, count)) }
  var meanBytes: Double? { bytes.map { $0 / Double(max(1, count)) } }
}
