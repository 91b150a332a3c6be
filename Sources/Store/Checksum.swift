/// FNV-1a, 64 bit, of a checkpoint: its state and the position that it covers.
struct Checksum {
  private var h: UInt64 = 0xcbf2_9ce4_8422_2325

  private init(_ position: Int64) {
    for i in 0..<8 { add(UInt8(truncatingIfNeeded: position >> Int64(i * 8))) }
  }

  private mutating func add(_ byte: UInt8) { h = (h ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

  static func of(_ bytes: [UInt8], _ position: Int64) -> Int64 {
    var sum = Checksum(position)
    for b in bytes { sum.add(b) }
    return Int64(bitPattern: sum.h)
  }

  /// Reads the state a megabyte at a time.
  static func of(_ state: StoredState, _ position: Int64) throws(StoreError) -> Int64 {
    var sum = Checksum(position)
    let count = state.count
    var part = [UInt8](repeating: 0, count: min(1 << 20, count))
    for offset in stride(from: 0, to: count, by: 1 << 20) {
      let n = min(part.count, count - offset)
      guard part.withUnsafeMutableBytes({ state.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<n])) }) else {
        throw .io(operation: "read a saved state", detail: "it is shorter than it was")
      }
      for b in part[..<n] { sum.add(b) }
    }
    return Int64(bitPattern: sum.h)
  }
}
