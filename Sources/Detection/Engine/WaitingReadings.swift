/// The readings that `ReorderBuffer` holds: a ring, of which that knows which places are taken.
struct WaitingReadings: BitwiseCopyable {
  private struct Entry: BitwiseCopyable {
    var time: Int64 = 0
    /// Double: a register of nine digits does not fit a Float. A NaN is refused flow, see `reverse`.
    var value: Double = 0
  }

  static let entrySize = MemoryLayout<Entry>.stride
  private var entries = InlineArray<16, Entry>(repeating: Entry())

  init() {}

  /// Flow below 0 that was refused, m³/h: it waits among the others as a NaN that carries it, as no reading is one.
  static func reverse(_ flow: Double) -> Double { Double(bitPattern: 0x7ff8_0000_0000_0000 | UInt64(Float(flow).bitPattern)) }

  /// The flow in such a NaN.
  static func flow(ofReverse v: Double) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: v.bitPattern)) }

  @inline(always) mutating func at(_ i: Int) -> (time: Int64, value: Double) {
    let entry = entries.at(i)
    return (entry.time, entry.value)
  }

  @inline(always) mutating func set(_ i: Int, _ time: Int64, _ value: Double) { entries.set(i, Entry(time: time, value: value)) }
}
