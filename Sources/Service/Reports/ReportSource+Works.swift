import Readings
import Reports
import Store

extension ReportSource {
  /// Faults that lasted: single spikes and the like are no news for a report.
  private static let faultKinds: [EventKind] = [.gap, .stuck, .outOfRange, .reset, .reverseFlow, .unitJump, .clockSkew, .lateFlush]

  func faults(_ span: Range<Timestamp>, _ places: ReportPlaces) throws(StoreError) -> [FaultRecord] {
    var out: [FaultRecord] = []
    for kind in Self.faultKinds {
      var filter = StoreReader.EventFilter()
      filter.kind = kind
      for e in try events(span, filter) where places.ids[e.slot] != nil {
        out.append(FaultRecord(sensor: e.sensor, kind: kind, from: e.last.onset, to: e.isOpen ? nil : e.closed ?? e.last.time))
      }
    }
    return out
  }

  /// Planned windows that were not cancelled, with what was seen in them.
  func works(_ span: Range<Timestamp>, _ places: ReportPlaces) throws(StoreError) -> [WorkRecord] {
    let planned = try reader.actions(kind: .plannedWork, from: span.lowerBound, to: span.upperBound, limit: Self.mostWorks)
    guard !planned.isEmpty else { return [] }
    let cancelled = Dictionary(
      grouping: try reader.actions(kind: .workCancelled, from: span.lowerBound, to: span.upperBound, limit: Self.mostWorks),
      by: \.action.slot)
    var filter = StoreReader.EventFilter()
    filter.kind = .plannedWork
    let seen = Dictionary(grouping: try events(span, filter), by: \.slot)
    return planned.compactMap { r in
      let window = r.action.from..<max(r.action.from, r.action.to)
      let isCancelled = cancelled[r.action.slot]?.contains {
        $0.id > r.id && $0.action.from <= window.lowerBound && $0.action.to >= window.upperBound
      }
      guard let sensor = places.ids[r.action.slot], isCancelled != true else { return nil }
      // The event begins with the window, or with the one that it was joined with.
      let event = seen[r.action.slot]?.first { $0.last.onset >= window.lowerBound && $0.last.onset < window.upperBound }
      return WorkRecord(
        sensor: sensor, window: window, person: r.person, note: r.note, hidden: event.map { max(0, $0.last.volume) },
        largest: event.map { max(0, $0.last.excess) })
    }
  }

  private static let mostWorks = 100_000
}
