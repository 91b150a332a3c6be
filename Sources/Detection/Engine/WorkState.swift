/// Windows of planned work (工事) of one sensor. What the meter shows in them is neither judged nor learnt; how much more it was is kept.
struct WorkState: BitwiseCopyable {
  /// Windows that may be known at a time.
  static let windows = 4

  /// Event times, ms; Int64.max = unused. Sorted by beginning; the first is asked for by every reading.
  private var from = InlineArray<4, Int64>(repeating: Int64.max)
  private var to = InlineArray<4, Int64>(repeating: Int64.max)
  /// m³ above expectation in the window that is under way, and the event time up to which it is counted.
  private(set) var volume: Double = 0
  private var counted = Int64.min
  /// Largest excess in it, m³/h.
  private(set) var largest: Float = 0
  /// The window under way has been told.
  var isTold = false
  private var reserved0: UInt8 = 0
  private var reserved1: UInt16 = 0

  init() {}

  @inline(always) var isEmpty: Bool { from[0] == Int64.max }

  /// The earliest window; nil without one.
  var first: (from: Int64, to: Int64)? { from[0] == Int64.max ? nil : (from[0], to[0]) }

  /// Adds a window, joined with those that it overlaps.
  /// - Returns: false when all places are taken.
  mutating func add(from a: Int64, to b: Int64) -> Bool {
    var (a, b) = (a, b)
    var n = 0
    for i in 0..<WorkState.windows where from[i] != Int64.max {
      if from[i] <= b && a <= to[i] {
        (a, b) = (min(a, from[i]), max(b, to[i]))
      } else {
        (from[n], to[n]) = (from[i], to[i])
        n += 1
      }
    }
    guard n < WorkState.windows else { return false }
    var k = n
    while k > 0, from[k - 1] > a {
      (from[k], to[k]) = (from[k - 1], to[k - 1])
      k -= 1
    }
    (from[k], to[k]) = (a, b)
    for i in (n + 1)..<max(WorkState.windows, n + 1) { (from[i], to[i]) = (Int64.max, Int64.max) }
    return true
  }

  /// Takes away what lies in `a ..< b`; a window that has been told stays until `followWork` has closed it.
  /// - Returns: false when there is nothing to take away, or no place for what remains on both sides of it.
  mutating func remove(from a: Int64, to b: Int64) -> Bool {
    var pieces = InlineArray<5, (from: Int64, to: Int64)>(repeating: (Int64.max, Int64.max))
    var n = 0
    var isFound = false
    for i in 0..<WorkState.windows where from[i] != Int64.max {
      if from[i] >= b || to[i] <= a {
        pieces[n] = (from[i], to[i])
        n += 1
        continue
      }
      isFound = true
      for piece in [(from[i], min(to[i], a)), (max(from[i], b), to[i])] where piece.0 < piece.1 {
        // Windows do not overlap, so only one of them can lie on both sides: five pieces at most.
        pieces[n] = piece
        n += 1
      }
    }
    guard isFound, n <= WorkState.windows else { return false }
    for i in 0..<WorkState.windows { (from[i], to[i]) = pieces[i] }
    return true
  }

  /// Whether a moment lies in the earliest window.
  @inline(always) func covers(_ time: Int64) -> Bool { time >= from[0] && time < to[0] }

  /// Counts what one reading in the window shows above expectation.
  mutating func count(_ residual: Float, time: Int64, longest: Int64) {
    let step = counted == Int64.min ? 0 : min(max(time - counted, 0), longest)
    counted = time
    guard residual.isFinite, residual > 0 else { return }
    volume += Double(residual) * Double(step) / 3_600_000
    largest = max(largest, residual)
  }

  /// Drops the earliest window and what it counted.
  mutating func endFirst() {
    for i in 1..<WorkState.windows { (from[i - 1], to[i - 1]) = (from[i], to[i]) }
    (from[WorkState.windows - 1], to[WorkState.windows - 1]) = (Int64.max, Int64.max)
    volume = 0
    counted = Int64.min
    largest = 0
    isTold = false
  }
}
