import Readings

extension Detector {
  /// Readings whose records are brought into the cache together.
  static let lookahead = 8
  /// Fewer sensors than this stay in the cache anyhow.
  private static let fewSensors = 256
  /// Where what most readings need begins and ends in a record, bytes: with the last eight of `event` and the first eight of `work`.
  private static var hotStart: Int { (MemoryLayout<EventState>.size - 8) / 64 * 64 }
  private static var hotEnd: Int {
    MemoryLayout<EventState>.size + MemoryLayout<ReorderBuffer>.size + MemoryLayout<LineState>.size + MemoryLayout<ProfileState>.size
      + MemoryLayout<HealthState>.size + MemoryLayout<UnitState>.size + MemoryLayout<HourAccumulator>.size + MemoryLayout<PresentState>.size
      + MemoryLayout<FastState>.size + MemoryLayout<EdgeState>.size + 8
  }
  private static var waiting: Int { hotEnd - 8 + MemoryLayout<WorkState>.size + MemoryLayout<FaultState>.size }

  /// Reads a word of each cache line that the next readings will need.
  ///
  /// Swift has no prefetch. But loads that do not depend on each other wait for memory together, while those of a judgement wait one
  /// after the other. The sum is kept only so that the loads stay.
  mutating func touch(_ batch: UnsafeBufferPointer<Reading>) {
    guard sensorCount >= Detector.fewSensors, batch.count > 1 else { return }
    var sum: UInt64 = 0
    for r in batch where r.slot >= 0 && Int(r.slot) < sensorCount {
      let record = UnsafeRawPointer(states + Int(r.slot))
      var place = Detector.hotStart
      while place < Detector.hotEnd {
        sum &+= record.load(fromByteOffset: place, as: UInt64.self)
        place &+= 64
      }
    }
    // Which readings wait where is known by now.
    for r in batch where r.slot >= 0 && Int(r.slot) < sensorCount {
      let ends = states[Int(r.slot)].order.ends
      let entries = UnsafeRawPointer(states + Int(r.slot)) + Detector.waiting
      sum &+= entries.load(fromByteOffset: ends.oldest &* WaitingReadings.entrySize, as: UInt64.self)
      sum &+= entries.load(fromByteOffset: ends.next &* WaitingReadings.entrySize, as: UInt64.self)
    }
    touched &+= sum
  }
}
