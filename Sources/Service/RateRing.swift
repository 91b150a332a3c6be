import Synchronization

/// How fast a counter grew of late: a sample of it every ten seconds, for five minutes. Fed by the tick of the ingest thread, so that a
/// reading costs nothing more.
final class RateRing: Sendable {
  /// ms
  static let period: Int64 = 10_000
  static let span: Int64 = 300_000
  private static let places = Int(span / period) + 1

  private struct State {
    var times = InlineArray<31, Int64>(repeating: 0)
    var counts = InlineArray<31, Int>(repeating: 0)
    /// Samples taken; number n lies at n % places.
    var taken = 0
  }
  private let state = Mutex(State())

  /// Takes a sample if the last one is a period ago.
  /// - Parameter now: monotonic ms.
  func tick(_ count: Int, now: Int64) {
    state.withLock { s in
      if s.taken > 0, now - s.times[(s.taken - 1) % RateRing.places] < RateRing.period { return }
      s.times[s.taken % RateRing.places] = now
      s.counts[s.taken % RateRing.places] = count
      s.taken += 1
    }
  }

  /// Growth a minute since the oldest sample that is not older than the span; 0 before a second has passed.
  /// - Parameters:
  ///   - count: the counter now.
  ///   - now: monotonic ms.
  func perMinute(_ count: Int, now: Int64) -> Double {
    state.withLock { s in
      for n in max(0, s.taken - RateRing.places)..<s.taken {
        let age = now - s.times[n % RateRing.places]
        guard age <= RateRing.span + RateRing.period else { continue }
        guard age >= 1000 else { return 0 }
        return Double(count - s.counts[n % RateRing.places]) * 60_000 / Double(age)
      }
      return 0
    }
  }
}
