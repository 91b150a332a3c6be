import Readings
import Testing

@testable import Detection

/// Damaged checkpoints are refused, and records hold no padding. (Wild readings: `WildInputTests`.)
@Suite struct RobustnessTests {
  @Test func damagedCheckpointsAreRefused() throws {
    var d = detector(2)
    _ = d.run(Array(town().filter { $0.slot < 2 }.prefix(500)))
    let good = d.snapshot()
    func error(_ bytes: [UInt8]) -> SnapshotError? {
      do throws(SnapshotError) {
        _ = try Detector.restore(bytes, settings: .init(), calendar: .japan)
        return nil
      } catch { return error }
    }
    #expect(error(good) == nil)
    #expect(error([]) == .truncated)
    #expect(error(Array(good.dropLast())) == .truncated)
    #expect(error(good + [0]) == .truncated)
    var bytes = good
    bytes[0] ^= 1
    #expect(error(bytes) == .unknownFormat)
    bytes = good
    bytes[4] = 99
    #expect(error(bytes) == .otherVersion(99))
    var rng = SplitMix(5)
    for _ in 0..<200 {
      bytes = good
      bytes[Int.random(in: SnapshotFrame.headerSize..<good.count, using: &rng)] ^= UInt8.random(in: 1...255, using: &rng)
      #expect(error(bytes) == .corrupt)
    }
  }

  /// Padding between parts would put stray bytes into checkpoints.
  @Test func partsOfTheRecordHoldNoPadding() {
    let sizes = [
      MemoryLayout<ReorderBuffer>.size, MemoryLayout<HealthState>.size, MemoryLayout<HourAccumulator>.size,
      MemoryLayout<BaselineState>.size,
      MemoryLayout<ResidualRing>.size, MemoryLayout<NoiseState>.size, MemoryLayout<ShiftState>.size, MemoryLayout<FastState>.size,
      MemoryLayout<EdgeState>.size, MemoryLayout<NightState>.size, MemoryLayout<ThresholdState>.size, MemoryLayout<EventState>.size,
      MemoryLayout<ProfileState>.size, MemoryLayout<LineState>.size, MemoryLayout<RegisterState>.size, MemoryLayout<LateHour>.size,
      MemoryLayout<FeedbackState>.size, MemoryLayout<WorkState>.size, MemoryLayout<UnitState>.size, MemoryLayout<PresentState>.size,
      MemoryLayout<FaultState>.size, MemoryLayout<WaitingReadings>.size,
    ]
    // All parts are counted above, and what makes a record whole cache lines.
    #expect(sizes.reduce(0, +) + 16 == MemoryLayout<SensorState>.stride, "\(sizes)")
  }

  /// What is brought into the cache is what readings need.
  @Test func linesThatAreTouchedAreThoseOfTheParts() {
    #expect(MemoryLayout<SensorState>.offset(of: \.event) == 0)
    #expect(MemoryLayout<SensorState>.offset(of: \.work) == Detector.hotEnd - 8)
    #expect(MemoryLayout<SensorState>.offset(of: \.waiting) == Detector.waiting)
    #expect(MemoryLayout<EventState>.offset(of: \.estimate).map { $0 >= Detector.hotStart } == true)
    #expect(MemoryLayout<SensorState>.offset(of: \.baseline).map { $0 % 64 } == 0)
    #expect(MemoryLayout<SensorState>.stride % 64 == 0)
  }

  @Test func recordIsSmall() { #expect(Detector.bytesPerSensor <= 5992) }
}
