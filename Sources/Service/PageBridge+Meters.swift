import Alerts
import Detection
import Readings
import Settings
import Store
import Synchronization
import Web

/// The utility at a glance, and each meter.
extension PageBridge {
  func overview() throws -> Overview {
    let ids = directory.all
    let explanations = engine.explainAll(ids.count)
    let open = Dictionary(grouping: try openEvents(), by: \.slot)
    let meters = ids.enumerated().map { n, id in summary(id, explanations[n], open[SensorSlot(n)] ?? []) }
    var overview = Overview(
      utility: profiles.settings.utility.name, language: profiles.settings.utility.language.rawValue,
      offsetMinutes: profiles.calendar.offset / 60, version: version, isConnected: counters.isSubscribed.load(ordering: .relaxed),
      meters: meters)
    overview.notices = notices()
    return overview
  }

  func meter(_ id: String) throws -> MeterDetail? {
    guard let sensor = SensorID(id), let slot = directory.slot(of: sensor) else { return nil }
    let e = engine.explain(slot)
    var filter = StoreReader.EventFilter()
    filter.slot = slot
    filter.limit = 50
    let events = try reader.events(filter)
    let extent = try reader.extent(slot)
    var detail = MeterDetail(
      meter: summary(sensor, e, events.filter(\.isOpen)), meanFlow: e.meanFlow, nightMinimum: e.nightMinimum,
      nightReference: e.nightReference, isLearningSuspended: e.isLearningSuspended,
      statistics: e.statistics.map { StatisticValue(name: $0.name, value: finite($0.value), threshold: finite($0.threshold)) },
      first: extent?.first.milliseconds, last: extent?.last.milliseconds, events: events.map(summary))
    detail.actions = try reader.actions(slot: slot, limit: 50).map { summary($0, sensor) }
    detail.feedbackFactor = e.feedbackFactor
    detail.falseAlarms = e.falseAlarms
    detail.workFrom = e.work.map { iso($0.lowerBound) }
    detail.workTo = e.work.map { iso($0.upperBound) }
    return detail
  }

  func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries? {
    guard let sensor = SensorID(id), let slot = directory.slot(of: sensor) else { return nil }
    guard let extent = try reader.extent(slot) else { return MeterSeries(from: 0, to: 0, rows: [], events: []) }
    let end = to.map { Timestamp(milliseconds: $0) } ?? extent.last.adding(milliseconds: 1)
    let start = from.map { Timestamp(milliseconds: $0) } ?? end.adding(seconds: -7 * 86_400)
    let first = max(start, extent.first)
    let buckets =
      sensor.quantity == .total
      ? try reader.buckets(slot, from: first, to: end, points: points, register: RegisterSteps.self)
      : try reader.buckets(slot, from: first, to: end, points: points)
    let bands = engine.expectations(slot, at: buckets.map(\.time))
    var filter = StoreReader.EventFilter()
    filter.slot = slot
    filter.from = start
    filter.to = end
    return MeterSeries(
      from: start.milliseconds, to: end.milliseconds,
      rows: zip(buckets, bands).map { b, band in
        [Double(b.time.milliseconds), b.minimum, b.mean, b.maximum, band?.low, band?.expected, band?.high]
      }, events: try reader.events(filter).map(summary))
  }

  func summary(_ id: SensorID, _ e: Explanation, _ open: [StoredEvent]) -> MeterSummary {
    let names = profiles.names(id)
    let leak = open.filter { $0.last.kind.isLeak }.max { $0.last.excess < $1.last.excess }
    var meter = MeterSummary(
      id: id.description, name: names.sensor, zoneName: names.zone,
      unit: id.quantity == .total ? Quantity.flow.baseUnitName : id.quantity.baseUnitName, state: state(e, leak, open, id),
      learnedDays: e.learnedDays, learningDays: e.learningDays, value: e.lastValue, time: e.lastTime.map(iso), expected: e.expected,
      low: e.low, high: e.high, event: leak.map(summary))
    meter.parent = profiles.parent(of: id)?.description
    return meter
  }

  private func state(_ e: Explanation, _ leak: StoredEvent?, _ open: [StoredEvent], _ id: SensorID) -> MeterState {
    if leak != nil { return .leak }
    if open.contains(where: { $0.last.kind == .gap }) { return .offline }
    if open.contains(where: { $0.last.kind.isHealth }) { return .attention }
    guard id.quantity == .flow else { return .normal }
    if case .learning = e.state { return .learning }
    return e.isLearningSuspended ? .attention : .normal
  }
}
