import Readings

/// Turns the lines of one file into rows, whether the file is there as a whole or comes in pieces.
struct SeriesScanner {
  let file: String
  /// Seconds east of UTC of times without an offset.
  let offset: Int
  private var reader = RowReader()
  /// 1-based number of the line that comes next.
  private(set) var line = 1

  init(file: String, offset: Int) {
    self.file = file
    self.offset = offset
  }

  /// Appends rows at `out[count…]` until the text ends or `capacity` rows are there.
  /// - Parameter text: whole lines; the last one of a file may lack its line feed.
  /// - Returns: bytes used, whole lines.
  mutating func scan(
    _ text: UnsafeBufferPointer<UInt8>, into out: UnsafeMutablePointer<SeriesRow>, _ capacity: Int, _ count: inout Int
  ) throws(SeriesError) -> Int {
    guard let p = text.baseAddress else { return 0 }
    let powers = Decimal.powers
    var reader = self.reader
    var (start, line, n) = (0, self.line, count)
    var fed = text.count
    while fed > 0, p[fed - 1] != 10 { fed -= 1 }
    defer { (self.reader, self.line, count) = (reader, line, n) }
    while start < text.count, n < capacity {
      if let (row, length) = reader.read(p + start, fed - start, powers) {
        (out + n).initialize(to: row)
        n += 1
        start += length + 1
      } else {
        var end = start
        while end < text.count, p[end] != 10 { end += 1 }
        let stop = end > start && p[end - 1] == 13 ? end - 1 : end
        let one = UnsafeBufferPointer(rebasing: text[start..<stop])
        if !one.isEmpty, !(line == 1 && SeriesScanner.isHeader(one)) {
          guard let row = row(one) else { throw broken(one, line) }
          reader.remember(row, one, text.count - start)
          (out + n).initialize(to: row)
          n += 1
        }
        start = end + 1
      }
      line += 1
    }
    return min(start, text.count)
  }

  /// Names of columns: two fields without any digit. A first row that was damaged is not one.
  private static func isHeader(_ b: UnsafeBufferPointer<UInt8>) -> Bool {
    b.contains(44) && !b.contains { $0 >= 48 && $0 <= 57 }
  }

  private func row(_ b: UnsafeBufferPointer<UInt8>) -> SeriesRow? {
    guard let comma = b.firstIndex(of: 44),
      let time = Timestamp(iso8601: UnsafeBufferPointer(rebasing: b[..<comma]), defaultOffset: offset),
      let value = Decimal.read(UnsafeBufferPointer(rebasing: b[(comma + 1)...]))
    else { return nil }
    return SeriesRow(time: time, value: value)
  }

  private func broken(_ text: UnsafeBufferPointer<UInt8>, _ line: Int) -> SeriesError {
    let found = String(decoding: text.prefix(80), as: UTF8.self)
    return SeriesError(
      kind: .badRow, file: file, line: line, reason: "expected `timestamp,value` (ISO 8601, number), found `\(found)`")
  }
}
