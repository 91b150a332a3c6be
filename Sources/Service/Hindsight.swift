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
  /// The baseline of that day as it was then: expected, low and high at the middle of each hour; empty while there was none.
  public let baseline: [(expected: Double, low: Double, high: Double)]

  /// Why a look back was not begun.
  public struct TooFar: Error, Hashable, Sendable {
    /// Readings that would have to be judged again.
    public let entries: Int64
  }

  /// - Parameter t: nil = now, that is all that is stored.
  /// - Parameter limit: most entries of the history that may be judged again.
  /// - Returns: nil where the sensor had no reading yet.
  /// - Throws: `StoreError`, `TooFar`.
  /// - Complexity: O(history from the checkpoint to `t`); without a checkpoint before `t` some 2 s for a million readings.
  public init?(
    of sensor: SensorID, at t: Timestamp?, store: StoreReader, settings: MizumoriSettings, limit: Int64 = .max
  ) throws {
    let sensors = try store.sensors()
    guard let slot = sensors.first(where: { $0.id == sensor })?.slot,
      let last = try store.position(of: slot, at: t ?? Timestamp(milliseconds: Int64.max))
    else { return nil }
    let profiles = ProfileBook(settings, cards: MeterBook(try store.meterCards()))
    var position: Int64 = 0
    func checkpoint(before id: Int64) throws -> StoredCheckpoint? {
      var found = try store.checkpoint(before: id)
      while let c = found, c.position > last { found = try store.checkpoint(before: c.id) }
      return found
    }
    let engine = Engine(try profiles.detector(from: checkpoint, sensors, covers: &position))
    guard last - position <= limit else { throw TooFar(entries: last - position) }
    var count = 0
    try store.replay(after: position, through: last) { entry in
      count += 1
      engine.replay(entry) { _ in }
    }
    self.sensor = sensor
    explanation = engine.explain(slot)
    replayed = count
    baseline = Hindsight.day(of: explanation.lastTime, engine, slot, profiles.calendar)
  }

  private static func day(
    of t: Timestamp?, _ engine: Engine, _ slot: SensorSlot, _ calendar: LocalCalendar
  ) -> [(expected: Double, low: Double, high: Double)] {
    guard let t else { return [] }
    let midnight = t.adding(milliseconds: -Int64(calendar.millisecondOfDay(of: t)))
    let hours = (0..<24).map { midnight.adding(seconds: Int64($0) * 3600 + 1800) }
    let bands = engine.expectations(slot, at: hours).compactMap { $0 }
    return bands.count == 24 ? bands : []
  }
}
