/// Reads the parts of an ISO 8601 time from left to right.
///
/// A value with mutating methods and no closure around it: a captured index would be checked for exclusive access at each use. Numbers here
/// have two digits, so arithmetic that wraps cannot.
struct TimeCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  @inline(__always) init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { @inline(__always) get { index >= bytes.count } }

  /// `YYYY-MM-DDTHH:MM`; only the separators and digits are checked.
  @inline(__always) mutating func dateAndMinute() -> (CivilDate, hour: Int, minute: Int)? {
    guard index == 0, bytes.count >= 16, let base = bytes.baseAddress else { return slowDateAndMinute() }
    let raw = UnsafeRawPointer(base)
    // Against `0000-00-` and `00T00:00`: digits become 0…9, the right separators 0.
    let a = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)) ^ 0x2d30_302d_3030_3030
    let b = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) ^ 0x3030_3a30_3054_3030
    // Adding lifts what is greater than that over 127.
    let faults = (a &+ 0x7f76_767f_7676_7676) | a | (b &+ 0x7676_7f76_767f_7676) | b
    guard faults & 0x8080_8080_8080_8080 == 0 else { return slowDateAndMinute() }
    index = 16
    // Each byte ten times and the next one: at the first digit of a pair stands its number.
    let (p, q) = (a &* 10 &+ a >> 8, b &* 10 &+ b >> 8)
    func number(_ word: UInt64, _ byte: UInt64) -> Int { Int(word >> (byte &* 8) & 0xff) }
    let date = CivilDate(year: number(p, 0) &* 100 &+ number(p, 2), month: number(p, 5), day: number(q, 0))
    return (date, number(q, 3), number(q, 6))
  }

  @inline(never) private mutating func slowDateAndMinute() -> (CivilDate, hour: Int, minute: Int)? {
    guard let century = pair(), let year = pair(), take(45), let month = pair(), take(45), let day = pair(),
      take(84) || take(116) || take(32), let hour = pair(), take(58), let minute = pair()
    else { return nil }
    return (CivilDate(year: century &* 100 &+ year, month: month, day: day), hour, minute)
  }

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
