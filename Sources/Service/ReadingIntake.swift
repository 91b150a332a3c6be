import Codecs
import Readings

/// From what a message held to readings that are new and have a time: the state of the step between decoder and detector.
///
/// A value with mutating methods, so that a message costs one access to the pipeline's state and not one for each reading and part.
struct ReadingIntake {
  var filter = DuplicateFilter()
  var clock = EventTimeClock()
  /// Of one message.
  var decoded: [DecodedReading] = []
  /// New readings on their way into the detector, in order of arrival.
  var accepted: [Reading] = []

  /// Passes the decoded readings through the duplicate filter to the accepted ones.
  /// - Parameters:
  ///   - arrival: when the message reached this box.
  ///   - monotonic: the same on the monotonic clock, ms.
  ///   - isStored: asks the history; called only for readings that are not newer than the sensor's newest.
  ///   - battery: given each accepted battery level and its time.
  /// - Returns: how many were known.
  mutating func take(
    _ slot: SensorSlot, arrival: Timestamp, monotonic: Int64, isStored: (Reading) throws -> Bool, battery: (Double, Timestamp) -> Void
  ) rethrows -> Int {
    // How late a reading is counts from the stream's own time: a backlog of the broker's, or a town played in fast motion, is not late.
    let stream = clock.now(monotonic: monotonic, wall: arrival)
    let before = accepted.count
    var newest: Timestamp?
    defer { if let newest { clock.observe(newest, monotonic: monotonic) } }
    try accepted.append(addingCapacity: decoded.count) { accepted in
      for d in decoded {
        let time = d.time ?? arrival
        let reached = ReadingIntake.reached(time, arrival: arrival, stream: stream)
        // Made once for each use: one that both need would lie in memory, written by fields and read as a whole, for which the processor waits.
        func reading() -> Reading { Reading(slot: slot, time: time, arrival: reached, value: d.value, sequence: d.sequence) }
        guard try filter.accept(slot, time, d.sequence, isStored: { try isStored(reading()) }) else { continue }
        accepted.append(reading())
        if let level = d.battery { battery(level, time) }
        newest = max(newest ?? time, time)
      }
    }
    return decoded.count - (accepted.count - before)
  }

  /// What is new of the flow below 0 in a message that was refused for it; the rest of that message stays refused.
  mutating func takeReverse(
    _ slot: SensorSlot, _ refused: [DecodedReading], arrival: Timestamp, monotonic: Int64, isStored: (Reading) throws -> Bool
  ) rethrows -> [Reading] {
    let stream = clock.now(monotonic: monotonic, wall: arrival)
    var out: [Reading] = []
    for d in refused where d.value < 0 {
      let time = d.time ?? arrival
      let reached = ReadingIntake.reached(time, arrival: arrival, stream: stream)
      let r = Reading(slot: slot, time: time, arrival: reached, value: d.value, sequence: Reading.reverse)
      guard try filter.accept(slot, time, r.sequence, isStored: { try isStored(r) }) else { continue }
      out.append(r)
      clock.observe(time, monotonic: monotonic)
    }
    return out
  }

  @inline(__always) private static func reached(_ time: Timestamp, arrival: Timestamp, stream: Timestamp?) -> Timestamp {
    time > arrival ? arrival : max(stream ?? time, time)
  }
}
