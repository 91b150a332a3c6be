/// Holds readings of one sensor until no earlier one can come within the window, and hands them out by time.
///
/// Gateways swap neighbours. Sensors that report less often than every 10 min need no buffer: their neighbours are further
/// apart than the window. Bounded: when 16 readings wait, the oldest goes (below 40 s between readings the window is shorter).
///
/// What waits stands apart (`WaitingReadings`): of that a reading needs little.
struct ReorderBuffer: BitwiseCopyable {
  static let capacity = 16
  /// Milliseconds.
  static let window: Int64 = 600_000

  /// Event time of the newest reading seen; Int64.min before the first.
  private(set) var newest = Int64.min
  /// Event time of the last reading handed out.
  private(set) var released = Int64.min
  /// Readings older than what was handed out: they fill hours without data (`LateHour`) and are not judged.
  private(set) var late: Int64 = 0
  private(set) var count: Int32 = 0
  /// Place of the oldest.
  private var first: Int32 = 0

  init() {}

  enum Outcome { case held, late, duplicate }

  /// Puts a reading in its place by time. O(1) for the newest, O(capacity) for others.
  @inline(always) mutating func insert(time: Int64, value: Double, in waiting: inout WaitingReadings) -> Outcome {
    guard time > newest else { return insertOlder(time: time, value: value, in: &waiting) }
    waiting.set(place(count), time, value)
    count &+= 1
    newest = time
    return .held
  }

  @inline(never) private mutating func insertOlder(time: Int64, value: Double, in waiting: inout WaitingReadings) -> Outcome {
    if time <= released {
      late &+= 1
      return time == released ? .duplicate : .late
    }
    var i = count
    while i > 0, waiting.at(place(i - 1)).time > time { i -= 1 }
    if i > 0, waiting.at(place(i - 1)).time == time {
      late &+= 1
      return .duplicate
    }
    var k = count
    while k > i {
      let entry = waiting.at(place(k - 1))
      waiting.set(place(k), entry.time, entry.value)
      k -= 1
    }
    waiting.set(place(i), time, value)
    count += 1
    return .held
  }

  /// The oldest reading if it is due: `window` old, or the buffer is full, or the sensor needs no buffer. O(1)
  @inline(always) mutating func next(interval: Int64, from waiting: inout WaitingReadings) -> (time: Int64, value: Double)? {
    guard isDue(interval: interval, in: &waiting) else { return nil }
    let oldest = waiting.at(place(0))
    first = (first &+ 1) & 15
    count &-= 1
    released = oldest.time
    return oldest
  }

  @inline(always) func isDue(interval: Int64, in waiting: inout WaitingReadings) -> Bool {
    guard count > 0 else { return false }
    if newest &- waiting.at(place(0)).time >= ReorderBuffer.window { return true }
    return interval > ReorderBuffer.window || count == Int32(ReorderBuffer.capacity)
  }

  /// Places in `WaitingReadings` of the oldest reading and of the next one.
  @inline(always) var ends: (oldest: Int, next: Int) { (place(0), place(count)) }

  @inline(always) private func place(_ k: Int32) -> Int { Int((first &+ k) & 15) }
}
