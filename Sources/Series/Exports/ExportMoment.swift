import Readings

/// A date, a time of day, or both, as loggers, SCADA and spreadsheets in Japan write them.
struct ExportMoment: Equatable {
  /// Days since 1970-01-01, local.
  var day: Int?
  /// Milliseconds after local midnight, 0…86,400,000 (24:00 is the midnight that ends the day).
  var time: Int?
  /// Seconds east of UTC where the cell says so.
  var offset: Int?

  /// Reads a whole cell; nil when anything is left over.
  ///
  /// `2026-11-23T09:05:00+09:00`, `2026/11/23 9:05`, `2026.11.23`, `26/11/23`, `202611230905`, `20261123 090500`,
  /// `2026年11月23日(月) 9時05分`, `令和8年11月23日`, `R8.11.23`, `9:05 PM`, `午後9:05`, `24:00`.
  /// - Complexity: O(length), no allocation.
  init?(_ b: UnsafeBufferPointer<UInt8>) {
    var c = MomentScanner(b)
    c.skipBlanks()
    day = c.date()
    if day != nil { c.skipWeekday() }
    if !c.isAtEnd {
      guard let t = c.time(allowsCompact: day != nil) else { return nil }
      time = t
      c.skipBlanks()
      if !c.isAtEnd {
        guard let zone = c.zone() else { return nil }
        offset = zone
      }
    }
    guard c.isAtEnd, day != nil || time != nil else { return nil }
  }

  /// The point in time.
  /// - Parameter local: seconds east of UTC, for cells that do not say.
  static func timestamp(day: Int, time: Int, offset: Int?, local: Int) -> Timestamp {
    Timestamp(milliseconds: Int64(day) * 86_400_000 + Int64(time) - Int64(offset ?? local) * 1000)
  }
}

/// Reads the parts of a moment from left to right.
struct MomentScanner {
  private let b: UnsafeBufferPointer<UInt8>
  private(set) var i = 0

  init(_ b: UnsafeBufferPointer<UInt8>) { self.b = b }

  var isAtEnd: Bool { i == b.count }

  mutating func rewind(to position: Int) { i = position }

  mutating func skipBlanks() { while i < b.count, b[i] == 32 || b[i] == 9 || b[i] == 10 || b[i] == 13 { i += 1 } }

  mutating func take(_ c: UInt8) -> Bool {
    guard i < b.count, b[i] == c else { return false }
    i += 1
    return true
  }

  mutating func take(_ word: StaticString) -> Bool {
    let n = word.utf8CodeUnitCount
    guard i + n <= b.count else { return false }
    for k in 0..<n where b[i + k] != word.utf8Start[k] { return false }
    i += n
    return true
  }

  /// A number of at most `most` digits; more digits are no number.
  mutating func number(most: Int) -> (value: Int, digits: Int)? {
    let from = i
    var v = 0
    while i < b.count, b[i] >= 48, b[i] <= 57, i - from <= most {
      v = v * 10 + Int(b[i]) - 48
      i += 1
    }
    let digits = i - from
    guard digits > 0, digits <= most else {
      i = from
      return nil
    }
    return (v, digits)
  }

  /// `(月)`, `(Mon)`, and what stands between date and time.
  mutating func skipWeekday() {
    skipBlanks()
    if i < b.count, b[i] == 40, let end = b[i...].prefix(14).firstIndex(of: 41) { i = end + 1 }
    skipBlanks()
    if i < b.count, b[i] == 84 || b[i] == 116 || b[i] == 95 { i += 1 }
    skipBlanks()
  }
}
