/// Reads the parts of an ISO 8601 time from left to right.
///
/// A value with mutating methods and no closure around it: a captured index would be checked for exclusive access at each use. Numbers here
/// have two digits, so arithmetic that wraps cannot.
struct TimeCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  @inline(__always) init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { @inline(__always) get { index >= bytes.count } }

  /// Two digits.
  @inline(__always) mutating func pair() -> Int? {
    guard index &+ 2 <= bytes.count else { return nil }
    let (a, b) = (bytes[index] &- 48, bytes[index &+ 1] &- 48)
    guard a <= 9, b <= 9 else { return nil }
    index &+= 2
    return Int(a &* 10 &+ b)
  }

  @inline(__always) mutating func take(_ c: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == c else { return false }
    index &+= 1
    return true
  }

  /// The digits behind the point as milliseconds, the rest cut off; nil without any.
  mutating func fraction() -> Int? {
    let from = index
    var (scale, milliseconds) = (100, 0)
    while index < bytes.count {
      let d = bytes[index] &- 48
      guard d <= 9 else { break }
      milliseconds &+= Int(d) &* scale
      scale /= 10
      index &+= 1
    }
    return index == from ? nil : milliseconds
  }

  /// `Z`, `±HH:MM`, `±HHMM` or `±HH` up to the end, in seconds.
  @inline(__always) mutating func offset() -> Int? {
    if take(90) || take(122) { return isAtEnd ? 0 : nil }
    let isNegative = take(45)
    guard isNegative || take(43), let hours = pair(), hours <= 23 else { return nil }
    var minutes = 0
    if !isAtEnd {
      _ = take(58)
      guard let m = pair(), m <= 59 else { return nil }
      minutes = m
    }
    guard isAtEnd else { return nil }
    let seconds = hours &* 3600 &+ minutes &* 60
    return isNegative ? -seconds : seconds
  }
}
