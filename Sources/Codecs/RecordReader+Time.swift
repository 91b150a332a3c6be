import Readings

extension RecordReader {
  /// An ISO 8601 text.
  mutating func time(_ text: UnsafeBufferPointer<UInt8>?, at offset: Int) -> Timestamp? {
    guard let text, let t = Timestamp(iso8601: text, defaultOffset: localOffset) else {
      blame(.timestampSyntax, at: offset)
      return nil
    }
    return checked(t, at: offset)
  }

  /// Seconds or milliseconds since 1970, told apart by their size.
  ///
  /// | number | meaning |
  /// |---|---|
  /// | below 946,684,800 | seconds before 2000: a clock that counts from its start, `timestamp_past` |
  /// | up to 10¹¹ | seconds, 2000 to 5138 |
  /// | 946,684,800,000 to 10¹⁴ | milliseconds, 2000 to 5138 |
  /// | in between and above | neither (micro- and nanoseconds among them), `timestamp_unit` |
  mutating func time(_ n: JSONNumber) -> Timestamp? {
    guard let t = RecordReader.unixTime(n.value(in: scanner.bytes)) else {
      blame(.timestampUnit, at: n.start)
      return nil
    }
    return checked(t, at: n.start)
  }

  @inline(__always)
  static func unixTime(_ v: Double) -> Timestamp? {
    switch v {
    case ..<1e11: Timestamp(milliseconds: Int64((max(v, -1e11) * 1000).rounded()))
    case 946_684_800_000..<1e14: Timestamp(milliseconds: Int64(v.rounded()))
    default: nil
    }
  }

  mutating func checked(_ t: Timestamp, at offset: Int) -> Timestamp? {
    if t < earliest {
      blame(.timestampPast, at: offset)
    } else if t > latest {
      blame(.timestampFuture, at: offset)
    } else {
      return t
    }
    return nil
  }
}
