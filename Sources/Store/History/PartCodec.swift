/// The rows of one sensor in one segment, column by column: ordinals, times, delays of arrival, sequences, values.
enum PartCodec {
  private static let version: UInt8 = 1
  /// Values are raw bits.
  private static let raw: UInt8 = 255

  /// - Parameters:
  ///   - rows: of one slot, in order.
  ///   - first: the segment's first ordinal.
  static func encode(_ rows: ArraySlice<HistoryRow>, first: Int64) -> [UInt8] {
    var out = ByteWriter()
    out.reserve(64 + rows.count * 8)
    out.byte(version)
    out.unsigned(UInt64(rows.count))
    rows.withUnsafeBufferPointer { rows in
      withUnsafeTemporaryAllocation(of: Int64.self, capacity: rows.count) { room in
        func column(_ of: (HistoryRow) -> Int64) {
          for i in 0..<rows.count { room[i] = of(rows[i]) }
          ColumnCodec.write(UnsafeBufferPointer(room), to: &out)
        }
        column { $0.ordinal - first }
        column { $0.time }
        column { $0.arrival &- $0.time }
        column { $0.sequence }
      }
    }
    if rows.first.map(\.isReading) ?? false { write(values: rows.map(\.value), to: &out) }
    out.seal()
    return out.bytes
  }

  /// A scale at which nearly all are whole, with the others after it; or all as bits.
  private static func write(values: [Double], to out: inout ByteWriter) {
    let (scale, odd) = DecimalScale.best(for: values)
    guard odd * 8 <= values.count else {
      out.byte(raw)
      ColumnCodec.write(values.map { Int64(bitPattern: $0.bitPattern) }, to: &out)
      return
    }
    var whole: [Int64] = []
    whole.reserveCapacity(values.count)
    var exceptions: [(place: Int, bits: UInt64)] = []
    for (n, v) in values.enumerated() {
      if let w = scale.whole(v) {
        whole.append(w)
      } else {
        whole.append(whole.last ?? 0)
        exceptions.append((n, v.bitPattern))
      }
    }
    out.byte(scale.code)
    ColumnCodec.write(whole, to: &out)
    out.unsigned(UInt64(exceptions.count))
    for e in exceptions {
      out.unsigned(UInt64(e.place))
      out.fixed(e.bits, bytes: 8)
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
