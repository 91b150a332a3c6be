import Readings

/// The readings of one stretch of time: minimum, mean and maximum, so that no peak is lost in a graph.
public struct HistoryBucket: Sendable {
  /// Of its first reading.
  public let time: Timestamp
  public let minimum: Double
  public let mean: Double
  public let maximum: Double
  public let count: Int

  /// Readings that ascend in time in at most about `points` buckets of equal length. O(readings).
  public static func of(
    _ readings: [(time: Timestamp, value: Double)], from: Timestamp, to: Timestamp, points: Int
  ) -> [HistoryBucket] {
    var out = Filler(from: from, to: to, points: points)
    for r in readings { out.add(r.time, r.value) }
    return out.finished()
  }

  /// Collects readings into buckets.
  struct Filler {
    private let from: Timestamp
    /// Milliseconds of a bucket.
    private let width: Int64
    private var out: [HistoryBucket] = []
    private var index: Int64 = -1
    private var first: Timestamp
    private var (low, high, sum, count) = (0.0, 0.0, 0.0, 0)

    init(from: Timestamp, to: Timestamp, points: Int) {
      self.from = from
      first = from
      width = max(1, (to.since(from) + Int64(max(1, points)) - 1) / Int64(max(1, points)))
    }

    mutating func add(_ time: Timestamp, _ value: Double) {
      let i = time.since(from) / width
      if i != index {
        flush()
        (index, low, high, sum, count, first) = (i, value, value, 0, 0, time)
      }
      low = min(low, value)
      high = max(high, value)
      sum += value
      count += 1
    }

    mutating func finished() -> [HistoryBucket] {
      flush()
      return out
    }

    private mutating func flush() {
      guard count > 0 else { return }
      out.append(HistoryBucket(time: first, minimum: low, mean: sum / Double(count), maximum: high, count: count))
      count = 0
    }
  }
}
