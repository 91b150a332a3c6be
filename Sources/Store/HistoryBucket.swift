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
    let width: Int64
    private var out: [HistoryBucket] = []
    private var index: Int64 = -1
    private var first: Timestamp
    private var values = HourSum()

    init(from: Timestamp, to: Timestamp, points: Int) {
      self.from = from
      first = from
      width = max(1, (to.since(from) + Int64(max(1, points)) - 1) / Int64(max(1, points)))
    }

    /// Adds a reading. Times ascend.
    mutating func add(_ time: Timestamp, _ value: Double) {
      begin(time)
      values.add(value)
    }

    /// Adds an hour that begins at `time`.
    mutating func add(_ time: Timestamp, _ hour: HourSum) {
      begin(time)
      values.add(hour)
    }

    mutating func finished() -> [HistoryBucket] {
      flush()
      return out
    }

    private mutating func begin(_ time: Timestamp) {
      let i = time.since(from) / width
      guard i != index else { return }
      flush()
      (index, first) = (i, time)
    }

    private mutating func flush() {
      if values.count > 0 {
        out.append(
          HistoryBucket(
            time: first, minimum: values.low, mean: values.sum / Double(values.count), maximum: values.high, count: Int(values.count)))
      }
      values = HourSum()
    }
  }
}
