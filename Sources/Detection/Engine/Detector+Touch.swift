import Readings

extension Detector {
  /// Readings whose records are brought into the cache together.
  static let lookahead = 8
  /// Fewer sensors than this stay in the cache anyhow.
  private static let fewSensors = 256
  /// Bytes at the beginning of a record that most readings need.
  private static var hot: Int {
    MemoryLayout<ReorderBuffer>.size + MemoryLayout<LineState>.size + MemoryLayout<ProfileState>.size + MemoryLayout<HealthState>.size
      + MemoryLayout<UnitState>.size + MemoryLayout<HourAccumulator>.size + MemoryLayout<PresentState>.size + MemoryLayout<FastState>.size
      + MemoryLayout<EdgeState>.size + MemoryLayout<WorkState>.size + MemoryLayout<EventState>.size
  }

  /// Reads a word of each cache line that the next readings will need.
  ///
  /// Swift has no prefetch. But loads that do not depend on each other wait for memory together, while those of a judgement wait one
  /// after the other. The sum is kept only so that the loads stay.
  mutating func touch(_ batch: UnsafeBufferPointer<Reading>) {
    guard sensorCount >= Detector.fewSensors, batch.count > 1 else { return }
    var sum: UInt64 = 0
    for r in batch where r.slot >= 0 && Int(r.slot) < sensorCount {
      let record = UnsafeRawPointer(states + Int(r.slot))
      var place = 0
      while place < Detector.hot {
        sum &+= record.load(fromByteOffset: place, as: UInt64.self)
        place += 64
      }
    }
    touched &+= sum
  }
}
