import Readings

/// Reads canonical rows `YYYY-MM-DDTHH:MM:SS±HH:MM,12.5` of one file fast; what else a row may be is left to `SeriesFile`.
///
/// Of a row whose date and offset are those of a row before only the time of day is read.
struct RowReader {
  /// Bytes of date, `T` and `HH:MM:SS`.
  private static let clockEnd = 19

  /// Date, and what stands between seconds and value, of the remembered row; `base` is its midnight, ms since the epoch.
  private var year: UInt64 = 0
  private var day: UInt16 = 0
  private var tail: UInt64 = 0
  private var tailMask: UInt64 = 0
  private var tailCount = 0
  private var base: Int64 = 0

  /// The row at `p` and the bytes up to its line feed, or nil where it must be read the slow way.
  /// - Parameter count: bytes from `p` to the end of the file.
  @inline(__always) mutating func read(
    _ p: UnsafePointer<UInt8>, _ count: Int, _ powers: UnsafePointer<Double>
  ) -> (row: SeriesRow, length: Int)? {
    guard count >= RowReader.clockEnd + 8, tailMask != 0 else { return nil }
    let raw = UnsafeRawPointer(p)
    guard raw.loadUnaligned(as: UInt64.self) == year, raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self) == day,
      raw.loadUnaligned(fromByteOffset: RowReader.clockEnd, as: UInt64.self) & tailMask == tail, let clock = RowReader.clock(p)
    else { return nil }
    var i = RowReader.clockEnd + tailCount
    let isNegative = p[i] == 45
    if isNegative { i += 1 }
    let first = i
    var mantissa: UInt64 = 0
    while i < count, p[i] &- 48 <= 9 {
      mantissa = mantissa &* 10 &+ UInt64(p[i] &- 48)
      i += 1
    }
    var digits = i - first
    var fraction = 0
    if i < count, p[i] == 46 {
      i += 1
      let point = i
      while i < count, p[i] &- 48 <= 9 {
        mantissa = mantissa &* 10 &+ UInt64(p[i] &- 48)
        i += 1
      }
      fraction = i - point
      digits += fraction
    }
    // More digits than a double holds exactly, an exponent, a blank, a carriage return: the slow way.
    guard digits > 0, digits <= 15, i == count || p[i] == 10 else { return nil }
    let v = Double(mantissa) / powers[fraction]
    return (SeriesRow(time: Timestamp(milliseconds: base + clock), value: isNegative ? -v : v), i)
  }

  /// Remembers date and offset of a row that was read the slow way.
  /// - Parameters:
  ///   - b: the row's bytes.
  ///   - count: bytes from its beginning to the end of the file.
  mutating func remember(_ row: SeriesRow, _ b: UnsafeBufferPointer<UInt8>, _ count: Int) {
    guard count >= RowReader.clockEnd + 8, let p = b.baseAddress, let comma = b.firstIndex(of: 44), let clock = RowReader.clock(p) else {
      return
    }
    // Nothing, `Z` or `±HH:MM`: no fraction of a second.
    let length = comma - RowReader.clockEnd
    guard length == 0 || length == 1 || (length == 6 && p[RowReader.clockEnd] != 46 && p[RowReader.clockEnd] != 44) else { return }
    tailCount = length + 1
    tailMask = UInt64.max >> UInt64(64 - 8 * tailCount)
    let raw = UnsafeRawPointer(p)
    year = raw.loadUnaligned(as: UInt64.self)
    day = raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    tail = raw.loadUnaligned(fromByteOffset: RowReader.clockEnd, as: UInt64.self) & tailMask
    base = row.time.milliseconds - clock
  }

  /// Milliseconds since midnight of `THH:MM:SS` at byte 10; nil for anything else, also for 24:00 and a leap second.
  @inline(__always) private static func clock(_ p: UnsafePointer<UInt8>) -> Int64? {
    guard p[10] == 84, p[13] == 58, p[16] == 58 else { return nil }
    guard let h = two(p + 11), let m = two(p + 14), let s = two(p + 17), h <= 23, m <= 59, s <= 59 else { return nil }
    return Int64(((h * 60 + m) * 60 + s) * 1000)
  }

  @inline(__always) private static func two(_ p: UnsafePointer<UInt8>) -> Int? {
    let (a, b) = (p[0] &- 48, p[1] &- 48)
    return a <= 9 && b <= 9 ? Int(a) * 10 + Int(b) : nil
  }
}
