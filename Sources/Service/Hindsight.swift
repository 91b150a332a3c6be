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
  /// - Complexity: O(history from the checkpoint to `t`); without a checkpoint before `t` some 2 s for a million readings.
  public init?(
    of sensor: SensorID, at t: Timestamp?, store: StoreReader, settings: MizumoriSettings
  ) throws(StoreError) {
    let sensors = try store.sensors()
    guard let slot = sensors.first(where: { $0.id == sensor })?.slot,
      let last = try store.position(of: slot, at: t ?? Timestamp(milliseconds: Int64.max))
    else { return nil }
    let profiles = ProfileBook(settings)
    var position: Int64 = 0
    let checkpoints = try store.checkpoints().filter { $0.position <= last }
    let engine = Engine(profiles.detector(from: checkpoints, sensors, covers: &position))
    var count = 0
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
}
