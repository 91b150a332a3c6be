import Readings

/// Reads canonical rows `YYYY-MM-DDTHH:MM:SS±HH:MM,12.5` of one file fast; what else a row may be is left to `SeriesFile`.
///
/// Of a row whose date and offset are those of a row before only the time of day is read.
struct RowReader {
  /// Bytes of date, `T` and `HH:MM:SS`.
  private static let clockEnd = 19

  /// Of the remembered row: bytes 0–7 and 3–10, which are date and `T`, what stands between seconds and value, and its midnight, ms since
  /// the epoch.
  private var head: UInt64 = 0
  private var day: UInt64 = 0
  private var tail: UInt64 = 0
  private var tailMask: UInt64 = 0
  private var tailCount = 0
  private var base: Int64 = 0

  /// The row at `p` and the bytes up to its line feed, or nil where it must be read the slow way.
  /// - Parameter count: bytes from `p` to the end of the last line that has a line feed, which ends every number here.
  @inline(__always) mutating func read(
    _ p: UnsafePointer<UInt8>, _ count: Int, _ powers: UnsafePointer<Double>
  ) -> (row: SeriesRow, length: Int)? {
    guard count >= RowReader.clockEnd + 8, tailMask != 0 else { return nil }
    let raw = UnsafeRawPointer(p)
    guard raw.loadUnaligned(as: UInt64.self) == head, raw.loadUnaligned(fromByteOffset: 3, as: UInt64.self) == day,
      raw.loadUnaligned(fromByteOffset: RowReader.clockEnd, as: UInt64.self) & tailMask == tail, let clock = RowReader.clock(raw)
    else { return nil }
    var next = p + RowReader.clockEnd + tailCount
    let isNegative = next.pointee == 45
    if isNegative { next += 1 }
    let first = next
    var mantissa: Int64 = 0
    RowReader.digits(&next, &mantissa)
    var digits = next - first
    var fraction = 0
    if next.pointee == 46 {
      next += 1
      let point = next
      RowReader.digits(&next, &mantissa)
      fraction = next - point
      digits += fraction
    }
    // More digits than a double holds exactly, an exponent, a blank, a carriage return: the slow way.
    guard digits > 0, digits <= 15, next.pointee == 10 else { return nil }
    let v = Double(mantissa) / powers[fraction]
    return (SeriesRow(time: Timestamp(milliseconds: base + clock), value: isNegative ? -v : v), next - p)
  }

  @inline(__always) private static func digits(_ next: inout UnsafePointer<UInt8>, _ mantissa: inout Int64) {
    while case let digit = next.pointee &- 48, digit <= 9 {
      mantissa = mantissa &* 10 &+ Int64(digit)
      next += 1
    }
  }

  /// Remembers date and offset of a row that was read the slow way.
  /// - Parameters:
  ///   - b: the row's bytes.
  ///   - count: bytes from its beginning to the end of the file.
  mutating func remember(_ row: SeriesRow, _ b: UnsafeBufferPointer<UInt8>, _ count: Int) {
    guard count >= RowReader.clockEnd + 8, let p = b.baseAddress, let comma = b.firstIndex(of: 44), p[10] == 84,
      let clock = RowReader.clock(UnsafeRawPointer(p))
    else { return }
    // Nothing, `Z` or `±HH:MM`: no fraction of a second.
    let length = comma - RowReader.clockEnd
    guard length == 0 || length == 1 || (length == 6 && p[RowReader.clockEnd] != 46 && p[RowReader.clockEnd] != 44) else { return }
    tailCount = length + 1
    tailMask = UInt64.max >> UInt64(64 - 8 * tailCount)
    let raw = UnsafeRawPointer(p)
    head = raw.loadUnaligned(as: UInt64.self)
    day = raw.loadUnaligned(fromByteOffset: 3, as: UInt64.self)
    tail = raw.loadUnaligned(fromByteOffset: RowReader.clockEnd, as: UInt64.self) & tailMask
    base = row.time.milliseconds - clock
  }

  /// Milliseconds since midnight of `HH:MM:SS` at byte 11; nil for anything else, also for 24:00 and a leap second.
  ///
  /// The eight bytes at once: a digit less `0` has no high nibble, also when 6 is added; a carry can only come from what is none.
  @inline(__always) private static func clock(_ p: UnsafeRawPointer) -> Int64? {
    let v = UInt64(littleEndian: p.loadUnaligned(fromByteOffset: 11, as: UInt64.self)) ^ 0x3030_3a30_303a_3030
    guard (v | (v &+ 0x0606_0006_0600_0606)) & 0xf0f0_fff0_f0ff_f0f0 == 0 else { return nil }
    let two = v &* 10 &+ v >> 8
    let (h, m, s) = (two & 0xff, two >> 24 & 0xff, two >> 48 & 0xff)
    guard h <= 23, m <= 59, s <= 59 else { return nil }
    return Int64(((h * 60 + m) * 60 + s) * 1000)
  }
}
