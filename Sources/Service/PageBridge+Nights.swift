import Alerts
import Detection
import Readings
import Settings
import Store
import Web

/// The night flow of days.
extension PageBridge {
  func newestDay() -> Int { newestDay(engine.explainAll(directory.count)) }

  func newestDay(_ explanations: [Explanation]) -> Int {
    profiles.calendar.day(of: explanations.compactMap(\.lastTime).max() ?? Clocks.wall())
  }

  func nights(_ days: Range<Int>, by grouping: NightGrouping, municipalities: Set<String>) throws -> NightTable {
    let ids = directory.all
    let book = try nightBook(days.lowerBound - NightSeries.window..<days.upperBound)
    let slots = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, SensorSlot($0)) })
    let scape = Townscape(ids, profiles)
    func isSeen(_ municipality: String) -> Bool { municipalities.isEmpty || municipalities.contains(municipality) }
    let rows: [NightRow]
    switch grouping {
    case .zone:
      rows = scape.zones.filter { isSeen($0.municipality) && !$0.inflow.isEmpty }.map { zone in
        let name = profiles.names(zone.members[0]).zone
        return row(zone.id, zone.municipality, name, name, book.sum(zone.inflow.compactMap { slots[$0] }), days)
      }
    case .meter:
      rows = ids.filter { isSeen($0.municipality) && [.flow, .total].contains($0.quantity) }.sorted().map { id in
        let names = profiles.names(id)
        return row(id.description, id.municipality, names.sensor, names.zone, book[slots[id] ?? -1], days)
      }
    }
    let d = settings.detection
    return NightTable(days: days.map(PageBridge.date), window: "\(clock(d.nightStart))–\(clock(d.nightEnd))", rows: rows)
  }

  /// The night minima of all meters on these days.
  func nightBook(_ days: Range<Int>) throws -> NightBook {
    NightBook(
      days: days, rows: try reader.days(from: days.lowerBound, to: days.upperBound), leaks: try nightLeaks(days, slot: nil),
      frozen: try frozen(days))
  }

  func nightBook(_ slot: SensorSlot, _ days: Range<Int>) throws -> NightBook {
    NightBook(
      days: days, rows: try reader.days(slot, from: days.lowerBound, to: days.upperBound), leaks: try nightLeaks(days, slot: slot),
      frozen: try frozen(days))
  }

  /// Leaks over the nights of these days; what people said was none does not count.
  private func nightLeaks(_ days: Range<Int>, slot: SensorSlot?) throws -> [NightBook.Leak] {
    var filter = StoreReader.EventFilter()
    filter.leaksOnly = true
    filter.slot = slot
    filter.from = profiles.calendar.midnight(ofDay: days.lowerBound)
    filter.to = profiles.calendar.midnight(ofDay: days.upperBound)
    filter.limit = 10_000
    let (start, end) = (Int64(settings.detection.nightStart) * 60_000, Int64(settings.detection.nightEnd) * 60_000)
    return try reader.events(filter).compactMap { e in
      guard e.last.action != .falseAlarm, e.last.action != .acceptAsNormal else { return nil }
      // The first night that had not ended at the onset, and the last one that had begun by the close.
      let first = profiles.calendar.day(of: e.last.onset.adding(milliseconds: -end)) + 1
      let last = e.closed.map { profiles.calendar.day(of: $0.adding(milliseconds: -start - 1)) } ?? days.upperBound
      return first <= last ? NightBook.Leak(slot: e.slot, nights: first...last) : nil
    }
  }

  /// The days whose night was one of freeze mode, of a meter.
  private func frozen(_ days: Range<Int>) throws -> (SensorSlot) -> Set<Int> {
    let nights = try FrostBook(reader, profiles).nights(days)
    return { [directory] slot in directory[slot].flatMap { nights[$0.municipality] } ?? [] }
  }

  private func row(_ id: String, _ municipality: String, _ name: String, _ zone: String, _ s: NightSeries, _ days: Range<Int>) -> NightRow {
    let shown = NightSeries.window..<NightSeries.window + days.count
    return NightRow(
      id: id, municipality: municipality, name: name, zoneName: zone, values: shown.map { s.values[$0].map(rounded) },
      references: shown.map { s.reference(at: $0).map(rounded) }, frozen: shown.map { s.isFrozen[$0] })
  }

  /// `YYYY-MM-DD`
  static func date(_ day: Int) -> String {
    let d = CivilDate(daysSinceEpoch: day)
    func pad(_ n: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - "\(n)".count)) + "\(n)" }
    return "\(pad(d.year, 4))-\(pad(d.month, 2))-\(pad(d.day, 2))"
  }

  private func clock(_ minute: Int) -> String {
    func pad(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(pad(minute / 60)):\(pad(minute % 60))"
  }

  /// Thousandths of a m³/h are enough for people.
  func rounded(_ v: Double) -> Double { v.isFinite && abs(v) < 1e12 ? (v * 1000).rounded() / 1000 : 0 }
}
