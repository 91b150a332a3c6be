/// The rows of one sensor in one segment, column by column: ordinals, times, delays of arrival, sequences, values.
enum PartCodec {
  private static let version: UInt8 = 1
  /// Values are raw bits.
  private static let raw: UInt8 = 255

  /// Bytes of a part at most: five columns, and values that are no decimals beside theirs.
  private static func most(_ count: Int) -> Int { 64 + 5 * ColumnCodec.most(count) + count * 18 }

  /// - Parameter first: the segment's first ordinal.
  /// - Complexity: O(rows)
  static func encode(_ part: RowsBySensor.Part, first: Int64) -> [UInt8] {
    let count = part.count
    return [UInt8](unsafeUninitializedCapacity: most(count)) { bytes, size in
      guard let start = bytes.baseAddress else { return }
      var out = ByteCursor(start)
      out.byte(version)
      out.unsigned(UInt64(count))
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: count * 6) { room in
        func column(_ n: Int) -> UnsafeMutableBufferPointer<Int64> {
          UnsafeMutableBufferPointer(rebasing: room[n * count..<(n + 1) * count])
        }
        let (ordinals, times, delays, sequences) = (column(0), column(1), column(2), column(3))
        let values = column(4)
        var n = 0
        part.forEach { row in
          ordinals[n] = row.ordinal - first
          times[n] = row.time
          delays[n] = row.arrival &- row.time
          sequences[n] = row.sequence
          values[n] = Int64(bitPattern: row.value.bitPattern)
          n += 1
        }
        for n in 0..<4 { ColumnCodec.write(UnsafeBufferPointer(column(n)), to: &out) }
        if part.slot >= 0 { write(values: values, room: column(5), to: &out) }
      }
      out.seal()
      size = out.count
    }
  }

  /// A scale at which nearly all are whole, with the others after it; or all as bits.
  /// - Parameters:
  ///   - values: their bits.
  ///   - whole: room for as many.
  private static func write(
    values: UnsafeMutableBufferPointer<Int64>, room whole: UnsafeMutableBufferPointer<Int64>, to out: inout ByteCursor
  ) {
    values.withMemoryRebound(to: Double.self) { values in
      let values = UnsafeBufferPointer(values)
      if let scale = DecimalScale.wholes(of: values, into: whole) {
        out.byte(scale.code)
        ColumnCodec.write(UnsafeBufferPointer(whole), to: &out)
        return out.unsigned(0)
      }
      let (scale, odd) = DecimalScale.best(for: values)
      guard odd * 8 <= values.count else {
        out.byte(raw)
        return values.withMemoryRebound(to: Int64.self) { ColumnCodec.write($0, to: &out) }
      }
      var last: Int64 = 0
      var exceptions: UInt64 = 0
      for n in values.indices {
        if let own = scale.whole(values[n]) { last = own } else { exceptions += 1 }
        whole[n] = last
      }
      out.byte(scale.code)
      ColumnCodec.write(UnsafeBufferPointer(whole), to: &out)
      out.unsigned(exceptions)
      for n in values.indices where scale.whole(values[n]) == nil {
        out.unsigned(UInt64(n))
        out.fixed(values[n].bitPattern, bytes: 8)
      }
    }
  }

  /// - Returns: nil when the block is damaged.
  static func decode(_ bytes: UnsafeRawBufferPointer, slot: Int64, first: Int64) -> [HistoryRow]? {
    guard var reader = ByteReader(sealed: bytes), reader.byte() == version else { return nil }
    let count = reader.count()
    guard !reader.isBroken else { return nil }
    let ordinals = ColumnCodec.read(count, from: &reader)
    let times = ColumnCodec.read(count, from: &reader)
    let delays = ColumnCodec.read(count, from: &reader)
    let sequences = ColumnCodec.read(count, from: &reader)
    let values = slot >= 0 ? readValues(count, from: &reader) : [Double](repeating: .nan, count: count)
    guard reader.isAtEnd, let values else { return nil }
    var out: [HistoryRow] = []
    out.reserveCapacity(count)
    for i in 0..<count {
      out.append(
        HistoryRow(
          ordinal: first &+ ordinals[i], slot: slot, time: times[i], arrival: times[i] &+ delays[i], sequence: sequences[i],
          value: values[i]))
    }
    return out
  }

  private static func readValues(_ count: Int, from reader: inout ByteReader) -> [Double]? {
    let code = reader.byte()
    if code == raw { return ColumnCodec.read(count, from: &reader).map { Double(bitPattern: UInt64(bitPattern: $0)) } }
    guard let scale = DecimalScale(code: code) else { return nil }
    var out = ColumnCodec.read(count, from: &reader).map { scale.value($0) }
    for _ in 0..<reader.count() {
      let place = reader.count()
      let bits = reader.fixed(bytes: 8)
      guard out.indices.contains(place) else { return nil }
      out[place] = Double(bitPattern: bits)
    }
    return out
  }
}
