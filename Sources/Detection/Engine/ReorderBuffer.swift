/// Holds readings of one sensor until no earlier one can come within the window, and hands them out by time.
///
/// Gateways swap neighbours. Sensors that report less often than every 10 min need no buffer: their neighbours are further
/// apart than the window. Bounded: when 16 readings wait, the oldest goes (below 40 s between readings the window is shorter).
struct ReorderBuffer: BitwiseCopyable {
  static let capacity = 16
  /// Milliseconds.
  static let window: Int64 = 600_000

  private var times = InlineArray<16, Int64>(repeating: 0)
  /// Double: a register of nine digits does not fit a Float.
  private var values = InlineArray<16, Double>(repeating: 0)
  private(set) var count: Int32 = 0
  private var reserved: Int32 = 0
  /// Event time of the newest reading seen; Int64.min before the first.
  private(set) var newest = Int64.min
  /// Event time of the last reading handed out.
  private(set) var released = Int64.min
  /// Readings older than what was handed out: they fill hours without data (`LateHour`) and are not judged.
  private(set) var late: Int64 = 0

  enum Outcome { case held, late, duplicate }

  /// Puts a reading in its place by time. O(capacity).
  mutating func insert(time: Int64, value: Double) -> Outcome {
    if time <= released {
      late &+= 1
      return time == released ? .duplicate : .late
    }
    var i = Int(count)
    while i > 0, times.at(i - 1) > time { i -= 1 }
    if i > 0, times.at(i - 1) == time {
      late &+= 1
      return .duplicate
    }
    var k = Int(count)
    while k > i {
      times[k] = times.at(k - 1)
      values[k] = values.at(k - 1)
      k -= 1
    }
    times[i] = time
    values[i] = value
    count += 1
    newest = max(newest, time)
    return .held
  }

  /// The oldest reading if it is due: `window` old, or the buffer is full, or the sensor needs no buffer.
  mutating func next(interval: Int64) -> (time: Int64, value: Double)? {
    guard count > 0 else { return nil }
    let t = times.at(0)
    guard interval > ReorderBuffer.window || newest - t >= ReorderBuffer.window || count == Int32(ReorderBuffer.capacity) else {
      return nil
    }
    let v = values.at(0)
    for k in 1..<Int(max(1, count)) {
      times[k - 1] = times.at(k)
      values[k - 1] = values.at(k)
    }
    count -= 1
    released = t
    return (t, v)
  }
}
