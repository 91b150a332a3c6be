/// Collects readings that came after their hour had been judged, so that an hour without data is filled in when its data arrive.
///
/// One hour at a time: a gateway delivers its backlog forwards or backwards. Bounded; of two readings of one minute the first counts.
struct LateHour: BitwiseCopyable {
  /// Local hour number; Int64.min = empty.
  private(set) var hour = Int64.min
  private var sum: Double = 0
  /// Minutes of the hour that have a reading.
  private var minutes: UInt64 = 0

  private var count: Int { minutes.nonzeroBitCount }

  init() {}

  /// Mean so far, m³/h, where there are enough readings: a quarter of an hour of them.
  func mean(interval: Int64) -> Float { Int64(count) * max(interval, 1) >= 900_000 ? Float(sum / Double(count)) : .nan }

  mutating func add(_ v: Float, minute: Int, hour h: Int64) {
    if h != hour {
      self = LateHour()
      hour = h
    }
    let bit = UInt64(1) << UInt64(minute & 63)
    guard minutes & bit == 0 else { return }
    minutes |= bit
    sum += Double(v)
  }
}
