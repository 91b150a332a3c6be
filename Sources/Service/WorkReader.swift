import Alerts
import Readings
import Settings
import Store
import Web

/// The calendar of works, from what is stored and set. For the page, and for commands that read the data directory.
struct WorkReader: Sendable {
  let reader: StoreReader
  let profiles: ProfileBook
  /// All sensors, by slot.
  let ids: [SensorID]
  /// Event time.
  let now: Timestamp

  /// Windows of recurring works that are listed ahead of being planned.
  private static let maximumForecasts = 500

  /// - Parameter sees: whether a municipality may be seen.
  func calendar(from: Timestamp, to: Timestamp, sees: (String) -> Bool) throws -> WorkCalendar {
    let recurring = try works()
    let planned = try reader.actions(kind: .plannedWork, from: from, to: to, limit: 100_000)
    let cancelled = try reader.actions(kind: .workCancelled, from: from, to: to, limit: 100_000)
    let groups = WorkLedger.groups(planned: planned, cancelled: cancelled) { slot in id(slot).map { sees($0.municipality) } ?? false }
    let first = groups.first.map { min($0.window.lowerBound, from) } ?? from
    let events = Dictionary(grouping: try reader.workEvents(from: first, to: to), by: \.slot)
    let names = Set(recurring.map(\.work.name))
    let known = Set(planned.map { Planned(slot: $0.action.slot, from: $0.action.from, to: $0.action.to) })
    let windows =
      groups.map { window($0, events, recurring: names) } + forecasts(from: max(from, now), to: to, recurring, known: known, sees: sees)
    return WorkCalendar(
      windows: windows.sorted { ($0.0.lowerBound, $0.0.upperBound) < ($1.0.lowerBound, $1.0.upperBound) }.map(\.1),
      recurring: recurring.compactMap { summary($0, sees) })
  }

  /// The recurring works of the settings file, and those of the page.
  func works() throws -> [(work: MizumoriSettings.RecurringWork, stored: StoredWork?)] {
    profiles.settings.works.map { ($0, nil) } + (try reader.recurringWorks().map { (MizumoriSettings.RecurringWork($0), $0) })
  }

  // MARK: - Windows

  private struct Planned: Hashable {
    var slot: SensorSlot
    var from: Timestamp
    var to: Timestamp
  }

  private func id(_ slot: SensorSlot) -> SensorID? { ids.indices.contains(Int(slot)) ? ids[Int(slot)] : nil }

  private func window(_ g: WorkGroup, _ events: [SensorSlot: [WorkEvent]], recurring: Set<String>) -> (Range<Timestamp>, WorkWindow) {
    let members = g.slots.compactMap { id($0) }
    let all = Set(members)
    let own = g.slots.flatMap { slot in (events[slot] ?? []).filter { g.window.contains($0.onset) } }
    let told = own.filter { e in !e.isOpen && id(e.slot).map { isCounted($0, among: all) } ?? false }
    let state = g.isCancelled ? "cancelled" : now < g.window.lowerBound ? "planned" : now < g.window.upperBound ? "active" : "ended"
    return (
      g.window,
      WorkWindow(
        from: iso(g.window.lowerBound), to: iso(g.window.upperBound), by: g.person, note: g.note, sensors: members.map(\.description),
        names: members.map { profiles.names($0).sensor }, state: state, recurring: recurring.contains(g.person) ? g.person : nil,
        hiddenM3: told.isEmpty ? nil : told.reduce(0) { $0 + finite($1.volume) }, largestM3h: told.map { finite($0.excess) }.max(),
        events: own.map(\.eventKey).sorted())
    )
  }

  /// Whether what the meter hid counts: the same water must not count at the meter upstream, at the zone's sum and at the register too.
  private func isCounted(_ id: SensorID, among all: Set<SensorID>) -> Bool {
    if id.quantity == .total, all.contains(id.sibling(.flow)) { return false }
    if profiles.isSum(id), let zone = profiles.zones(of: id).first(where: { $0.id == id }),
      (zone.inlets + zone.outlets).contains(where: all.contains)
    {
      return false
    }
    if profiles.isBalance(id) { return false }
    var above = profiles.parent(of: id)
    for _ in 0..<32 {
      guard let meter = above else { return true }
      if all.contains(meter) { return false }
      above = profiles.parent(of: meter)
    }
    return true
  }

  /// What recurring works will plan: windows are planned a day before they begin.
  private func forecasts(
    from: Timestamp, to: Timestamp, _ works: [(work: MizumoriSettings.RecurringWork, stored: StoredWork?)], known: Set<Planned>,
    sees: (String) -> Bool
  ) -> [(Range<Timestamp>, WorkWindow)] {
    guard from < to else { return [] }
    var out: [(Range<Timestamp>, WorkWindow)] = []
    for (work, _) in works {
      let covered = ids.enumerated().filter { sees($0.element.municipality) && work.covers($0.element) }
      for span in work.recurrence.windows(in: from..<to, profiles.calendar) where span.lowerBound >= from && !covered.isEmpty {
        let missing = covered.filter {
          !known.contains(Planned(slot: SensorSlot($0.offset), from: span.lowerBound, to: span.upperBound))
        }.map(\.element)
        guard !missing.isEmpty, out.count < WorkReader.maximumForecasts else { continue }
        out.append(
          (
            span,
            WorkWindow(
              from: iso(span.lowerBound), to: iso(span.upperBound), by: work.name, note: "", sensors: missing.map(\.description),
              names: missing.map { profiles.names($0).sensor }, state: "planned", recurring: work.name, isForecast: true)
          ))
      }
    }
    return out
  }

  // MARK: - Words

  private func summary(_ w: (work: MizumoriSettings.RecurringWork, stored: StoredWork?), _ sees: (String) -> Bool) -> RecurringWorkSummary?
  {
    let zones = w.work.zones.filter { sees(String($0.prefix { $0 != "/" })) }
    let sensors = w.work.sensors.filter { sees($0.municipality) }.map(\.description)
    guard !zones.isEmpty || !sensors.isEmpty else { return nil }
    let r = w.work.recurrence
    return RecurringWorkSummary(
      id: w.stored?.id, name: w.work.name, zones: zones, sensors: sensors, from: RecurringWorkForm.clock(r.start),
      to: RecurringWorkForm.clock((r.start + r.length) % 1440), weekdays: r.weekdays.sorted().map { RecurringWorkForm.weekdays[$0] },
      weeks: r.weeks.sorted(), days: r.days.sorted(), first: r.first.map(RecurringWorkForm.date), last: r.last.map(RecurringWorkForm.date),
      source: w.stored == nil ? "file" : "page", by: w.stored?.person)
  }

  private func iso(_ t: Timestamp) -> String { t.iso8601(offset: profiles.calendar.offset) }
  private func finite(_ v: Double) -> Double { v.isFinite ? v : 0 }
}
