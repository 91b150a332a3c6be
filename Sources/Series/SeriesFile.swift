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
  /// - Complexity: O(bytes); about 0.1 µs a row.
  public static func read(path: String, offset: Int = 32_400) throws(SeriesError) -> [SeriesRow] {
    let bytes = try GzipFile.read(path)
    var rows: [SeriesRow] = []
    rows.reserveCapacity(bytes.count / 30)
    var failure: SeriesError?
    bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      var line = 1
      while start < buffer.count {
        var end = start
        while end < buffer.count, buffer[end] != 10 { end += 1 }
        var stop = end
        if stop > start, buffer[stop - 1] == 13 { stop -= 1 }
        let text = UnsafeBufferPointer(rebasing: buffer[start..<stop])
        if !text.isEmpty, !(line == 1 && isHeader(text)) {
          guard let row = parse(text, offset: offset) else {
            failure = SeriesError(
              kind: .badRow, file: path, line: line,
              reason: "expected `timestamp,value` (ISO 8601, number), found `\(String(decoding: text.prefix(80), as: UTF8.self))`")
            return
          }
          rows.append(row)
        }
        start = end + 1
        line += 1
      }
    }
    if let failure { throw failure }
    return rows
  }

  /// Writes `timestamp,value` with a header; gzip when the name ends in `.gz`. Values keep three decimals.
  public static func write(_ rows: [SeriesRow], path: String, offset: Int = 32_400) throws(SeriesError) {
    var text = "timestamp,value\n"
    text.reserveCapacity(rows.count * 36)
    for r in rows {
      text += r.time.iso8601(offset: offset)
      text += ","
      text += decimal(r.value)
      text += "\n"
    }
    try GzipFile.write(Array(text.utf8), to: path)
  }

  /// At most three decimals, without trailing zeros.
  public static func decimal(_ v: Double) -> String {
    let r = (v * 1000).rounded()
    guard abs(r) < 9e15 else { return "\(v)" }
    let n = Int64(r)
    var out = n < 0 ? "-" : ""
    let a = n.magnitude
    out += String(a / 1000)
    var rest = a % 1000
    if rest > 0 {
      var digits = 3
      while rest % 10 == 0 {
        rest /= 10
        digits -= 1
      }
      let s = String(rest)
      out += "." + String(repeating: "0", count: digits - s.count) + s
    }
    return out
  }

  private static func isHeader(_ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let first = b[0] == 0xef && b.count > 3 ? b[3] : b[0]
    return !(first >= 48 && first <= 57)
  }

  private static func parse(_ b: UnsafeBufferPointer<UInt8>, offset: Int) -> SeriesRow? {
    guard let comma = b.firstIndex(of: 44),
      let time = Timestamp(iso8601: UnsafeBufferPointer(rebasing: b[..<comma]), defaultOffset: offset),
      let value = number(UnsafeBufferPointer(rebasing: b[(comma + 1)...]))
    else { return nil }
    return SeriesRow(time: time, value: value)
  }

  /// A decimal number: up to 15 significant digits with a fraction exactly, anything else by the standard library.
  private static func number(_ b: UnsafeBufferPointer<UInt8>) -> Double? {
    var mantissa: UInt64 = 0
    var digits = 0
    var fraction = 0
    var point = false
    var i = 0
    let negative = !b.isEmpty && b[0] == 45
    if negative { i = 1 }
    while i < b.count {
      let c = b[i]
      if c >= 48 && c <= 57 {
        mantissa = mantissa &* 10 &+ UInt64(c - 48)
        digits += 1
        if point { fraction += 1 }
      } else if c == 46 && !point {
        point = true
      } else {
        return Double(String(decoding: b, as: UTF8.self))
      }
      i += 1
    }
    guard digits > 0 else { return nil }
    guard digits <= 15 else { return Double(String(decoding: b, as: UTF8.self)) }
    let v = Double(mantissa) / powersOfTen[fraction]
    return negative ? -v : v
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}
