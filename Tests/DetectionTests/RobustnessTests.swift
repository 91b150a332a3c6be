import Readings
import Testing

@testable import Detection

/// No input makes the detector trap, and damaged checkpoints are refused.
@Suite struct RobustnessTests {
  @Test(arguments: UInt64(1)...8) func wildReadingsAreSurvived(seed: UInt64) {
    var rng = SplitMix(seed)
    let values = [
      Double.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 0, -0.0, 1, -1, 1e9, 1e38, 4e38,
      Double(Float.greatestFiniteMagnitude),
    ]
    let times: [Int64] = [.min, .max, 0, -1, 1, 1_700_000_000_000, 7_258_118_399_999, 7_258_118_400_000, .min / 4]
    var d = detector(2)
    var base: Int64 = 1_700_000_000_000
    for _ in 0..<20_000 {
      base &+= Int64.random(in: -600_000...900_000, using: &rng)
      let wild = Int.random(in: 0..<10, using: &rng)
      let time =
        wild == 0 ? times.randomElement(using: &rng) ?? 0 : wild == 1 ? base + Int64.random(in: 0..<(400 * 86_400_000), using: &rng) : base
      let value = wild < 4 ? values.randomElement(using: &rng) ?? 0 : Double.random(in: 0..<50, using: &rng)
      let slots: [SensorSlot] = [0, 1, 2, -1, .max, .min]
      let slot = slots.randomElement(using: &rng) ?? 0
      _ = d.run([Reading(slot: slot, time: Timestamp(milliseconds: time), arrival: Timestamp(milliseconds: base), value: value)])
      if wild == 2 { d.advance(to: Timestamp(milliseconds: time)) { _ in } }
    }
    for slot in [SensorSlot(0), 1, 2, -1, .max] {
      _ = d.explain(slot)
      for t in times { _ = d.expectation(slot, at: Timestamp(milliseconds: t)) }
    }
    #expect(d.ignoredReadings > 0)
  }

  @Test func transitionsHoldFiniteFigures() {
    for t in judge(DeterminismTests.town()) {
      #expect(t.expected.isFinite && t.observed.isFinite && t.excess.isFinite && t.volume.isFinite && (0...1).contains(t.confidence))
      #expect(t.onset <= t.time && t.firstOnset <= t.time)
    }
  }

  @Test func silentAndConstantInputs() {
    var d = detector(2)
    #expect(d.run([]).isEmpty)
    let constant = (0..<20_000).map { i in
      Reading(slot: 0, time: Timestamp(seconds: 1_780_000_000 + Int64(i) * 600), arrival: Timestamp(seconds: 0), value: 0)
    }
    #expect(d.run(constant).leaks.isEmpty)
    #expect(d.expectation(1, at: Timestamp(seconds: 1_780_000_000)) == nil)
  }

  @Test func damagedCheckpointsAreRefused() throws {
    var d = detector(2)
    _ = d.run(Array(DeterminismTests.town().filter { $0.slot < 2 }.prefix(500)))
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
      bytes[Int.random(in: 48..<good.count, using: &rng)] ^= UInt8.random(in: 1...255, using: &rng)
      #expect(error(bytes) == .corrupt)
    }
  }

  /// Padding between parts would put stray bytes into checkpoints. A part that is no multiple of eight bytes makes the next one pad.
  @Test func partsOfTheRecordHoldNoPadding() {
    let sizes = [
      MemoryLayout<ReorderBuffer>.size, MemoryLayout<HealthState>.size, MemoryLayout<HourAccumulator>.size,
      MemoryLayout<BaselineState>.size,
      MemoryLayout<ResidualRing>.size, MemoryLayout<NoiseState>.size, MemoryLayout<ShiftState>.size, MemoryLayout<FastState>.size,
      MemoryLayout<EdgeState>.size, MemoryLayout<NightState>.size, MemoryLayout<ThresholdState>.size, MemoryLayout<EventState>.size,
      MemoryLayout<ProfileState>.size, MemoryLayout<LineState>.size, MemoryLayout<RegisterState>.size, MemoryLayout<LateHour>.size,
      MemoryLayout<FeedbackState>.size, MemoryLayout<WorkState>.size,
    ]
    #expect(sizes.allSatisfy { $0 % 8 == 0 }, "\(sizes)")
    // All parts are counted above.
    #expect(sizes.reduce(0, +) == MemoryLayout<SensorState>.size)
  }

  @Test func recordIsSmall() { #expect(Detector.bytesPerSensor <= 6144) }
}
