import Codecs
import Logging
import Readings
import Settings
import Store

/// The product's own pipeline and store over a directory of the bench, fed message by message, with the time that each part takes.
final class BenchFeed {
  let pipeline: Pipeline
  var series: BenchSeries
  private let commitReadings: Int
  private let decoder: CanonicalDecoder
  private let topics: [[UInt8]]
  private(set) var round = 0
  /// Seconds and counts since `resetCosts()`.
  private(set) var costs = Costs()

  struct Costs {
    var readings = 0
    /// CPU of all that `receive` does, and of decoding alone, done once more.
    var receive = 0.0
    var decode = 0.0
  }

  init(_ settings: MizumoriSettings, series: BenchSeries, meters: Int) throws {
    self.series = series
    commitReadings = settings.data.commitReadings
    decoder = CanonicalDecoder(limits: settings.limits.decodeLimits)
    pipeline = try BenchFeed.pipeline(settings)
    topics = (0..<meters).map { Array(BenchSeries.topic($0).utf8) }
  }

  /// As the service opens it.
  static func pipeline(_ settings: MizumoriSettings) throws -> Pipeline {
    var logger = Logger(label: "bench")
    logger.logLevel = .critical
    let profiles = ProfileBook(settings)
    let store = try Store(directory: settings.data.directory)
    let recovered = try Recovery(store: store, profiles: profiles, logger: logger).run()
    let pipeline = Pipeline(
      store: store, shared: Shared(engine: recovered.engine, sensors: recovered.sensors), profiles: profiles, inputs: settings.inputs,
      limits: settings.pipelineLimits, logger: logger)
    try pipeline.resume(recovered.sensors, transitions: recovered.transitions)
    return pipeline
  }

  /// Rounds that were handed over by `receive(meter:round:)`.
  func skip(rounds: Int) { round += rounds }

  func resetCosts() { costs = Costs() }

  /// Plays the next round for some meters and commits as often as the settings say.
  func play(_ meters: Range<Int>) throws {
    let payloads = meters.map { Array(series.payload($0, round).utf8) }
    var n = 0
    while n < payloads.count {
      let end = min(n + commitReadings, payloads.count)
      let before = BenchMeters.cpu
      for i in n..<end { receive(topics[meters.lowerBound + i], payloads[i]) }
      costs.receive += BenchMeters.cpu - before
      guard try pipeline.commit() else { throw BenchError.diskFull }
      n = end
    }
    try decodeAgain(payloads)
    costs.readings += payloads.count
    round += 1
  }

  /// Hands over one reading of the present round without a commit.
  func receive(meter: Int, round: Int) { receive(topics[meter], Array(series.payload(meter, round).utf8)) }

  private func receive(_ topic: [UInt8], _ payload: [UInt8]) {
    topic.withUnsafeBufferPointer { t in payload.withUnsafeBufferPointer { pipeline.receive(topic: t, payload: $0, isRetained: false) } }
  }

  private func decodeAgain(_ payloads: [[UInt8]]) throws {
    let now = Clocks.wall()
    var sum = 0
    let before = BenchMeters.cpu
    for p in payloads {
      p.withUnsafeBufferPointer { _ = decoder.decode($0, quantity: .flow, now: now) { _ in sum += 1 } }
    }
    costs.decode += BenchMeters.cpu - before
    guard sum == payloads.count else { throw BenchError.refused(sum: sum, of: payloads.count) }
  }
}

/// Why a bench ended without figures.
public enum BenchError: Error, CustomStringConvertible, Sendable {
  case interrupted
  case diskFull
  case refused(sum: Int, of: Int)
  case noAlert(meter: Int)
  case earlyAlert(String)

  public var description: String {
    switch self {
    case .interrupted: "中断しました / interrupted"
    case .diskFull: "ディスクに空きがありません / the disk is full"
    case .refused(let n, let all): "受け付けられた電文は \(all) 件のうち \(n) 件でした / only \(n) of \(all) messages were accepted"
    case .earlyAlert(let sensor): "漏水が早く見つかりすぎました / the leak was found too early: \(sensor)"
    case .noAlert(let meter): "知らせが 20 秒以内に記録されませんでした（計器 \(meter)） / no alert came into the log within 20 s (meter \(meter))"
    }
  }
}
