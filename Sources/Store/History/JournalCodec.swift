/// Rows in their order, each beside the one before it: the newest of the history, one block a commit.
///
/// A row: slot and scale, then as variable-length numbers the differences of time and sequence to the row before, how long after its time it
/// arrived, and its value in decimal units, or eight bytes.
enum JournalCodec {
  private static let version: UInt8 = 1
  /// Rows of a block at most.
  static let most = 4096
  private static let raw = 15

  /// Bytes of a row at most: five numbers of ten bytes.
  private static let widest = 50

  /// - Parameter rows: with ordinals without gaps.
  static func encode(_ rows: ArraySlice<HistoryRow>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16 + rows.count * widest) { room, count in
      guard let start = room.baseAddress else { return }
      var out = ByteCursor(start)
      out.byte(version)
      out.unsigned(UInt64(rows.count))
      var (time, sequence): (Int64, Int64) = (0, 0)
      rows.withUnsafeBufferPointer { rows in
        for r in rows {
          write(r, after: (time, sequence), to: &out)
          (time, sequence) = (r.time, r.sequence)
        }
      }
      out.seal()
      count = out.count
    }
  }

  @inline(__always)
  private static func write(_ r: HistoryRow, after last: (time: Int64, sequence: Int64), to out: inout ByteCursor) {
    var (decimals, whole): (Int, Int64?) = (0, nil)
    if r.slot >= 0 {
      while decimals <= DecimalScale.most {
        whole = DecimalScale(decimals: decimals).whole(r.value)
        if whole != nil { break }
        decimals += 1
      }
    }
    out.unsigned(UInt64(r.slot + HistorySlot.bias) << 4 | UInt64(whole == nil ? raw : decimals))
    out.signed(r.time &- last.time)
    out.signed(r.arrival &- r.time)
    out.signed(r.sequence &- last.sequence)
    guard r.slot >= 0 else { return }
    if let whole { out.signed(whole) } else { out.fixed(r.value.bitPattern, bytes: 8) }
  }

  /// Hands over the rows of a block whose first ordinal is `first`.
  /// - Returns: false when the block is damaged.
  static func decode(_ bytes: UnsafeRawBufferPointer, first: Int64, _ body: (HistoryRow) -> Void) -> Bool {
    guard var reader = ByteReader(sealed: bytes), reader.byte() == version else { return false }
    let count = reader.count()
    var (time, sequence): (Int64, Int64) = (0, 0)
    for n in 0..<count {
      let head = reader.unsigned()
      let slot = Int64(head >> 4) - HistorySlot.bias
      let scale = Int(head & 15)
      time = time &+ reader.signed()
      let arrival = time &+ reader.signed()
      sequence = sequence &+ reader.signed()
      var value = Double.nan
      if slot >= 0 {
        guard scale <= DecimalScale.most || scale == raw else { return false }
        value = scale == raw ? Double(bitPattern: reader.fixed(bytes: 8)) : DecimalScale(decimals: scale).value(reader.signed())
      }
      guard !reader.isBroken else { return false }
      body(HistoryRow(ordinal: first + Int64(n), slot: slot, time: time, arrival: arrival, sequence: sequence, value: value))
    }
    return reader.isAtEnd
  }
}
