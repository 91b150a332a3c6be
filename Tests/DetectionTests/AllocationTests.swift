import CAllocCounter
import Detection
import Readings
import Testing

/// `process` and `advance` allocate nothing on the heap.
@Suite struct AllocationTests {
  @Test func theCounterCounts() {
    let before = alloc_counter_thread()
    let box = [Int](repeating: Int.random(in: 0...1), count: 1000)
    #expect(alloc_counter_thread() > before)
    #expect(box.count == 1000)
  }

  @Test func noAllocationWhileLearningJudgingAndReporting() {
    let readings = town()
    // The runtime builds the metadata of generic types at their first use, once in the life of the process: the second run counts.
    _ = count(readings)
    let (allocations, transitions) = count(readings)
    #expect(transitions > 10)
    #expect(allocations == 0, "\(readings.count) readings, \(transitions) transitions")
  }

  private func count(_ readings: [Reading]) -> (allocations: UInt64, transitions: Int) {
    var d = detector(3)
    var transitions = 0
    var allocations: UInt64 = 0
    readings.withUnsafeBufferPointer { all in
      let before = alloc_counter_thread()
      var from = 0
      while from < all.count {
        let to = min(from + 100, all.count)
        d.process(UnsafeBufferPointer(rebasing: all[from..<to])) { _ in transitions += 1 }
        d.advance(to: all[to - 1].time) { _ in transitions += 1 }
        from = to
      }
      allocations = alloc_counter_thread() - before
    }
    return (allocations, transitions)
  }
}
