import Readings

/// What a window of planned work hid at one meter.
public struct WorkEvent: Sendable {
  public let eventKey: String
  public let slot: SensorSlot
  /// The beginning of the window; of the first one where several overlapped.
  public let onset: Timestamp
  /// Whether the window is under way: then the figures are not known yet.
  public let isOpen: Bool
  /// m³ above expectation.
  public let volume: Double
  /// The largest excess, m³/h.
  public let excess: Double
}

extension StoreReader {
  /// The events of planned works whose windows begin in `from ..< to`, in no order.
  /// - Complexity: O(events opened since `from`)
  public func workEvents(from: Timestamp, to: Timestamp) throws(StoreError) -> [WorkEvent] {
    try read { db throws(StoreError) in
      // It opens with the first reading in the window, so never before it.
      let s = try db.statement(
        """
        SELECT e.event_key, e.slot, e.onset, e.is_open, t.volume, t.excess FROM event e
        JOIN transition t ON t.seq = (SELECT max(seq) FROM transition x WHERE x.event_key = e.event_key)
        WHERE e.kind = \(EventKind.plannedWork.rawValue) AND e.opened >= ?1 AND e.onset >= ?1 AND e.onset < ?2
        """)
      defer { s.reset() }
      s.bind(1, from.milliseconds)
      s.bind(2, to.milliseconds)
      var out: [WorkEvent] = []
      while try s.step() {
        out.append(
          WorkEvent(
            eventKey: s.text(0), slot: SensorSlot(truncatingIfNeeded: s.int(1)), onset: Timestamp(milliseconds: s.int(2)),
            isOpen: s.int(3) != 0, volume: s.double(4), excess: s.double(5)))
      }
      return out
    }
  }
}
