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

  /// A totalizer and a meter as members of a zone, which derives readings of its own.
  @Test func noAllocationWithTotalizersAndZones() {
    let flows = Meter(days: 40, mean: 10, extra: { $0 > 30 ? 4 : 0 }).readings()
    var sum = 5000.0
    let readings = flows.flatMap { r in
      sum += r.value
      return [
        Reading(slot: 0, time: r.time, arrival: r.arrival, value: sum), Reading(slot: 1, time: r.time, arrival: r.arrival, value: r.value),
      ]
    }
    func run() -> (allocations: UInt64, transitions: Int) {
      var d = Detector()
      for q in [Quantity.total, .flow, .flow] { _ = d.addSensor(SensorProfile(quantity: q)) }
      let isSet = d.setZone(2, [ZoneMember(slot: 0, isOutlet: false), ZoneMember(slot: 1, isOutlet: true)])
      #expect(isSet)
      return count(readings, &d)
    }
    _ = run()
    let (allocations, transitions) = run()
    #expect(transitions > 2)
    #expect(allocations == 0, "\(readings.count) readings, \(transitions) transitions")
  }

  private func count(_ readings: [Reading]) -> (allocations: UInt64, transitions: Int) {
    var d = detector(3)
    return count(readings, &d)
  }

  private func count(_ readings: [Reading], _ d: inout Detector) -> (allocations: UInt64, transitions: Int) {
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
