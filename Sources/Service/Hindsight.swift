import Detection
import Readings
import Settings
import Store

/// What the detector thought of a sensor at a moment of the past: the newest checkpoint before it, or nothing, and the history up to it.
public struct Hindsight: Sendable {
  public let sensor: SensorID
  public let explanation: Explanation
  /// Readings and ticks that were judged again.
  public let replayed: Int

  /// - Parameter t: nil = now, that is all that is stored.
  /// - Returns: nil where the sensor had no reading yet.
  /// - Complexity: O(history from the checkpoint to `t`); without a checkpoint before `t` some 10 s for a million readings.
  public init?(
    of sensor: SensorID, at t: Timestamp?, store: StoreReader, settings: MizumoriSettings
  ) throws(StoreError) {
    let sensors = try store.sensors()
    guard let slot = sensors.first(where: { $0.id == sensor })?.slot,
      let last = try store.position(of: slot, at: t ?? Timestamp(milliseconds: Int64.max))
    else { return nil }
    let profiles = ProfileBook(settings)
    var position: Int64 = 0
    var detector = Hindsight.start(try store.checkpoints().filter { $0.position <= last }, profiles, &position)
    let slots = Dictionary(uniqueKeysWithValues: sensors.map { ($0.id, $0.slot) })
    for s in sensors {
      let profile = profiles.profile(s.id, slots: slots)
      if Int(s.slot) < detector.sensorCount { detector.setProfile(s.slot, profile) } else { _ = detector.addSensor(profile) }
    }
    var count = 0
    let engine = Engine(detector)
    try store.replay(after: position, through: last) { entry in
      count += 1
      switch entry {
      case .reading(let r): withUnsafePointer(to: r) { engine.process(UnsafeBufferPointer(start: $0, count: 1)) { _ in } }
      case .tick(let t): engine.advance(to: t) { _ in }
      }
    }
    self.sensor = sensor
    explanation = engine.explain(slot)
    replayed = count
  }

  private static func start(
    _ checkpoints: [(state: [UInt8], position: Int64)], _ profiles: ProfileBook, _ position: inout Int64
  ) -> Detector {
    for c in checkpoints {
      // One that cannot be read costs a longer replay, nothing else.
      guard let d = try? Detector.restore(c.state, settings: profiles.detector, calendar: profiles.calendar) else { continue }
      position = c.position
      return d
    }
    return Detector(settings: profiles.detector, calendar: profiles.calendar)
  }
}
