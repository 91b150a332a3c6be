/// A snapshot under way: which records are still to be taken as they were when it began.
struct SavingState {
  /// Bit i: record i has not been taken.
  let due: UnsafeMutablePointer<UInt64>
  /// Records of the snapshot; sensors that are new since then are not part of it.
  let count: Int
  /// All records before this one have been taken.
  var next = 0
  let keep: (Int, UnsafeRawBufferPointer) -> Void

  @inline(always) func isDue(_ i: Int) -> Bool { due[i >> 6] >> UInt64(i & 63) & 1 == 1 }
  @inline(always) func take(_ i: Int) { due[i >> 6] &= ~(1 << UInt64(i & 63)) }
}

/// A snapshot in pieces, while readings go on: it holds every record as it was when it began.
extension Detector {
  /// Begins one. Until `endSnapshot` each record is handed over once: by `nextPiece`, or to `keep` before its first change. One at a time: a
  /// snapshot that is under way ends.
  /// - Parameter keep: given number and bytes of a record that is about to change; the bytes are valid during the call.
  /// - Returns: what else belongs to the snapshot.
  /// - Complexity: O(sensors / 64 + zones)
  public mutating func beginSnapshot(keep: @escaping (Int, UnsafeRawBufferPointer) -> Void) -> SnapshotFrame {
    endSnapshot()
    let words = (sensorCount + 63) / 64
    let due = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, words))
    due.initialize(repeating: .max, count: max(1, words))
    saving = SavingState(due: due, count: sensorCount, keep: keep)
    return SnapshotFrame(self)
  }

  /// Hands over number of the first and bytes of up to `limit` records that lie together and have not been taken.
  /// - Returns: false, handing over nothing, when all have been taken.
  public mutating func nextPiece(_ limit: Int, _ body: (Int, UnsafeRawBufferPointer) -> Void) -> Bool {
    guard var s = saving else { return false }
    while s.next < s.count, !s.isDue(s.next) { s.next += 1 }
    let first = s.next
    while s.next < s.count, s.next - first < limit, s.isDue(s.next) {
      s.take(s.next)
      s.next += 1
    }
    saving = s
    guard s.next > first else { return false }
    let size = MemoryLayout<SensorState>.stride
    body(first, UnsafeRawBufferPointer(start: UnsafeRawPointer(states + first), count: (s.next - first) * size))
    return true
  }

  /// Ends it, or breaks it off.
  public mutating func endSnapshot() {
    saving?.due.deallocate()
    saving = nil
  }

  /// Before record `i` changes: a snapshot that still needs it is given it as it is.
  @inline(always) func preserve(_ i: Int) { if isSaving { keep(i) } }

  @inline(never) private func keep(_ i: Int) {
    guard let s = saving, i < s.count, s.isDue(i) else { return }
    s.take(i)
    s.keep(i, UnsafeRawBufferPointer(start: UnsafeRawPointer(states + i), count: MemoryLayout<SensorState>.stride))
  }
}
