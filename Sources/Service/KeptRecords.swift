import Detection

/// Records of the detector with their numbers, in a place of fixed size.
final class KeptRecords {
  private let bytes: UnsafeMutableRawBufferPointer
  private let capacity: Int
  /// Number of the first record and how many follow it, in order of their bytes.
  private var runs: [(first: Int, count: Int)] = []
  private var count = 0

  var isEmpty: Bool { count == 0 }

  init(capacity: Int) {
    self.capacity = capacity
    bytes = .allocate(byteCount: capacity * SnapshotFrame.recordSize, alignment: 16)
    runs.reserveCapacity(capacity)
  }

  deinit { bytes.deallocate() }

  func removeAll() {
    runs.removeAll(keepingCapacity: true)
    count = 0
  }

  /// - Returns: false when they have no room.
  @discardableResult
  func append(_ first: Int, _ records: UnsafeRawBufferPointer) -> Bool {
    let n = records.count / SnapshotFrame.recordSize
    guard n > 0, count + n <= capacity else { return false }
    UnsafeMutableRawBufferPointer(rebasing: bytes[(count * SnapshotFrame.recordSize)...]).copyMemory(from: records)
    runs.append((first, n))
    count += n
    return true
  }

  func forEachRun<E: Error>(_ body: (Int, UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
    var at = 0
    for run in runs {
      let end = at + run.count * SnapshotFrame.recordSize
      try body(run.first, UnsafeRawBufferPointer(rebasing: bytes[at..<end]))
      at = end
    }
  }
}
