import Glibc

/// From the last reading that a leak needs to its line in the alert log: one meter after the other, then the rest at once.
struct BenchLatency {
  let log: BenchLog
  /// Meters that stand at the brink, and the round of the reading that each still lacks.
  let meters: Range<Int>
  let round: Int
  /// Hands one reading over; returns when it is on its way.
  let send: (_ meter: Int, _ round: Int) throws -> Void
  /// Keeps the sender alive.
  let live: () -> Void

  struct Result {
    /// Seconds, sorted.
    var times: [Double] = []
    /// Alerts a second when many come at once; nil without any.
    var rate: Double?
  }

  /// - Parameters:
  ///   - pause: seconds between two.
  ///   - check: called between two; may throw.
  func run(pause: Double, deadline: Double, check: () throws -> Void) throws -> Result {
    var out = Result()
    let alone = meters.lowerBound..<(meters.upperBound - meters.count / 3)
    var next = alone.lowerBound
    while next < alone.upperBound, BenchMeters.wall < deadline || out.times.isEmpty {
      try check()
      let began = BenchMeters.wall
      try send(next, round)
      guard log.wait(for: next, live) else { throw BenchError.noAlert(meter: next) }
      out.times.append(BenchMeters.wall - began)
      next += 1
      // Not in step with any timer of the product's.
      let until = BenchMeters.wall + pause * (0.5 + Double(next * 37 % 64) / 64)
      while BenchMeters.wall < until {
        live()
        usleep(2000)
      }
    }
    out.times.sort()
    out.rate = try burst(alone.upperBound..<meters.upperBound)
    return out
  }

  private func burst(_ meters: Range<Int>) throws -> Double? {
    guard !meters.isEmpty else { return nil }
    let began = BenchMeters.wall
    for m in meters { try send(m, round) }
    for m in meters { guard log.wait(for: m, live) else { throw BenchError.noAlert(meter: m) } }
    return Double(meters.count) / (BenchMeters.wall - began)
  }

  /// The value below which that share of the sorted times lies (nearest rank).
  static func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
  }
}
