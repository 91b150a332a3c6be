/// The readings that `ReorderBuffer` holds: a ring, of which that knows which places are taken.
struct WaitingReadings: BitwiseCopyable {
  private struct Entry: BitwiseCopyable {
    var time: Int64 = 0
    /// Double: a register of nine digits does not fit a Float.
    var value: Double = 0
  }

  static let entrySize = MemoryLayout<Entry>.stride
  private var entries = InlineArray<16, Entry>(repeating: Entry())

  init() {}

  @inline(__always) mutating func at(_ i: Int) -> (time: Int64, value: Double) {
    let entry = entries.at(i)
    return (entry.time, entry.value)
  }

  @inline(__always) mutating func set(_ i: Int, _ time: Int64, _ value: Double) { entries.set(i, Entry(time: time, value: value)) }
}
