import Readings
import Reports
import Store

extension ReportSource {
  /// The leaks that ran in `span`, with the course of what they lost.
  func leaks(_ span: Range<Timestamp>, _ places: ReportPlaces) throws(StoreError) -> [LeakRecord] {
    var filter = StoreReader.EventFilter()
    filter.leaksOnly = true
    var out: [LeakRecord] = []
    for event in try events(span, filter) where places.ids[event.slot] != nil { out.append(try leak(event)) }
    return out
  }

  private func leak(_ e: StoredEvent) throws(StoreError) -> LeakRecord {
    let life = try reader.transitions(ofEvent: e.eventKey).map(\.transition)
    let said = try reader.actions(event: e.eventKey)
    let told = life.filter { $0.change != .closed }
    let size = finite(told.last?.excess ?? e.last.excess)
    var course = life.filter { $0.time > e.last.onset }.map { LeakRecord.Point(time: $0.time, volume: finite($0.volume)) }
    // Between two messages it goes on as it was last told.
    if e.isOpen, let newest = try reader.extent(e.slot)?.last {
      let last = course.last ?? LeakRecord.Point(time: e.last.onset, volume: 0)
      if newest > last.time {
        course.append(.init(time: newest, volume: last.volume + max(0, size) * Double(newest.since(last.time)) / 3_600_000))
      }
    }
    return LeakRecord(
      key: e.eventKey, sensor: e.sensor, kind: e.last.kind, onset: e.last.onset, opened: e.opened,
      closed: e.isOpen ? nil : e.closed ?? e.last.time,
      size: size, course: course, outcome: outcome(e, said), note: said.first { !$0.note.isEmpty }?.note ?? "")
  }

  /// - Parameter said: newest first.
  private func outcome(_ e: StoredEvent, _ said: [ActionRecord]) -> LeakOutcome {
    let kinds = said.map(\.action.kind)
    guard !e.isOpen else {
      // What was last said of it, of those that leave it open.
      switch kinds.first(where: { $0 == .acknowledged || $0 == .inProgress }) {
      case .inProgress: return .inProgress
      case .acknowledged: return .acknowledged
      default: return .open
      }
    }
    // A leak that has ended may be called a false alarm, or repaired, afterwards.
    switch kinds.first(where: { [.falseAlarm, .repaired, .acceptAsNormal].contains($0) }) ?? e.last.action {
    case .repaired: return .repaired
    case .falseAlarm: return .falseAlarm
    case .acceptAsNormal: return .acceptedAsNormal
    case .plannedWork: return .plannedWork
    default: return .ended
    }
  }

  private func finite(_ v: Double) -> Double { v.isFinite ? v : 0 }

  /// All events of a filter that touch `span`, page by page.
  func events(_ span: Range<Timestamp>, _ filter: StoreReader.EventFilter) throws(StoreError) -> [StoredEvent] {
    var filter = filter
    filter.from = span.lowerBound
    filter.to = span.upperBound
    filter.limit = 10_000
    var out: [StoredEvent] = []
    while true {
      let page = try reader.events(filter)
      out += page
      guard page.count == filter.limit, let last = page.last else { return out }
      filter.after = last.place
    }
  }
}
