import Alerts
import Detection
import Readings
import Settings
import Store
import Synchronization
import Web

/// The utility at a glance, and each meter.
extension PageBridge {
  func meters(limit: Int, after: String?, municipalities: Set<String>) throws -> ListPage<MeterSummary> {
    var ids = directory.all.enumerated().filter { municipalities.isEmpty || municipalities.contains($1.municipality) }
      .map { (slot: SensorSlot($0), id: $1, text: $1.description) }.sorted { $0.text < $1.text }
    if let after { ids.removeAll { $0.text <= after } }
    let page = ids.prefix(limit)
    let meters = try summaries(page.map { ($0.slot, $0.id) })
    return ListPage(items: meters, next: ids.count > limit ? page.last?.text : nil)
  }

  func allMeters(_ municipalities: Set<String>) throws -> [MeterSummary] {
    try meters(limit: Int.max, after: nil, municipalities: municipalities).items
  }

  private func summaries(_ meters: [(slot: SensorSlot, id: SensorID)]) throws -> [MeterSummary] {
    guard !meters.isEmpty else { return [] }
    let explanations = engine.explainAll(directory.count)
    let book = try recentNights(newestDay(explanations))
    let open = Dictionary(grouping: try openEvents(), by: \.slot)
    return meters.map { slot, id in summary(id, explanations[Int(slot)], open[slot] ?? [], book[slot]) }
  }

  func meter(_ id: String) throws -> MeterDetail? {
    guard let sensor = SensorID(id), let slot = directory.slot(of: sensor) else { return nil }
    let e = engine.explain(slot)
    var filter = StoreReader.EventFilter()
    filter.slot = slot
    filter.limit = 50
    let events = try reader.events(filter)
    filter.openOnly = true
    let open = try reader.events(filter)
    let extent = try reader.extent(slot)
    let newest = profiles.calendar.day(of: e.lastTime ?? Clocks.wall())
    let shown = newest - 59..<newest + 1
    let nights = try nightBook(slot, shown.lowerBound - NightSeries.window..<shown.upperBound)[slot]
    var detail = MeterDetail(
      meter: summary(sensor, e, open, nights), meanFlow: e.meanFlow, nightMinimum: e.nightMinimum,
      nightReference: e.nightReference, isLearningSuspended: e.isLearningSuspended,
      statistics: e.statistics.map { StatisticValue(name: $0.name, value: finite($0.value), threshold: finite($0.threshold)) },
      first: extent?.first.milliseconds, last: extent?.last.milliseconds, events: events.map(summary))
    detail.actions = try reader.actions(slot: slot, limit: 50).map { summary($0, sensor) }
    detail.feedbackFactor = e.feedbackFactor
    detail.falseAlarms = e.falseAlarms
    detail.workFrom = e.work.map { iso($0.lowerBound) }
    detail.workTo = e.work.map { iso($0.upperBound) }
    detail.card = card(sensor)
    if let status = batteries.status(slot) {
      detail.battery = status.battery
      detail.batteryTime = status.batteryTime.map(iso)
    }
    detail.nights = nights.values.suffix(shown.count).map { $0.map(rounded) }
    detail.nightDays = PageBridge.date(shown.lowerBound)
    return detail
  }

  /// - Parameter nights: those of the last weeks, the newest last.
  func summary(_ id: SensorID, _ e: Explanation, _ open: [StoredEvent], _ nights: NightSeries) -> MeterSummary {
    let names = profiles.names(id)
    let leak = open.filter { $0.last.kind.isLeak }.max { $0.last.excess < $1.last.excess }
    var meter = MeterSummary(
      id: id.description, name: names.sensor, zoneName: names.zone,
      unit: id.quantity == .total ? Quantity.flow.baseUnitName : id.quantity.baseUnitName, state: state(of: id, e, open),
      learnedDays: e.learnedDays, learningDays: e.learningDays, value: e.lastValue, time: e.lastTime.map(iso), expected: e.expected,
      low: e.low, high: e.high, event: leak.map(summary))
    meter.parent = profiles.parent(of: id)?.description
    meter.municipality = id.municipality
    meter.zone = id.zone
    meter.quantity = id.quantity.name
    meter.isNet = profiles.isSum(id)
    meter.isBalance = profiles.isBalance(id)
    meter.pressure = profiles.pressure(of: id).map(\.description)
    meter.yenPerDay = meter.event?.yenPerDay ?? 0
    guard [.flow, .total].contains(id.quantity) else { return meter }
    meter.nights = nights.values.suffix(PageBridge.shownNights).map { $0.map(rounded) }
    if let newest = nights.values.lastIndex(where: { $0 != nil }) {
      meter.night = nights.values[newest].map(rounded)
      meter.nightReference = nights.reference(at: newest).map(rounded)
    }
    return meter
  }

  /// - Parameter open: its open events.
  func state(of id: SensorID, _ e: Explanation, _ open: [StoredEvent]) -> MeterState {
    if open.contains(where: { $0.last.kind.isLeak }) { return .leak }
    if open.contains(where: { $0.last.kind == .gap }) { return .offline }
    if open.contains(where: { $0.last.kind.isHealth }) { return .attention }
    guard id.quantity == .flow else { return .normal }
    if case .learning = e.state { return .learning }
    return e.isLearningSuspended ? .attention : .normal
  }
}
