import Glibc
import MQTT

/// Readings as fast as broker and service take them: those of many meters, one round after the other, for some seconds.
///
/// What is told is the pace in between, without the start and without the last readings, which wait for the next commit. The sender runs on
/// the same machine; what it takes of it is told.
struct BenchThroughput {
  let sender: Publisher
  let series: BenchSeries
  let meters: Range<Int>
  /// CPU seconds of the broker; nil where they are not known.
  let brokerCPU: () -> Double?
  /// Readings that the service has judged.
  let taken: () -> Int
  let check: () throws -> Void

  /// Readings that may be on their way. The broker has room for them, and the service always has more to take than one commit holds.
  static let ahead = 20_000
  /// Most readings that are made in advance.
  private static let most = 100_000

  /// What was measured; shares are those of one core.
  struct Result {
    var readings = 0
    var seconds = 0.0
    var sender = 0.0
    var ingest: Double? = 0
    var broker: Double? = 0

    var rate: Double { Double(readings) / seconds }

    mutating func add(_ from: Mark, _ to: Mark) {
      readings += to.taken - from.taken
      seconds += to.wall - from.wall
      sender += to.sender - from.sender
      ingest = ingest.flatMap { sum in Mark.difference(from.ingest, to.ingest).map { sum + $0 } }
      broker = broker.flatMap { sum in Mark.difference(from.broker, to.broker).map { sum + $0 } }
    }
  }

  /// A moment of it.
  struct Mark {
    var taken: Int
    var wall: Double
    var sender: Double
    var ingest: Double?
    var broker: Double?

    static func difference(_ a: Double?, _ b: Double?) -> Double? { a.flatMap { a in b.map { $0 - a } } }
  }

  /// - Parameter round: the next one of the series; moved on.
  /// - Returns: nil where the series has no rounds left.
  func run(from round: inout Int, until end: Double) throws -> Result? {
    let topics = meters.map(BenchSeries.topic)
    var result = Result()
    var wanted = 2000
    repeat {
      let rounds = max(1, min(wanted / meters.count, (series.rounds - round) / 3))
      guard round + rounds < series.rounds else { break }
      let payloads = (round..<round + rounds).flatMap { r in meters.map { Array(series.payload($0, r).utf8) } }
      round += rounds
      try play(payloads, topics, &result)
      // The first ones tell how many are some seconds.
      if result.seconds > 0 { wanted = min(BenchThroughput.most, max(2000, Int(result.rate * min(5, end - BenchMeters.wall)))) }
    } while BenchMeters.wall < end
    return result.readings > 0 && result.seconds > 0 ? result : nil
  }

  private func play(_ payloads: [[UInt8]], _ topics: [String], _ result: inout Result) throws {
    let before = taken()
    let (first, last) = (payloads.count / 10, payloads.count * 9 / 10)
    var (from, to): (Mark?, Mark?) = (nil, nil)
    var (n, progress, since) = (0, 0, BenchMeters.wall)
    while to == nil {
      let done = taken() - before
      if from == nil, done >= first { from = mark(done) }
      if done >= last { to = mark(done) }
      if done > progress { (progress, since) = (done, BenchMeters.wall) }
      guard BenchMeters.wall < since + 60 else { throw BenchError.refused(sum: done, of: payloads.count) }
      try check()
      let next = min(payloads.count, n + 64, done + BenchThroughput.ahead)
      while n < next {
        try payloads[n].withUnsafeBytes { try sender.publish(topic: topics[n % topics.count], payload: $0) }
        n += 1
      }
      sender.idle(milliseconds: n < payloads.count && n < done + BenchThroughput.ahead ? 0 : 1)
    }
    if let from, let to { result.add(from, to) }
    try sender.flush()
  }

  private func mark(_ taken: Int) -> Mark {
    Mark(
      taken: taken, wall: BenchMeters.wall, sender: BenchMeters.cpu, ingest: BenchMeters.cpu(ofThread: "ingest"), broker: brokerCPU())
  }
}
