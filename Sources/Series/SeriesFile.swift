import Readings

/// One row of a series: when and how much (m³/h for flow).
public struct SeriesRow: Hashable, Sendable {
  public var time: Timestamp
  public var value: Double

  public init(time: Timestamp, value: Double) {
    self.time = time
    self.value = value
  }
}

/// CSV files `timestamp,value`, plain or gzip, in arrival order.
public enum SeriesFile {
  /// Reads a whole file; the order of the rows is kept. Times without an offset are local at `offset` seconds east of UTC.
  /// - Throws: `.missing`, `.unreadable` (also a gzip file that was cut off), or `.badRow` with the line of the first broken row.
  /// - Complexity: O(bytes).
  public static func read(path: String, offset: Int = 32_400) throws(SeriesError) -> [SeriesRow] {
    try parse(try SeriesBytes.read(path), file: path, offset: offset)
  }

  /// The rows of a file that has been read; `file` is its name in errors.
  static func parse(_ bytes: [UInt8], file: String, offset: Int = 32_400) throws(SeriesError) -> [SeriesRow] {
    var failure: SeriesError?
    // No row is shorter than `2026-01-01T00:00,1`.
    let rows = [SeriesRow](unsafeUninitializedCapacity: bytes.count / leastRow + 2) { rows, count in
      bytes.withUnsafeBufferPointer { failure = scan($0, into: rows, &count, file, offset) }
    }
    if let failure { throw failure }
    return rows
  }

  /// Fills in rows until the end or the first broken row.
  private static func scan(
    _ text: UnsafeBufferPointer<UInt8>, into rows: UnsafeMutableBufferPointer<SeriesRow>, _ count: inout Int, _ file: String,
    _ offset: Int
  ) -> SeriesError? {
    guard let out = rows.baseAddress else { return nil }
    var scanner = SeriesScanner(file: file, offset: offset)
    do throws(SeriesError) {
      _ = try scanner.scan(text, into: out, rows.count, &count)
      return nil
    } catch {
      return error
    }
  }

  private static let leastRow = "2026-01-01T00:00,1\n".utf8.count

  /// Writes `timestamp,value` with a header; gzip when the name ends in `.gz`. Values keep three decimals and must be finite.
  /// - Complexity: O(rows); about 0.1 µs a row, plus some 0.7 µs where it is compressed.
  public static func write(_ rows: [SeriesRow], path: String, offset: Int = 32_400) throws(SeriesError) {
    try SeriesBytes.write(try text(rows, file: path, offset: offset), to: path)
  }

  /// The bytes of such a file before they are compressed; `file` is its name in errors.
  static func text(_ rows: [SeriesRow], file: String, offset: Int = 32_400) throws(SeriesError) -> [UInt8] {
    var out = Array("timestamp,value\n".utf8)
    out.reserveCapacity(rows.count * 36)
    var times = TimeText(offset: offset)
    for (i, r) in rows.enumerated() {
      guard r.value.isFinite else {
        throw SeriesError(kind: .unwritable, file: file, line: i + 2, reason: "\(r.value) is no value of a series")
      }
      times.append(r.time, to: &out)
      out.append(44)
      Decimal.append(r.value, to: &out)
      out.append(10)
    }
    return out
  }

  /// At most three decimals, without trailing zeros.
  public static func decimal(_ v: Double) -> String {
    var out: [UInt8] = []
    Decimal.append(v, to: &out)
    return String(decoding: out, as: UTF8.self)
  }
}
