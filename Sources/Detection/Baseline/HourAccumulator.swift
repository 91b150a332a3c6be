/// The mean of an hour's valid readings. Hours are numbered from 1970-01-01T00:00 local time.
struct HourAccumulator: BitwiseCopyable {
  var sum: Double = 0
  /// Number of the hour being filled; Int64.min before the first reading.
  var hour = Int64.min
  /// Event time of its end, ms.
  private(set) var end = Int64.min
  var count: Int32 = 0
  /// The hour was handed over before its end since no further reading was due in it.
  var isDone = false
  private var reserved0: UInt8 = 0
  private var reserved1: UInt16 = 0
  /// Event time from which what can be done before the hour's end is due, ms; Int64.max = done.
  var ahead = Int64.max

  init() {}

  /// m³/h, or nan with no valid reading.
  var mean: Float { count > 0 ? Float(sum / Double(count)) : .nan }

  mutating func start(_ hour: Int64, end: Int64, ahead due: Int64) {
    sum = 0
    ahead = due
    self.hour = hour
    self.end = end
    count = 0
    isDone = false
  }

  @inline(always) mutating func add(_ v: Float) {
    sum += Double(v)
    count &+= 1
  }

  /// Takes back a reading that turned out to be a spike.
  mutating func remove(_ v: Float) {
    guard count > 1 else { return }
    sum -= Double(v)
    count -= 1
  }
}
